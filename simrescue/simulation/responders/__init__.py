"""Crews on the ground and in the air, and what they do when they are sent."""
