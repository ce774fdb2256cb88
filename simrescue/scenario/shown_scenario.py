"""A scenario in a notebook: what it is of, when, for how long, and how many of each kind of thing it has."""

from __future__ import annotations

from typing import Any

from simrescue.hazards.kinds import hazard_named
from simrescue.kinds import of_role
from simrescue.units import write_hours, write_moment
from simrescue.wording import LANGUAGES, PARTS, Language, bilingual_counted, listed, translated
from simrescue.wording.html import html_table, shown
from simrescue.wording.unit_words import measure


def scenario_html(scenario: Any, lang: Language) -> str:
    """The scenario as HTML: its title, hazard, start and length, and a row for each kind of place and responder.

    Args:
        scenario: a `records.Scenario`, read and checked.
        lang: of all texts.
    """
    side, settings = LANGUAGES.index(lang), scenario.settings
    titles = (settings.title, settings.title_zh)
    people = sum(village.population for village in scenario.villages)
    parts = [
        listed(hazard_named(kind).words for kind in settings.hazards)[side],
        write_moment(0.0, settings.start),
        measure(write_hours(settings.duration_h))[side],
        bilingual_counted("{number} resident", "{number} residents", people)[side],
    ]
    if scenario.variant:
        parts.insert(0, translated("variant {name}", lang, name=scenario.variant))
    kinds = [(kind, scenario.table(kind.table)) for kind in (*of_role("place"), *of_role("responder"))]
    counts = [(kind.noun, sum(getattr(row, "count", 1) for row in rows)) for kind, rows in kinds]
    rows = [[noun.zh if side else noun.many, f"{number:,}"] for noun, number in counts if number]
    return shown(titles[side] or titles[1 - side] or settings.name, PARTS[side].join(parts), html_table((), rows))
