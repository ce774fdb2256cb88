"""What a module of the user registers is known in worker processes too; what a script registered is an error there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simrescue import load, load_plan, read_results, run
from simrescue.dispatch import POLICIES, forget, registered
from simrescue.metrics import MEASURES
from simrescue.metrics.base import forget as forget_measure
from simrescue.metrics.recorded import Figure
from simrescue.metrics.recorded import forget as forget_figure
from simrescue.metrics.recorded import registered as registered_figure
from tests.extension.door import SCENARIOS
from tests.extension.test_measure import PLAN
from tests.extension.test_policy import FRAIL_FIRST

MODULE = """
from simrescue.dispatch import Policy, register
from simrescue.dispatch.nearest import nearest_qualified
from simrescue.metrics import Measure, TimedWithin
from simrescue.metrics import register as register_measure
from simrescue.metrics.recorded import Figure
from simrescue.metrics.recorded import register as register_figure
from simrescue.wording import Words

def last_come(request):
    return (-request.opened_h, request.number)

def halved(log, facts, settings):
    return 0.5

def halfway(log, facts, at_h, place):
    return 12.5

register_figure(Figure("half_of_all", "persons", halfway))
register(Policy("last-come", Words("last come, first served", "后到先办"), last_come, nearest_qualified))
register_measure(Measure("share_persons_answered", Words("half", "一半"), "share", TimedWithin, halved))
"""


ENTRY = {"what": "half", "metric": "half_of_all", "value": 13, "source": "made up"}


def test_a_module_that_registers_is_imported_by_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_county_rules.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "toy.yaml").write_text(PLAN[: PLAN.index("  - {id: P2")], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    __import__("my_county_rules")
    try:
        scenario, plan = (
            load(SCENARIOS / "tiny-flood", sets={"command.policy": "last-come", "history": [ENTRY]}),
            load_plan(tmp_path / "toy.yaml"),
        )
        for workers in (1, 2):
            run(scenario, [plan], replications=2, workers=workers, out=tmp_path / str(workers))
        one, two = (read_results(tmp_path / name) for name in ("1", "2"))
        assert one.responses.equals(two.responses)
        assert two.clauses["value"].tolist() == [0.5, 0.5]
        assert two.recorded["median"].tolist() == [12.5]
    finally:
        forget("last-come")
        forget_measure("share_persons_answered")
        forget_figure("half_of_all")
        del sys.modules["my_county_rules"]
    assert "last-come" not in POLICIES
    assert "share_persons_answered" not in MEASURES


def test_what_no_module_registers_is_told_by_the_worker(tmp_path: Path) -> None:
    with registered(FRAIL_FIRST._replace(name="of-a-script")):
        scenario = load(SCENARIOS / "tiny-flood", sets={"command.policy": "of-a-script"})
        with pytest.raises(ValueError, match="policy of-a-script: not registered in this worker"):
            run(scenario, replications=2, workers=2, out=tmp_path / "out")


def test_a_figure_travels_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else of its module is named: only the record of the scenario asks for it."""
    (tmp_path / "my_county_record.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = __import__("my_county_record")
    try:
        scenario = load(SCENARIOS / "tiny-flood", sets={"history": [ENTRY]})
        run(scenario, [], replications=2, workers=2, out=tmp_path / "out")
        assert read_results(tmp_path / "out").recorded["median"].tolist() == [12.5]
    finally:
        forget("last-come")
        forget_measure("share_persons_answered")
        forget_figure("half_of_all")
        del sys.modules[module.__name__]
    with registered_figure(Figure("half_of_all", "persons", lambda log, facts, at_h, place: 1.0)):
        scenario = load(SCENARIOS / "tiny-flood", sets={"history": [ENTRY]})
        with pytest.raises(ValueError, match="figure half_of_all: not registered in this worker"):
            run(scenario, [], replications=2, workers=2, out=tmp_path / "script")
