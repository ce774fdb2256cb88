"""Walking back through a log: rows, chains of causes, and the bins that time falls into."""
