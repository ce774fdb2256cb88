"""Tested causes of a stored run: `causes.csv` beside its tables, written once and read by whoever shows the run.

    rows = tested_causes(results, "hebei-2023-2027/T01a")     the strongest first; none: nobody has tested
    rows = find_causes(results, ["hebei-2023-2027/T01a"])        tests what is not there yet

The scenario is loaded from its folder, as the run's manifest tells; it must be as it was. Replications of the run
itself are taken as they are stored and not made again, as long as the program is the one that made them.

Most who come here only read: what runs replications is imported where causes are tested.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.errors import FaultsError, ResultsError
from simrescue.experiment.analysis.distance import Reached
from simrescue.experiment.store.csv_cells import as_csv, read_csv
from simrescue.experiment.store.manifest import code_checksum
from simrescue.experiment.store.replication_result import RESULT_TABLES, ReplicationResult
from simrescue.experiment.store.seal import digest
from simrescue.experiment.store.whole_files import FolderLock, write_whole
from simrescue.experiment.studies.causes.evidence import CONFIRMED
from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.design.points import Point
    from simrescue.experiment.store.stored_results import Results
    from simrescue.experiment.studies.causes.tested import TestedClause
    from simrescue.experiment.studies.oracle import SamplingOracle
    from simrescue.plans import Line
    from simrescue.scenario.records import Scenario

CAUSES_FILE = "causes.csv"
BUDGET = 150
"""Replications to spend, if nobody says otherwise."""
MINUTES = 10.0
"""Minutes after which no further cause is begun, if nobody says otherwise."""


class KeptEffect(NamedTuple):
    """What lifting one cause, or several together, did to one clause; a row of causes.csv."""

    clause: str
    """`plan/clause`."""
    cause: str
    """Ids of its causes with + between them; `all`: every cause there is."""
    words: str
    """What is so when it is lifted, to follow "with"."""
    words_zh: str
    causes: int
    """How many they are; 0: nothing is lifted, it is a what-if for the worse."""
    pairs: int
    """Pairs of replications, with it and without."""
    before: float
    """Mean value of the clause in these pairs as things are, in the unit of its measure."""
    after: float
    """Mean value with the cause lifted."""
    counted_before: float
    """How many the clause counts as things are (people, requests, ...), by what its value is a part of: the mean of
    these pairs; nan where it is no part of a whole."""
    counted_after: float
    """How many it counts with the cause lifted."""
    comparison: str
    """Of the clause: at_least, at_most or below."""
    gained: float
    """Mean of the differences in `unit`, upwards where they go towards the promise: how many fewer are left out, else
    `after` less `before`, or the reverse."""
    gained_low: float
    """With `gained_high` its paired-t interval at 99 %; infinite below eight pairs."""
    gained_high: float
    unit: str
    """Of what is gained: what is counted ("persons", "needs", ...), or that of the value ("h", ...)."""
    better: int
    """Pairs that move towards the promise."""
    worse: int
    broken: int
    """Pairs in which the clause is broken as things are; 0: no cause can show."""
    p: float
    """Chance of such a split, or a clearer one, if the cause does nothing."""
    seed: int
    spent: int
    """Replications that the whole test took."""
    cpu_s: float
    """Seconds of CPU of those of them that were run; what was remembered cost nothing again."""
    whole: bool
    """Whether more replications would be spent on nothing."""
    budget: int
    """Replications that it might have taken."""
    minutes: float
    """Minutes after which time ended the test; infinite: it did not."""
    made_from: str
    """Checksum of scenario, plans, seed and program."""

    @property
    def told(self) -> Words:
        """What is so when it is lifted, in both languages."""
        return Words(self.words, self.words_zh)

    @property
    def is_shown(self) -> bool:
        """Whether it was shown to move the value towards the promise."""
        return self.gained_low > 0


_TEXTS = ("clause", "cause", "words", "words_zh", "comparison", "unit", "made_from")
_GAPS = {name: [""] for name in KeptEffect._fields if name not in _TEXTS}


def tested_causes(results: Results, clause: str | None) -> list[KeptEffect]:
    """What tests of causes have found, from the results folder alone.

    Args:
        results: the run.
        clause: `plan/clause`; None: of all clauses.

    Returns:
        The strongest first, clause by clause; nothing where none were tested, or with another scenario or program.
    """
    return [row for row in _kept(results) if clause in (None, row.clause)]


def broken(results: Results) -> list[str]:
    """Keys of the obligations that are not met: those that `explain` tests causes of by itself."""
    table = results.verdicts
    rows = table[(table["kind"] == "obligation") & (table["replications"] > 0)]
    kept = rows[(rows["verdict"] == "not met") | ((rows["verdict"] == "undecided") & (rows["estimate"] < 1))]
    return [f"{row['plan']}/{row['clause']}" for row in kept.to_dict("records")]


def find_causes(
    results: Results,
    clauses: Sequence[str],
    oracle: SamplingOracle | None = None,
    hours: Mapping[str, float] | None = None,
    minutes: float = MINUTES,
) -> list[KeptEffect]:
    """Test the causes of clauses of a stored run, and keep what was found beside it.

    Args:
        results: the run.
        clauses: `plan/clause` of each; those that are kept already are not tested again, unless the budget is larger
            now and was too small then.
        oracle: runs the replications, with the seed and the plans of the run (`oracle_of`); None: in this process.
        hours: person-hours by bin of the account of waiting, which says what is tried first.
        minutes: after so many no further cause is begun.

    Raises:
        ResultsError: where the scenario is not to be found as it was run, or another process writes the folder.
    """
    asked_for = oracle or oracle_of(results)
    budget = BUDGET if asked_for.budget is None else asked_for.budget
    if _missing(_kept(results), clauses, budget):
        _test_missing(results, clauses, asked_for, budget, hours, minutes)
    return [row for row in _kept(results) if row.clause in clauses]


def _missing(kept: Sequence[KeptEffect], clauses: Sequence[str], budget: int) -> list[str]:
    """Clauses that are not kept, or of whose test a budget would go on."""
    enough = {row.clause for row in kept if row.whole or (row.budget >= budget and math.isinf(row.minutes))}
    return [key for key in clauses if key not in enough]


def _test_missing(
    results: Results, clauses: Sequence[str], asked_for: SamplingOracle, budget: int,
    hours: Mapping[str, float] | None, minutes: float,
) -> None:  # fmt: skip
    """Test what is missing, with the folder to itself: of two at once the later one makes nothing twice."""
    from simrescue.experiment.replications.packed_job import clause_key
    from simrescue.experiment.studies.causes.lifted import causes_of, what_ifs_of
    from simrescue.experiment.studies.causes.tested import lift_causes

    lock = FolderLock(results.path)
    try:
        kept = _kept(results)
        missing = _missing(kept, clauses, budget)
        if not missing:
            return
        scenario, base = _as_it_was(results)
        lines = [line for line in _measured(scenario, asked_for) if clause_key(line) in missing]
        asked_for.order = spread_order(results, missing)
        if manifest_is_ours(results):
            asked_for.know(base, _stored(results))
        found = lift_causes(
            base,
            causes_of(scenario),
            lines,
            asked_for,
            hours,
            minutes,
            never=scenario.settings.duration_h,
            what_ifs=what_ifs_of(scenario),
        )
        told = {"seed": asked_for.seed, "spent": asked_for.spent, "cpu_s": round(asked_for.cpu_s, 1),
                "whole": found.is_whole, "budget": budget,
                "minutes": minutes if found.timed_out else math.inf, "made_from": made_from(results)}  # fmt: skip
        new = [row for one in found.clauses for row in _rows(one, told)]
        rows = [row._asdict() for row in (*(row for row in kept if row.clause not in missing), *new)]
        write_whole(results.path / CAUSES_FILE, as_csv(KeptEffect._fields, rows))
    finally:
        lock.release()


def spread_order(results: Results, clauses: Sequence[str]) -> list[int]:
    """The replications of a run in the order in which causes are tested on them.

    First come those that put most of the clauses to the test: where a village is reached by fire in every fourth
    replication, three of four say nothing of its warning. `CONFIRMED` of them, spread evenly from the worst to the
    best, so that what is tested stands for the run, and the worst first: where nothing is broken no cause can show.

    Args:
        results: the run.
        clauses: `plan/clause` of each that is tested.

    Returns:
        Each replication of the run once; in their own order where they have a gap.
    """
    table = results.clauses[results.clauses["clause"].isin(list(clauses))]
    values = table.pivot_table("value", "replication", "clause", dropna=False, observed=True)
    every = sorted(set(results.clauses["replication"].tolist()))
    if every != list(range(len(every))):
        return []
    verdicts = results.verdicts
    upwards = {f"{row['plan']}/{row['clause']}": row["comparison"] == "at_least" for row in verdicts.to_dict("records")}
    ranks = values.apply(lambda column: column.rank(ascending=upwards.get(str(column.name), True), pct=True))
    tested, place = ranks.notna().sum(axis=1).to_dict(), ranks.mean(axis=1).to_dict()
    some: list[int] = []
    for count in sorted(set(tested.values()) - {0}, reverse=True):
        if len(some) < CONFIRMED:
            some += [number for number in every if tested.get(number, 0) == count]
    some.sort(key=lambda number: (place[number], number))
    if len(some) > CONFIRMED:
        some = [some[int((at + 0.5) * len(some) / CONFIRMED)] for at in range(CONFIRMED)]
    return some + [number for number in every if number not in set(some)]


def oracle_of(results: Results, **how: Any) -> SamplingOracle:
    """What runs replications like those of a stored run: its seed and its plans.

    Args:
        results: the run.
        how: `workers`, `budget`, `progress` and `store`, as `SamplingOracle` takes them.
    """
    from simrescue.experiment.studies.oracle import SamplingOracle

    words = [*_words(results)]
    plans = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "--plan"]
    return SamplingOracle(int(results.manifest["seed"]), plans or None, **{"budget": BUDGET, **how})


def manifest_is_ours(results: Results) -> bool:
    """Whether this program made the run, so that its replications can stand beside new ones."""
    return bool(results.manifest.get("code") == code_checksum())


def outdated_told(results: Results, clause: str | None = None) -> Words:
    """That causes are kept which hold no more, and how to have them tested again; empty where there are none.

    Args:
        results: the run.
        clause: `plan/clause`; None: any.
    """
    table = _table(results)
    if table is None or tested_causes(results, clause):
        return Words("", "")
    if clause is not None and "clause" in table and clause not in set(table["clause"]):
        return Words("", "")
    return bilingual(
        "Causes were tested by another version of the program, or for another run, and hold no more "
        "({file}); `{command}` tests them again.",
        file=CAUSES_FILE, command=f"simrescue explain {shlex.quote(results.path.as_posix())}",
    )  # fmt: skip


def _table(results: Results) -> pd.DataFrame | None:
    """What is kept, of whatever version; None where nothing is."""
    try:
        table = read_csv(results.path / CAUSES_FILE, _GAPS)
    except FileNotFoundError:
        return None
    return table if len(table) else None


def _kept(results: Results) -> list[KeptEffect]:
    table = _table(results)
    if table is None or list(table.columns) != list(KeptEffect._fields):
        return []
    current = made_from(results)
    rows = [KeptEffect(*row) for row in table.itertuples(index=False)]
    return [row._replace(whole=bool(row.whole)) for row in rows if row.made_from == current]


def made_from(results: Results) -> str:
    """What tested causes of a run hold for: checksum of its scenario, plans and seed and of this program."""
    manifest = results.manifest
    parts = [manifest["scenario"]["checksum"], manifest.get("plans"), manifest["seed"], code_checksum()]
    return digest(parts)[:16]


def _words(results: Results) -> Sequence[str]:
    words = (results.manifest.get("command") or {}).get("words", ())
    return words if len(words) > 2 else ()


def _as_it_was(results: Results) -> tuple[Scenario, Point]:
    """The scenario of a run, loaded again, and its point. Raises ResultsError where it is another one, or gone."""
    from simrescue.experiment.design.points import point
    from simrescue.scenario.load import load

    told, words = results.manifest["scenario"], _words(results)
    folder = Path(words[2] if words else f"scenarios/{told['name']}")
    if not folder.exists() and words:
        folder = Path(results.manifest["command"].get("folder", "")) / folder
    try:
        plain = load(folder, told["variant"])
        own = {path: value for path, value in told["applied"].items() if plain.applied.get(path, ...) != value}
        scenario = load(folder, told["variant"], own) if own else plain
    except FaultsError as error:
        raise ResultsError(_gone(results, folder)) from error
    if scenario.checksum != told["checksum"]:
        raise ResultsError(_gone(results, folder))
    return scenario, point(folder, told["variant"], own)


def _gone(results: Results, folder: Path) -> Words:
    return bilingual(
        "{folder} is not the scenario that {results} was run with (changed since, or gone): "
        "run it again to have its causes tested",
        folder=folder, results=results.path,
    )  # fmt: skip


def _measured(scenario: Scenario, oracle: SamplingOracle) -> list[Line]:
    from simrescue.experiment.replications.packed_job import is_run
    from simrescue.experiment.replications.runner import clause_lines
    from simrescue.experiment.replications.verdict_rows import is_measured

    lines = clause_lines(scenario, oracle.plans)
    return [line for line in lines if is_run(line) and is_measured(line, scenario)]


def _stored(results: Results) -> list[ReplicationResult]:
    """The replications of the run with their clauses, from 0 on; their tables are not needed."""
    from simrescue.experiment.store.sweep_store import ALWAYS_KEPT

    empty: dict[str, Any] = {name: {} for name in RESULT_TABLES if name not in ALWAYS_KEPT}
    found = []
    for number, rows in results.clauses.groupby("replication", sort=True):
        ids, came = rows["clause"].tolist(), [column.tolist() for column in Reached.of(rows)]
        held = list(zip(ids, came[0], rows["holds"].tolist(), strict=True))
        reached = list(zip(ids, *came[1:-1], strict=True))  # without their number
        result = ReplicationResult(int(str(number)), log=None, scalars={}, clauses=held, **empty)
        found.append(result._replace(reached=reached))
    return found


def _rows(tested: TestedClause, told: Mapping[str, Any]) -> list[KeptEffect]:
    from simrescue.experiment.replications.packed_job import clause_key

    key, comparison = clause_key(tested.line), tested.line.clause.comparison
    return [
        KeptEffect(
            key, one.id, one.words.en, one.words.zh, one.causes, effect.gained.n, effect.before, effect.after,
            effect.counted_before, effect.counted_after, comparison, effect.gained.estimate, effect.gained.low,
            effect.gained.high, effect.unit, effect.better, effect.worse, effect.broken, effect.p, **told,
        )
        for one, effect in tested.effects
    ]  # fmt: skip
