"""The words of the local pages, English and Chinese."""

from __future__ import annotations

from simrescue.wording import bilingual, bilingual_as

OTHER_LANGUAGE = bilingual("English")[::-1]
"""What the switch says: the name of the language that is not shown, in that language."""

WORDS: dict[str, tuple[str, str]] = {
    "stored_runs": bilingual("Stored runs"),
    "language": OTHER_LANGUAGE,
    "other": ("zh", "en"),
    "search": bilingual("Name contains"),
    "verdict": bilingual("Obligations"),
    "filter": bilingual_as("list of runs", "Show"),
    "all": bilingual("all"),
    "any_not_met": bilingual("some not met"),
    "any_undecided": bilingual("some undecided"),
    "all_met": bilingual("all met"),
    "damaged": bilingual("damaged"),
    "cut_short": bilingual("cut short"),
    "run": bilingual("Run"),
    "sweep": bilingual("experiment"),
    "scenario": bilingual("Scenario"),
    "hazard": bilingual("Hazard"),
    "replications": bilingual("Replications"),
    "seed": bilingual("Seed"),
    "ended": bilingual("Ended (UTC)"),
    "open": bilingual("Open"),
    "compare": bilingual("Compare"),
    "compare_two": bilingual("Compare two runs"),
    "first": bilingual("First"),
    "second": bilingual("Second"),
    "none": bilingual("There is no run here that fits."),
    "met": bilingual("met"),
    "not met": bilingual("not met"),
    "undecided": bilingual_as("list of runs", "undecided"),
    "not measured": bilingual_as("list of runs", "not measured"),
    "clause": bilingual("Clause"),
    "plan": bilingual("Plan"),
    "estimate": bilingual("Held in, or value"),
    "decided": bilingual("Verdict"),
    "required": bilingual("Required"),
    "obligation": bilingual("obligation"),
    "comparison": bilingual("comparison"),
    "report": bilingual("Report"),
    "replay": bilingual_as("list of runs", "Replay"),
    "median": bilingual("middle course"),
    "worst": bilingual("worst course"),
    "course": bilingual("replication"),
    "back": bilingual("All runs"),
    "measure": bilingual("Median over replications"),
    "problem": bilingual("Cannot be shown"),
    "no_verdicts": bilingual("No verdicts: the run was cut short."),
    "waiting": bilingual("Building a page can take some seconds."),
    "affected": bilingual("people affected"),
    "moved_before_impact": bilingual("moved before impact"),
    "trapped": bilingual("trapped"),
    "rescued": bilingual_as("list of runs", "rescued"),
    "died": bilingual_as("list of runs", "deaths"),
    "share_relieved_10h": bilingual("relieved within 10 h"),
    "relief_p95_h": bilingual("relief of 95 %, hours"),
    "late_person_h": bilingual("late person-hours"),
    "burned_ha": bilingual("burned, ha"),
}
MEASURES = (
    "affected", "moved_before_impact", "trapped", "rescued", "died", "share_relieved_10h", "relief_p95_h",
    "late_person_h", "burned_ha",
)  # fmt: skip
"""Metrics set side by side, where a run has them."""
