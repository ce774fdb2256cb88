"""Fire danger of a day: the Canadian Fire Weather Index System, and the grades I to V of a table."""
