"""What users read, in their language: English sentences are the keys of the catalogues `<language>.po` of this folder.

    translated("Water reaches {place}.", "zh", place=name_zh)     in one language
    bilingual("Water reaches {place}.", place=(name, name_zh))    in English and Chinese, as a pair

Placeholders have names, so that a translation can order them as its language wants. A value that is a pair of texts is
put in by language. Messages are written where they are used, as literals: `build.py` of this folder finds them there,
brings the catalogues up to date and compiles them (`<language>.mo`, which is what a run reads, by gettext).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Literal, NamedTuple

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
"""In the order of `Words`; the first one is that of the messages themselves."""


class Words(NamedTuple):
    """One wording in both languages."""

    en: str
    zh: str


class Noun(NamedTuple):
    """What a kind is called, in English and in Chinese."""

    one: str = ""
    many: str = ""
    zh: str = ""
    counter_zh: str = ""
    """Counting word between a number and the Chinese noun."""
    also_zh: tuple[str, ...] = ()
    """Other Chinese names that planners give to its table."""

    @property
    def counted_zh(self) -> str:
        """The Chinese noun with its counting word, to follow a number."""
        return self.counter_zh + self.zh


@cache
def catalogue(lang: str) -> NullTranslations:
    """The compiled catalogue of a language. Raises ValueError for one that there is not."""
    if lang not in LANGUAGES:
        raise ValueError(f"{lang!r} is no language here; expected one of {', '.join(LANGUAGES)}")
    if lang == LANGUAGES[0]:
        return NullTranslations()
    with Path(__file__).with_name(f"{lang}.mo").open("rb") as file:
        return GNUTranslations(file)


def _filled(text: str, lang: str, values: dict[str, Any]) -> str:
    if not values:
        return text
    side = LANGUAGES.index(lang)
    own = {name: value[side] if isinstance(value, tuple) else value for name, value in values.items()}
    if lang != LANGUAGES[0]:
        # A share as `simrescue.units` writes it; only English has a blank before the sign.
        own |= {name: value[:-2] + "%" for name, value in own.items() if isinstance(value, str) and value[-2:] == " %"}
    return text.format(**own)


def translated(message: str, lang: str, /, **values: Any) -> str:
    """A message in a language, with values in its placeholders; of a value that is a pair, the text of the language.

    Raises:
        ValueError: there is no such language.
        KeyError: a placeholder has no value.
    """
    return _filled(catalogue(lang).gettext(message) if message else "", lang, values)


def translated_as(context: str, message: str, lang: str, /, **values: Any) -> str:
    """As `translated`, for English words that mean several things: the context tells the translator which."""
    return _filled(catalogue(lang).pgettext(context, message), lang, values)


def bilingual(message: str, /, **values: Any) -> Words:
    """A message in English and in Chinese, as `translated`."""
    return Words(translated(message, "en", **values), translated(message, "zh", **values))


def bilingual_as(context: str, message: str, /, **values: Any) -> Words:
    """A message in English and in Chinese, as `translated_as`."""
    return Words(translated_as(context, message, "en", **values), translated_as(context, message, "zh", **values))


def bilingual_counted(one: str, many: str, number: float, /, **values: Any) -> Words:
    """A message in the form that goes with a number, in English and in Chinese. `{number}` stands for the number."""
    told, form = {"number": f"{number:,.15g}", **values}, 1 if number == 1 else 2
    return Words(*(_filled(catalogue(lang).ngettext(one, many, form), lang, told) for lang in LANGUAGES))


def noun(one: str, many: str, /) -> Noun:
    """The noun of a kind of the program itself, with the Chinese of the catalogue; others give theirs as a `Noun`.

    The catalogue has it after a number ("{number} boat"), and in the context "names of a table" all Chinese names of
    its table with ";" between them, its own first.
    """
    chinese, counted = catalogue("zh"), "{number} "
    own, *others = chinese.pgettext("names of a table", many).split(";")
    after_number = chinese.ngettext(counted + one, counted + many, 1).removeprefix(counted.strip())
    return Noun(one, many, own, after_number.removesuffix(own), tuple(others))


NAMES: Words
PARTS: Words
ITEMS: Words
AND: Words
"""What stands between the names of a list, the parts of a description, longer items, and before the last name."""


def __getattr__(name: str) -> Words:
    """The marks, made when they are asked for: who speaks English alone, as `--help`, opens no catalogue."""
    marks = {
        "NAMES": lambda: bilingual_as("between names", ", "), "PARTS": lambda: bilingual_as("between parts", ", "),
        "ITEMS": lambda: bilingual("; "), "AND": lambda: bilingual_as("before the last name", " and "),
    }  # fmt: skip
    if name not in marks:
        raise AttributeError(name)
    mark: Words = globals().setdefault(name, marks[name]())
    return mark


def listed(texts: Iterable[tuple[str, str]], mark: Words | None = None, last: Words | None = None) -> Words:
    """Texts one after the other, in English and in Chinese, with a mark between them, or another before the last."""
    between = mark or __getattr__("NAMES")

    def joined(side: int) -> str:
        *first, final = [text[side] for text in each] or [""]
        return between[side].join(first) + (last or between)[side] * bool(first) + final

    each = list(texts)
    return Words(joined(0), joined(1))
