"""What the charts say, in English and in Chinese."""

from __future__ import annotations

import unicodedata

from simrescue.records import Kind
from simrescue.units import write_hours
from simrescue.wording import Language, Words, bilingual, bilingual_as, translated_as
from simrescue.wording.unit_words import in_chinese

_WORDS: dict[str, Words] = {
    "names left out": bilingual("{count} affected places have no name here: there is no room among those hit harder"),
    "no logs": bilingual("No event logs are kept: the map needs them"),
    "burned within": bilingual("Burned within (replication {replication},\nthe one of middle area)"),
    "line and crews": bilingual("Line and crews"),
    "line narrow": bilingual("line, less than {narrow} m wide"),
    "line middle": bilingual("line, {narrow} to {wide} m wide"),
    "line wide": bilingual("line, {wide} m wide and more"),
    "line mopped": bilingual("line mopped up"),
    "safety zone": bilingual("safety zone that a crew made for ({count})"),
    "fled": bilingual("crew left in danger ({count})"),
    "cut off": bilingual("crew cut off ({count})"),
    "entrapped": bilingual("crew entrapped ({count})"),
    "overrun": bilingual("crew overrun ({count})"),
    "line lost": bilingual("line that burned"),
    "wetted": bilingual("wetted by drops"),
    "crowned": bilingual("darker: crowns burned too"),
    "spot": bilingual("lit by an ember"),
    "villages": bilingual("Villages"),
    "caught": bilingual("flames, people still there"),
    "moved in time": bilingual("flames, everybody gone"),
    "smoke": bilingual("thick smoke only"),
    "not reached": bilingual("not reached"),
    "gathering": bilingual("where crews gather"),
    "edge of landscape": bilingual("edge of the landscape"),
    "chance of burning": bilingual("Chance of burning ({count} replications)"),
    "burned area": bilingual("Burned area"),
    "danger grade": bilingual("fire danger {grade}"),
    "fire edge": bilingual("Length of the edge"),
    "steps": bilingual("Steps of the response (right: share of replications in which they come)"),
    "step began": bilingual("first fire begins"),
    "step reported": bilingual("first report"),
    "step staged": bilingual("first crew walks in"),
    "step on_line": bilingual("first crew on the line"),
    "step by_air": bilingual("first aircraft"),
    "step dropped": bilingual("first drop"),
    "step off_map": bilingual("first off the landscape"),
    "step contained": bilingual("all contained"),
    "step controlled": bilingual("all mopped up"),
    "step out": bilingual("all out"),
    "area limit": bilingual("largest fire {hectares} ha"),
    "persons_on_line": bilingual("People on the line"),
    "line_km": bilingual("Line built so far, km"),
    "aircraft": bilingual("Aircraft dropping water (in the past hour)"),
    "water_t": bilingual("Water dropped so far, t"),
    "within": bilingual("relieved within {hours}"),
    "later": bilingual("later"),
    "never": bilingual("not by the end"),
    "untouched": bilingual("not affected in most replications"),
    "relief classes": bilingual("95 % of affected people\n(median over replications)"),
    "depth": bilingual("Deepest water (median)"),
    "sites": bilingual("Sites"),
    "road": bilingual("road, thicker = higher class"),
    "river": bilingual("river"),
    "boundary": bilingual_as("on a map", "boundary"),
    "not on map": bilingual("Not on this map, since the scenario has none: {lines}"),
    "mostly closed": bilingual("{cause} in most replications"),
    "closed once": bilingual("{cause} at some time"),
    "share relieved": bilingual("Affected people relieved"),
    "hours since": bilingual("Hours since the flood reached the people's village"),
    "trapped": bilingual("People trapped"),
    "clock": bilingual("Local time"),
    "median": bilingual("median of {count} replications"),
    "band": bilingual("5 % to 95 % of replications"),
    "limit": bilingual("limit {hours}"),
    "comparison limit": bilingual("{name} (comparison)"),
    "requests": bilingual("Requests answered within so many hours"),
    "hours to arrive": bilingual("Hours from report to arrival"),
    "unserved": bilingual("No responder came"),
    "of requests": bilingual("Share of requests (unmet, or the need passed first)"),
    "half and most": bilingual("{name}: half within {half}, 95 % within {most} (n = {count})"),
    "obligation": bilingual("Obligations of the plan"),
    "comparison": bilingual("Comparison lines (no obligation here)"),
    "left out": bilingual("{count} more not measured: verdicts.csv tells why"),
    "met": bilingual("met"),
    "not met": bilingual("not met"),
    "undecided": bilingual("undecided"),
    "not measured": bilingual("not measured"),
    "own scale": bilingual("shares; other values on a scale of their own, from 0"),
    "at best": bilingual("with any dispatch in {share} at most"),
    "value and band": bilingual("median, 5 % to 95 % of replications"),
    "needed": bilingual("needed"),
    "with band": bilingual("{value} ({band})"),
    "from the scenario": bilingual("{share} (from the scenario alone)"),
    "no data": bilingual("Nothing to show: no such event happened"),
    "replications": bilingual("{count} replications, seed {seed}"),
    "variant": bilingual("variant {name}"),
}


def say(key: str, lang: Language, **values: object) -> str:
    """The words for a key in a language, with values in their places. Raises KeyError for an unknown key."""
    return _WORDS[key][lang == "zh"].format(**values)


def noun_of(kind: Kind, lang: Language) -> str:
    """What one thing of a kind is called."""
    return kind.noun.zh if lang == "zh" else kind.noun.one


def hours(value: float, lang: Language) -> str:
    """A duration (`value`: hours), with the units of the language."""
    return write_hours(value) if lang == "en" else in_chinese(write_hours(value))


def width(text: str) -> int:
    """Width of a line in columns; a Chinese character is two wide."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def with_verdict(limit: str, verdict: str, lang: Language) -> str:
    """A limit (`limit`: what it is called) with the verdict on it."""
    return limit + translated_as("after a label", ": ", lang) + say(verdict, lang)


def percent(share: float, lang: Language, form: str = ".0f") -> str:
    """A share (0..1) in per cent as the language writes it: "50 %", in Chinese without the blank."""
    written = f"{share * 100:{form}} %"
    return in_chinese(written) if lang == "zh" else written


def wrap(text: str, columns: int) -> str:
    """Text in lines of at most so many columns, broken at blanks or beside Chinese characters."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width(lines[-1]) + width(piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(line.strip() for line in lines)


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for character in text:
        last = pieces[-1][-1:]
        breakable = last == " " or width(character) == 2 or width(last) == 2
        if last and breakable and not _closes(character):
            pieces.append("")
        pieces[-1] += character
    return pieces


def _closes(character: str) -> bool:
    """Whether it stays with the text before it: per cent, and punctuation that ends something."""
    return character in "%),.;:" or (width(character) == 2 and unicodedata.category(character) in ("Po", "Pe", "Pf"))
