"""Replications of one scenario: run here or on several processes, and judged."""
