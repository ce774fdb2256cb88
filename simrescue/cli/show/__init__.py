"""What the commands of several shelves print with: tables, verdicts, bounds, progress and data as JSON."""
