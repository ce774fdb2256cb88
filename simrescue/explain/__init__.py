"""Why late: every minute between the start of a clock and its end put in one named bin, from event logs alone.

    reasons = explain(log, facts, "share_relieved", {"limit_h": 10.0})      one clause of one replication
    found = explain_results(read_results("results/zhuozhou-2023"))           all clauses of a stored run
    story(log, things_of(results.things), index, start)                      what happened to a place or a responder

What each bin means, and how a chain is walked back, is told in docs/explain.md.
"""

from simrescue.explain.bins import BINS, Bin
from simrescue.explain.clauses import EXPLAINED, explain
from simrescue.explain.reasons import Case, Piece, Reasons
from simrescue.explain.stored import Explained, explain_results, facts_of
from simrescue.explain.story import Sentence, Things, story, things_of

__all__ = [
    "BINS",
    "EXPLAINED",
    "Bin",
    "Case",
    "Explained",
    "Piece",
    "Reasons",
    "Sentence",
    "Things",
    "explain",
    "explain_results",
    "facts_of",
    "story",
    "things_of",
]
