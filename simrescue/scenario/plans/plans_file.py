"""The plan library: plans by name, read from YAML into frozen records, with every fault told at once.

A plan is looked for beside the scenario (`<scenario folder>/../plans`), then in the library of the project, then in
the copy that is installed with the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simrescue.errors import Fault, PlanError, nearest
from simrescue.metrics import MEASURES
from simrescue.plans import Clause, Plan
from simrescue.scenario.files import yaml_lines
from simrescue.scenario.files.faults import Place, Spot, faults_of
from simrescue.scenario.files.yaml_lines import Lines
from simrescue.scenario.plans import static_measures  # noqa: F401 - plans can name its measures
from simrescue.wording import Words, bilingual


def load_plan(name_or_path: str | Path, folder: str | Path | None = None) -> Plan:
    """A plan by its name in the library, or by the path of its file.

    Args:
        name_or_path: name such as "hebei-2023-2027", or a path that ends in .yaml.
        folder: folder of the scenario that asks for it.

    Raises:
        PlanError: with all faults of the file at once, or with the nearest known name.
    """
    path = Path(name_or_path)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        expected = bilingual("a plan file; `{command}` makes it", command=f"simrescue plans read {path.as_posix()}")
        raise PlanError([Fault("plan", "", "", str(name_or_path), expected)])
    if path.suffix not in (".yaml", ".yml"):
        known = plan_files(folder)
        if str(name_or_path) not in known:
            raise PlanError([_unknown(str(name_or_path), known)])
        path = known[str(name_or_path)]
    return _read(path)


def load_compared(plans: Sequence[Plan], folder: str | Path | None = None) -> tuple[Plan, ...]:
    """The plans that the given ones name in `compare_with`, each once. Raises PlanError as `load_plan` does."""
    names = dict.fromkeys(name for plan in plans for name in plan.compare_with)
    return tuple(load_plan(name, folder) for name in names)


def plan_files(folder: str | Path | None = None) -> dict[str, Path]:
    """The files of the plan library by plan name, in order of name; what is nearer to the scenario comes first."""
    by_name: dict[str, Path] = {}
    for home in _homes(folder):
        if home.is_dir():
            for path in sorted(home.glob("*.yaml")):
                by_name.setdefault(path.stem, path)
    return dict(sorted(by_name.items()))


def _homes(folder: str | Path | None) -> Iterator[Path]:
    if folder is not None:
        yield Path(folder).resolve().parent / "plans"
    package = Path(str(files("simrescue")))
    yield package.parent / "scenarios" / "plans"
    yield package / "data" / "plans"


def _unknown(name: str, known: Mapping[str, Path]) -> Fault:
    # A shortened name means the plan that begins with it: by looks alone, hebei would be taken for hubei.
    hint = next((plan for plan in known if plan.startswith(name)), "") or nearest(name, known)
    expected = bilingual("the name of a plan, one of {known}", known=", ".join(known) or "-")
    return Fault("plan", "", "", name, expected, hint)


def _read(path: Path) -> Plan:
    content, lines = yaml_lines.read_file(path)
    if lines.faults:
        raise PlanError(lines.faults)
    return _plan(lines, path, sha256(content).hexdigest())


def _plan(lines: Lines, path: Path, checksum: str) -> Plan:
    def locate(place: Place) -> Spot:
        return Spot(path.name, f"line {lines.line(place)}", ".".join(str(part) for part in place))

    return plan_from(lines.data, locate, path.stem).model_copy(update={"checksum": checksum})


def plan_from(data: Any, locate: Callable[[Place], Spot], name: str) -> Plan:
    """A plan from what a file says.

    Args:
        data: keys and values as in a plan file.
        locate: where in the file a value of them stands.
        name: that it has to have.

    Raises:
        PlanError: with all faults at once.
    """
    try:
        plan = Plan.model_validate(data, context={"from_file": True}, by_alias=True, by_name=False)
    except ValidationError as error:
        raise PlanError(faults_of(error, Plan, locate)) from None
    faults = [Fault(*locate(place), value, expected, hint) for place, value, expected, hint in _slips(plan, name)]
    if faults:
        raise PlanError(faults)
    return plan


def _slips(plan: Plan, name: str) -> Iterator[tuple[Place, str | None, Words, str]]:
    """What each record cannot see by itself, as (place, value, expected, nearest known name)."""
    if plan.name != name:
        yield ("name",), plan.name, bilingual("the name of the file, {name}", name=name), ""
    if not plan.clauses:
        yield ("clauses",), None, bilingual("at least one clause"), ""
    seen: set[str] = set()
    for number, clause in enumerate(plan.clauses):
        place: Place = ("clauses", number)
        if clause.id in seen:
            yield (*place, "id"), clause.id, bilingual("each clause's id once"), ""
        seen.add(clause.id)
        is_share = bool(clause.measure) and MEASURES[clause.measure].unit == "share"
        if is_share and clause.threshold is not None and not 0 <= clause.threshold <= 1:
            yield (*place, "threshold"), f"{clause.threshold:g}", bilingual("a share from 0 to 1, or 0 % to 100 %"), ""
        if clause.document not in plan.documents:
            expected = bilingual("one of the plan's documents: {known}", known=", ".join(plan.documents))
            yield (*place, "document"), clause.document, expected, nearest(clause.document, plan.documents)


def is_static(clause: Clause) -> bool:
    """Whether the scenario alone answers the clause, without a run."""
    return bool(clause.measure) and MEASURES[clause.measure].is_static


def checksums(plans: Sequence[Plan]) -> dict[str, Any]:
    """Checksum of each plan by name, for the manifest of a run."""
    return {plan.name: plan.checksum for plan in plans}
