"""A run in a notebook: what it is of, how often, and its obligations with their verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simrescue.experiment.analysis.scenario_title import scenario_title
from simrescue.experiment.notebook.shown_tables import verdicts_html
from simrescue.wording import LANGUAGES, PARTS, Language, bilingual_counted, translated
from simrescue.wording.html import shown

if TYPE_CHECKING:
    import pandas as pd


def results_html(
    manifest: Mapping[str, Any], verdicts: pd.DataFrame | None, names: Mapping[str, tuple[str, str]], lang: Language
) -> str:
    """The results of a run as HTML: its title, its size, and the verdicts on its obligations.

    Args:
        manifest: of the results folder.
        verdicts: all of them; None for a run that has none yet.
        names: id of a place -> its name in English and Chinese.
        lang: of all texts.
    """
    side = LANGUAGES.index(lang)
    settings = manifest["scenario"]["settings"]
    parts = [
        bilingual_counted("{number} replication", "{number} replications", manifest.get("finished", 0))[side],
        translated("seed {seed}", lang, seed=manifest["seed"]),
    ]
    if variant := manifest["scenario"].get("variant"):
        parts.insert(0, translated("variant {name}", lang, name=variant))
    if verdicts is None or not manifest.get("complete", True):
        parts.append(translated("unfinished", lang))
    tables = []
    if verdicts is not None:
        duties = verdicts[verdicts["kind"] == "obligation"]
        tables = [verdicts_html(duties, lang, names)]
        if others := len(verdicts) - len(duties):
            parts.append(bilingual_counted("{number} more clause", "{number} more clauses", others)[side])
    return shown(scenario_title(settings)[side], PARTS[side].join(parts), *tables)
