"""A page of this computer only that lists stored runs, sets two side by side, and opens their reports and replays.

    with make_server(Path("results"), 8765) as server:
        server.serve_forever()

It reads the store and writes nothing into it.
"""

from simrescue.report.local.server import make_server
from simrescue.report.local.shelf import Stored, stored_runs

__all__ = ["Stored", "make_server", "stored_runs"]
