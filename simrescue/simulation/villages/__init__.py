"""A village, its houses, its people and what endangers them."""
