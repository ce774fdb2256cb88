"""What happened to a place or a responder, as sentences."""
