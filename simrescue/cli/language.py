"""The language of the screen: one at a time, as the command line, SIMRESCUE_LANG or the computer has it."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click

import simrescue.wording
from simrescue.wording import LANGUAGES, Language, translated
from simrescue.wording.language import VARIABLE, of_computer, of_variable

CLICK = "click"
"""Domain of click's own words in `wording/locale`, which click looks up by gettext."""
_asked: ContextVar[Language | None] = ContextVar("the language that the command line asks for", default=None)


def screen_language() -> Language:
    """The language of all that is printed: `--lang`, else SIMRESCUE_LANG, else that of the computer, else English.

    Raises:
        click.UsageError: SIMRESCUE_LANG is no known language.
    """
    return _asked.get() or _of_variable() or of_computer()


def _of_variable() -> Language | None:
    given, known = os.environ.get(VARIABLE, ""), of_variable()
    if given and known is None:
        names, lang = ", ".join(LANGUAGES), of_computer()
        raise click.UsageError(
            translated("{variable}={given}: expected one of {known}", lang, variable=VARIABLE, given=given, known=names)
        )
    return known


@contextmanager
def spoken() -> Iterator[None]:
    """Speak the screen's language as long as a command lasts, click with us; leave all as it was."""
    before_asked, domain, before = _asked.set(None), gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(CLICK, str(Path(simrescue.wording.__file__).with_name("locale")))
    gettext.textdomain(CLICK)
    try:
        _tell_click(of_computer())
        yield
    finally:
        _asked.reset(before_asked)
        gettext.textdomain(domain)
        if before is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = before


def speak(lang: Language | None) -> None:
    """Speak a language from now on; None: that of the variable or the computer."""
    if lang:
        _asked.set(lang)
    _tell_click(screen_language())


def _tell_click(lang: Language) -> None:
    # What gettext looks at first; by C it knows, without a look at any folder, that nothing is to be translated.
    os.environ["LANGUAGE"] = "C" if lang == LANGUAGES[0] else lang


def on_screen(message: str, /, **values: Any) -> str:
    """A message in the language of the screen; of a value that is a pair, the text of that language."""
    return translated(message, screen_language(), **values)


def pick(texts: tuple[str, str]) -> str:
    """Of a text in English and in Chinese, that of the screen; where that is empty, the other one."""
    own = texts[LANGUAGES.index(screen_language())]
    return own or texts[0] or texts[1]


def figure_text(written: str) -> str:
    """A measure as `simrescue.units` writes it, with its units in the language of the screen."""
    from simrescue.wording.unit_words import measure

    return pick(measure(written))


def unit_text(unit: str) -> str:
    """A unit, in the language of the screen."""
    from simrescue.wording.unit_words import unit_in_chinese

    return unit_in_chinese(unit) if screen_language() == "zh" else unit


def counted_as(number: int, word: tuple[str, str]) -> str:
    """How many are called so: "2 not met"; `word`: in English and Chinese."""
    return on_screen("{number} {word}", number=number, word=word)


def between(low: str, high: str) -> str:
    """An interval, from two measures as `simrescue.units` writes them."""
    return on_screen("{low} to {high}", low=figure_text(low), high=figure_text(high))
