"""The replay: one course of events on a map, as a page that opens from disk.

    write(results, which(results, "median"), Path("replay.html"))

The page is made from the results folder alone: its things and roads, one event log, its manifest. Nothing is fetched
when it is looked at. What ways responders took is not stored; `tracks` finds them again.
"""

from simrescue.report.replay.choice import which
from simrescue.report.replay.page import page, write

__all__ = ["page", "which", "write"]
