"""The seal of a results folder: size and SHA-256 of every file stand in its manifest, which is sealed itself.

A sum is `{"bytes": 1234, "sha256": "..."}`; names are relative to the folder, with `/`. What is to take the place of
other files lies under `parts/` by the same name until the manifest names it: that moment makes it valid, and whoever
opens the folder for writing next brings it to its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from simrescue.errors import ResultsError
from simrescue.wording import bilingual

PARTS_FOLDER = "parts"
"""Folder of what is not yet in its place."""
Sum = dict[str, Any]
Sums = Mapping[str, Sum]


def sum_of(content: bytes) -> Sum:
    """Size and checksum of some bytes."""
    return {"bytes": len(content), "sha256": sha256(content).hexdigest()}


def sum_of_file(path: Path) -> Sum:
    """Size and checksum of a file. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        return {"bytes": file.tell(), "sha256": digest}


def fits(path: Path, wanted: Sum) -> bool:
    """Whether a file is there with just these bytes."""
    try:
        return bool(path.stat().st_size == wanted.get("bytes") and sum_of_file(path) == wanted)
    except OSError:
        return False


def digest(content: Any) -> str:
    """SHA-256 of data that JSON can hold, whatever the order of its keys."""
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its own checksum as `seal`."""
    bare = {name: value for name, value in content.items() if name != "seal"}
    return bare | {"seal": digest(bare)}


def is_whole(content: Mapping[str, Any]) -> bool:
    """Whether the content is as it was sealed."""
    return bool(sealed(content)["seal"] == content.get("seal"))


def find(folder: Path, name: str, wanted: Sum) -> Path | None:
    """The file of a name with the bytes wanted: in its place, or on the way there; None: it is lost or damaged."""
    return next((path for path in (folder / name, folder / PARTS_FOLDER / name) if fits(path, wanted)), None)


class Sealed:
    """The files of a folder, each checked when it is first asked for; without `sums` nothing can be checked."""

    def __init__(self, folder: Path, sums: Sums | None, heal: Callable[[], str]) -> None:
        """`heal`: the command that mends the folder, for the message."""
        self._folder, self._sums, self._heal = folder, sums, heal
        self._found: dict[str, Path] = {}

    def path(self, name: str) -> Path:
        """Where the file lies. Raises ResultsError: it is missing, damaged, or not of this run."""
        if self._sums is None:
            return self._folder / name
        if name not in self._found:
            path = self._folder / name
            wanted = self._sums.get(name)
            if wanted is None:
                raise ResultsError(bilingual("{path} is not there: the manifest does not name it", path=path))
            found = find(self._folder, name, wanted)
            if found is None:
                told = bilingual("{path} is missing; `{command}` computes it again", path=path, command=self._heal())
                if path.exists():
                    told = bilingual(
                        "{path} is damaged (its bytes are not those that were written); `{command}` computes it again",
                        path=path, command=self._heal(),
                    )  # fmt: skip
                raise ResultsError(told)
            self._found[name] = found
        return self._found[name]
