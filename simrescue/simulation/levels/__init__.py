"""Response levels by rule: what triggers them, who declares them and when, and what they order."""
