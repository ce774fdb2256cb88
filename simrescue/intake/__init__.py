"""A scenario folder from a county's own files: workbooks and text tables as offices keep them."""
