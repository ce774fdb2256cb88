"""What a console shows that lacks characters: a plainer one that means the same, or a question mark."""

from __future__ import annotations

import codecs
import unicodedata

PLAINER = "simrescue.plainer"
"""Name of the way in which characters are written that the coding of a console, GBK or another, does not have."""


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    """A square as a two, a letter without its accent; a question mark for what has nothing plainer."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(_in(error.encoding, letter) for letter in error.object[error.start : error.end])
    return text, error.end


def _in(encoding: str, letter: str) -> str:
    plainer = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plainer if plainer.encode(encoding, "ignore").decode(encoding) == plainer else "?"


codecs.register_error(PLAINER, _plainer)
