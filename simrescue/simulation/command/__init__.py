"""Command: open requests, who may serve them, decisions, calls, and what is wanted at fires."""
