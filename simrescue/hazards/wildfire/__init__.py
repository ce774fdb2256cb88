"""The forest fire: ground and weather, spread, and the work against it."""
