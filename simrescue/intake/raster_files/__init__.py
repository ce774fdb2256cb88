"""Rasters of a county: depth of the flood by hour, and heights of the ground."""
