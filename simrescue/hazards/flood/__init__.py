"""The flood: levels by place and hour, and what depth and speed of water do."""
