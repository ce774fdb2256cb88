"""What a package buys, in words: its changes by name where they are few, else by what they are of."""

from __future__ import annotations

from collections.abc import Sequence

from simrescue.experiment.studies.changes import Change, section_of
from simrescue.kinds import KINDS
from simrescue.wording import ITEMS, Words, bilingual, bilingual_as, listed

NAMED = 4
"""Changes of one package that are named each by itself."""
SECTIONS = {
    "depots": bilingual("stock and docks"),
    "shelters": bilingual("goods in shelters"),
    "relief": bilingual("goods sent unasked"),
    "landing_sites": bilingual("new landing sites"),
    "roads": bilingual("roads kept above the water"),
    "warning": bilingual("earlier orders and call-outs"),
    "command": bilingual("faster news"),
    "hazard": bilingual("rules for the fire"),
    "detectors": bilingual("detection"),
    "villages": bilingual("phones and stores in villages"),
    "channels": bilingual("channels"),
    "stations": bilingual("base stations"),
    "relays": bilingual("UAV base stations"),
    "posts": bilingual("posts"),
    "partners": bilingual("aid asked earlier"),
    "water_sources": bilingual("water tanks"),
    "response": bilingual("response levels"),
    "evacuation": bilingual("evacuation"),
}
"""Tables and sections of a scenario -> what changes of them are about; of kinds of responders it is their name."""


def package_words(changes: Sequence[Change], named: int = NAMED, priced: bool = True) -> Words:
    """What a package buys.

    Args:
        changes: of the package, the dearest first.
        named: if there are more they are told by what they are of, the dearest first.
        priced: whether what they are of is followed by its price.
    """
    if not changes:
        return bilingual("as it is now")
    if len(changes) <= named:
        return Words(*listed([change_words(change) for change in changes]))
    by_section: dict[str, list[Change]] = {}
    for change in changes:
        by_section.setdefault(section_of(change), []).append(change)
    return Words(*listed([_part(key, own, priced) for key, own in sorted(by_section.items(), key=_dearest)]))


def each_change(changes: Sequence[Change]) -> Words:
    """Every change of a package by name: "8 more boats: North Pier, South Pier; new landing site: Duck Pond".

    Args:
        changes: of the package; those whose labels begin alike, up to a colon, are told together.
    """
    marks, names = bilingual_as("after a label", ": "), dict[Words, list[Words]]()
    for change in changes:
        label = change_words(change)
        parts = [text.partition(mark) for text, mark in zip(label, marks, strict=True)]
        names.setdefault(Words(*(lead for lead, _, _ in parts)), []).append(Words(*(name for _, _, name in parts)))
    return Words(*listed([_with_names(lead, own, marks) for lead, own in names.items()], ITEMS))


def _with_names(lead: Words, names: Sequence[Words], marks: Words) -> Words:
    called = [name for name in names if all(name)]
    texts = zip(lead, marks, listed(called), strict=True)
    return Words(*(start + mark + rest for start, mark, rest in texts)) if called else lead


def _dearest(part: tuple[str, list[Change]]) -> tuple[float, str]:
    return -sum(change.cost for change in part[1]), part[0]


def _part(key: str, changes: Sequence[Change], priced: bool) -> Words:
    if len(changes) == 1:
        return change_words(changes[0])
    nouns = {kind.table: Words(kind.noun.many, kind.noun.zh) for kind in KINDS.values()}
    things = SECTIONS.get(key) or nouns.get(key) or Words(key, key)
    if not priced:
        return bilingual("{count} changes of {things}", count=len(changes), things=things)
    cost = millions(sum(change.cost for change in changes))
    return bilingual("{count} changes of {things} ({cost})", count=len(changes), things=things, cost=cost)


def change_words(change: Change) -> Words:
    """The label of a change in both languages, or its id."""
    return Words(change.label or change.id, change.label_zh or change.label or change.id)


def millions(yuan: float) -> Words:
    """An amount of money as it is told: "7.7 million yuan".

    Args:
        yuan: the amount.
    """
    if yuan < 1e6:
        return bilingual("{amount:,.0f} yuan", amount=yuan)
    # Chinese counts in units of ten thousand, and of a hundred million.
    amount = float(f"{yuan:.3g}")
    if amount < 1e8:
        return bilingual("{amount} million yuan", amount=(f"{amount / 1e6:,.4g}", f"{amount / 1e4:,.0f}"))
    return bilingual_as(
        "a hundred or more", "{amount} million yuan", amount=(f"{amount / 1e6:,.4g}", f"{amount / 1e8:,.4g}")
    )
