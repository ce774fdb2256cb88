"""How long a run goes on. The command line tells it in its help, which loads no library."""

MOST = 60
"""Replications after which a run ends though obligations are open."""
FIRST_LOOK = 4
"""Replications before a verdict is told: fewer settle nothing that needs 90 %."""
