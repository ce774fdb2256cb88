"""constraints.txt is a whole, plain set of versions that pyproject.toml allows, and both README commands use it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[2]
LINES = [
    line for line in (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")
]
VERSIONS = {canonicalize_name(name): version for name, version in (line.split("==") for line in LINES)}


def required() -> list[Requirement]:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    names = [*project["dependencies"], *extras["test"], *extras["dev"], *extras["browser"], *extras["gis"]]
    return [need for need in map(Requirement, names) if need.name != "simrescue"]


def test_holds_versions_only() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in LINES)


def test_every_requirement_has_a_version_that_is_allowed() -> None:
    wrong = [
        str(need) for need in required() if VERSIONS.get(canonicalize_name(need.name), "none") not in need.specifier
    ]
    assert not wrong


def test_both_readme_commands_install_the_tested_set() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"<!-- ci: \w+ -->\n```bash\n(.*?)\n```", readme, re.DOTALL)
    assert len(commands) == 2
    assert all("pip install -q -c constraints.txt " in command for command in commands)
