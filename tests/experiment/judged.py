"""A copy of the tiny flood with a small plan of its own, whose clauses can be met, missed and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

SCENARIOS = Path(__file__).parents[2] / "scenarios"

PLAN = """\
name: small-plan
title: A small plan
title_zh: 小预案
jurisdiction: Yunhe
jurisdiction_zh: 云禾
documents:
  paper: {title: A paper, title_zh: 文件, date: "2024-01-01"}
clauses:
  - id: S1
    kind: obligation
    name: Most boats come soon
    name_zh: 多数舟艇及时到场
    text_zh: 多数舟艇及时到场
    document: paper
    year: 2023
    measure: share_responded
    settings: {limit: 12 h, kinds: [boat]}
    threshold: 30 %
    reliability: 60 %
    confidence: 80 %
  - id: S2
    kind: obligation
    name: Relief within 10 h for three in five
    name_zh: 六成群众10小时内得到救助
    text_zh: 六成群众10小时内得到救助
    document: paper
    year: 2023
    measure: share_relieved
    settings: {limit: 10 h, clock: village_impact}
    threshold: 60 %
    reliability: 60 %
    confidence: 80 %
  - id: S3
    kind: obligation
    name: Nobody waits
    name_zh: 无人等待
    text_zh: 无人等待
    document: paper
    year: 2023
    measure: share_relieved
    settings: {limit: 1 min, clock: scenario_onset}
    threshold: 100 %
    confidence: 80 %
  - id: S4
    kind: reading
    name: All boats come soon
    name_zh: 全部舟艇及时到场
    text_zh: 全部舟艇及时到场
    document: paper
    year: 2023
    measure: share_responded
    settings: {limit: 24 h, kinds: [boat]}
    threshold: 100 %
"""


def judged(home: Path) -> Path:
    """The folder of the scenario, with the plan beside it where it is looked for."""
    folder = home / "scenarios" / "tiny-flood"
    shutil.copytree(SCENARIOS / "tiny-flood", folder)
    plans = folder.parent / "plans"
    plans.mkdir()
    (plans / "small-plan.yaml").write_text(PLAN, encoding="utf-8")
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    (folder / "scenario.yaml").write_text(text.replace("plan: hebei-2023-2027", "plan: small-plan"), encoding="utf-8")
    return folder
