"""Depth of water by hour from rasters: read slice by slice at places and along roads."""
