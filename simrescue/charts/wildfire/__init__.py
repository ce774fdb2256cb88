"""Charts of forest fires."""
