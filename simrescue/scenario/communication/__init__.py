"""What carries the messages of a scenario: who is covered by which channel, and what feeds it."""
