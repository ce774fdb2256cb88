"""Roads and coordinates of a county's own files; needs the extra `gis`."""
