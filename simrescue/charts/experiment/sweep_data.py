"""What the charts of an experiment need of its tables: names in a language, watched clauses, rows by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.answer_words import named, names_its_unit, tell, unit_name, value_texts
from simrescue.charts.shared.style import drawable
from simrescue.experiment.analysis.verdict_words import needed_text
from simrescue.experiment.studies.sensitivity import experiment_of, factors_of
from simrescue.metrics import MEASURES
from simrescue.wording import LANGUAGES, translated

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language


WANTED = (
    "point", "n", "metric", "limit", "unit", "value", "value_low", "value_high", "needed", "comparison", "counted",
    "short", "short_unit", "where", "estimate", "low", "high", "required", "verdict",
)  # fmt: skip


def watched(results: SweepResults) -> list[dict[str, Any]]:
    """The clauses that the experiment is about, as its manifest tells them."""
    return [clause for clause in results.manifest["experiment"]["clauses"] if clause["watched"]]


def of_clause(results: SweepResults, clause: dict[str, Any]) -> pd.DataFrame:
    """Design, value and verdict of each point for one clause; points without replications are left out.

    Older results have gaps for the value.
    """
    table = results.verdicts
    chosen = table[(table["plan"] == clause["plan"]) & (table["clause"] == clause["clause"])]
    return results.design.merge(chosen.reindex(columns=list(WANTED)), on="point").dropna(subset=["estimate"])


def needed_words(table: pd.DataFrame, lang: Language) -> str:
    """What the clause of a table (of `of_clause`) needs, in words: "needed 100 %"; empty for older results."""
    return needed_text(table.iloc[0].to_dict())[LANGUAGES.index(lang)]


def is_share(table: pd.DataFrame) -> bool:
    """Whether the value of the clause of a table is a share."""
    measure = MEASURES.get(str(table["metric"].iloc[0]))
    return measure is not None and measure.unit == "share"


def varied(results: SweepResults, table: pd.DataFrame) -> list[str]:
    """Columns of the design that differ between points: factors, those with most values first, then the variant."""
    names = [name for name in factors_of(results) if table[name].nunique(dropna=False) > 1]
    names.sort(key=lambda name: (not is_number(table[name]), -table[name].nunique(dropna=False)))
    return names + (["variant"] if table["variant"].nunique() > 1 else [])


def is_number(column: Any) -> bool:
    """Whether a factor takes numbers."""
    return bool(column.dtype.kind in "fi")


def axis_name(results: SweepResults, name: str, lang: Language, *, unit: bool = True) -> str:
    """A factor (with its unit), as an axis says it."""
    factor = experiment_of(results).factors.get(name)
    if factor is None:
        return translated("Variant", lang)
    label = named(factor.model_dump(), "label", lang, name)
    name_of_unit = unit_name(factor, lang) if unit else ""
    if not name_of_unit or names_its_unit(label, name_of_unit):
        return label
    return translated("{label}, {unit}", lang, label=label, unit=name_of_unit)


def value_name(results: SweepResults, name: str, value: Any, lang: Language) -> str:
    """One value of a factor, as a legend says it."""
    texts = value_texts(experiment_of(results), name, value, lang)
    return drawable(*texts) or texts[-1]


def sweep_name(results: SweepResults, lang: Language) -> str:
    """Title of the experiment, points, replications and seed."""
    made = experiment_of(results)
    runs = len(results.replications)
    parts = [
        named(made.model_dump(), "title", lang, made.name),
        tell("sweep", lang, points=len(results.design), replications=runs, seed=made.seed),
    ]
    if not results.manifest.get("complete", True):
        parts.append(tell("unfinished", lang))
    return " · ".join(parts)


def panel_title(results: SweepResults, name: str, value: Any, lang: Language) -> str:
    """A factor at a value, as the title of a panel."""
    return f"{axis_name(results, name, lang, unit=False)}: {value_name(results, name, value, lang)}"


def split(table: pd.DataFrame, name: str | None, most: int) -> list[tuple[Any, pd.DataFrame]]:
    """Parts of a table by the values of a factor; of many values, evenly spread ones."""
    if name is None:
        return [(None, table)]
    shown = values(table[name])
    if len(shown) > most:
        shown = [shown[round(i * (len(shown) - 1) / (most - 1))] for i in range(most)]
    return [(value, table[where(table[name], value)]) for value in shown]


def values(column: Any) -> list[Any]:
    """The values of a factor in order, a gap last."""
    distinct = list(dict.fromkeys(None if value != value else value for value in column.tolist()))
    return sorted(distinct, key=lambda value: (value is None, value)) if is_number(column) else distinct


def where(column: Any, value: Any) -> Any:
    """Rows with a value of a factor; None means a gap."""
    return column.isna() if value is None else column == value
