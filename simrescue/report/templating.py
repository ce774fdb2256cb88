"""Templates filled in, in a language: everything escaped that they do not mark as their own.

Besides their content they know `_(message, name=value)` and `_as(context, message, name=value)`, the messages of the
catalogues in the language of the page, `zh`, by which the text of a pair is picked (`pair[zh]`), and `lang`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from simrescue.wording import Language, translated, translated_as

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(package: str, template: str, lang: Language, /, **content: Any) -> str:
    """A template of the folder `templates` of a package, filled in."""
    return _environment(package).get_template(template).render(
        _=lambda message, /, **values: translated(message, lang, **values),
        _as=lambda context, message, /, **values: translated_as(context, message, lang, **values),
        lang=lang, zh=lang == "zh", **content,
    )  # fmt: skip


@cache
def _environment(package: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters["path"] = lambda name: quote(name, safe="")
    return made
