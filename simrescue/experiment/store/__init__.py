"""Results folders: written as replications finish, sealed, read back, verified."""
