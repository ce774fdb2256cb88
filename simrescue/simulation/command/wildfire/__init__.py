"""Command at fires: what is wanted there, who is sent, held back or divided among several."""
