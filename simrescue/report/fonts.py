"""The font of a page: only the characters that it uses, inside the page, so that Chinese shows on any machine."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from importlib.resources import as_file, files
from io import BytesIO

FAMILY = "Simrescue Sans"
"""Name of the font in style sheets."""
_FONT = "data/fonts/NotoSansSC-Everyday-Regular.otf"


def face(text: str) -> str:
    """A CSS `@font-face` rule whose font has the characters of a text, as far as the packaged font knows them.

    The font is Noto Sans SC under the SIL Open Font License; what it lacks is left to the reader's machine.
    """
    kept = b64encode(_subset("".join(sorted(set(text))))).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-display: swap; '
        f'src: url("data:font/woff;base64,{kept}") format("woff"); }}'
    )


@lru_cache(maxsize=8)
def _subset(characters: str) -> bytes:
    from fontTools import subset

    # The packaged font has no hints to take away; without subroutines a part of it is written sooner and shorter.
    options = subset.Options(layout_features=[], desubroutinize=True, notdef_outline=True)
    with as_file(files("simrescue").joinpath(_FONT)) as path:
        font = subset.load_font(str(path), options)
    chosen = subset.Subsetter(options)
    chosen.populate(text=characters)
    chosen.subset(font)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    font.close()
    return content.getvalue()
