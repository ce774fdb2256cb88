"""Roads as they are and as command knows them."""
