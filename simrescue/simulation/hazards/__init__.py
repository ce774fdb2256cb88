"""Hazards as processes: what they change at places and on roads, and how fires are found."""
