"""What townships are called in both languages, since a scenario names each once, in one language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simrescue.units import AS_WRITTEN
from simrescue.wording import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_SEAT_ZH = re.compile("".join(f"({'|'.join(words)})?" for words in AS_WRITTEN["township"].values()) + "$")
_SEAT_EN = re.compile(r"( town(ship)?| subdistrict)?( office| government| hall)?$", re.IGNORECASE)


def township_names(townships: Iterable[str], things: pd.DataFrame) -> dict[str, Words]:
    """Township, as the scenario has it -> its name in English and Chinese; empty in a language where none is known.

    In the language in which the scenario does not name it, a township has the name of its seat: the first of all
    things that is called like it.

    Args:
        townships: as the scenario has them; empty ones are left out.
        things: the table of things, with the columns `name` and `name_zh`.
    """
    names = {name: Words(name, "") if name.isascii() else Words("", name) for name in townships if name}
    by_stem = {_stem(name): name for name in names}
    for english, chinese in zip(things["name"], things["name_zh"], strict=True):
        for own, other in ((english, chinese), (chinese, english)):
            township = by_stem.get(_stem(own), "")
            if not township or township.isascii() != own.isascii() or not other or other.isascii() == own.isascii():
                continue
            known = names[township]
            names[township] = Words(known.en or _stem(other), known.zh or _stem(other))
    return names


def _stem(name: str) -> str:
    """A name without what a place adds to that of the township that it is the seat of."""
    return _SEAT_EN.sub("", name) if name.isascii() else _SEAT_ZH.sub("", name)
