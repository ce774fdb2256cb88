"""The pre-flight of forces: responders, who is ready for what a plan promises, and who takes the calls."""
