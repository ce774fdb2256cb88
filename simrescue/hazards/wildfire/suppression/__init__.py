"""The work against a fire: line, drops, mop-up, and the danger to crews."""
