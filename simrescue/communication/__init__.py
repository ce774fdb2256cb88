"""Who tells whom what: messages, the channels that carry them, the posts through whose hands they go."""
