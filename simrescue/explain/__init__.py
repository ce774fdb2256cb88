"""Why late: every minute between the start of a clock and its end put in one named bin, from event logs alone.

    reasons = explain(log, facts, "share_relieved", {"limit_h": 10.0})      one clause of one replication
    found = explain_results(read_results("results/zhuozhou-2023"))           all clauses of a stored run
    story(log, things_of(results.things), index, start)                      what happened to a place or a responder

What each bin means, and how a chain is walked back, is told in docs/explain.md.
"""

from simrescue.explain.clauses import CASE_FINDERS, explain, is_explained
from simrescue.explain.critical_path.bins import BINS, Bin
from simrescue.explain.critical_path.cases import Case, Piece, Reasons
from simrescue.explain.stored import (
    Explained,
    Promise,
    chosen,
    explain_results,
    facts_of,
    reason_rows,
    reasons_of,
    replications_of,
    settings_of,
    start_of,
)
from simrescue.explain.stories.naming import Names, Things, things_of
from simrescue.explain.stories.rendering import Sentence
from simrescue.explain.stories.story import Stories, story

__all__ = [
    "BINS",
    "CASE_FINDERS",
    "Bin",
    "Case",
    "Explained",
    "Names",
    "Piece",
    "Promise",
    "Reasons",
    "Sentence",
    "Stories",
    "Things",
    "chosen",
    "explain",
    "explain_results",
    "facts_of",
    "is_explained",
    "reason_rows",
    "reasons_of",
    "replications_of",
    "settings_of",
    "start_of",
    "story",
    "things_of",
]
