"""The pre-flight of hazards: what a flood or a fire of the files will do, and what it cannot."""
