"""A county's workbooks and text tables as sheets of text, read within bounds."""
