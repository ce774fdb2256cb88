"""The ground that burns and the weather over it."""
