"""Which language a reader wants where nobody says it: that of SIMRESCUE_LANG, else that of the computer."""

from __future__ import annotations

import os
import sys

from simrescue.wording import LANGUAGES, Language

VARIABLE = "SIMRESCUE_LANG"
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What POSIX asks for the language of messages, in its order."""


def preferred() -> Language:
    """The language of SIMRESCUE_LANG where it is a known one, else that of the computer."""
    return of_variable() or of_computer()


def of_variable() -> Language | None:
    """The language that SIMRESCUE_LANG names; None where it names none that is known."""
    given = os.environ.get(VARIABLE, "").strip().lower()
    return next((lang for lang in LANGUAGES if lang == given), None)


def of_computer() -> Language:
    """Chinese where the locale of POSIX begins with zh, or the user's language of Windows does; else English."""
    locale = next((value for name in LOCALE if (value := os.environ.get(name))), "")
    if not locale and sys.platform == "win32":
        import ctypes
        from locale import windows_locale

        locale = windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return "zh" if locale.lower().startswith("zh") else "en"
