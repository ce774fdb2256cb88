"""How a fire's front moves, jumps by embers, and reaches places."""
