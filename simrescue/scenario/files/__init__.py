"""The files of a scenario folder: read, overridden, and their faults told where they stand."""
