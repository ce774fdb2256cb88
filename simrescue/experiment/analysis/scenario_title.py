"""What a scenario is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simrescue.wording import Words


def scenario_title(settings: Mapping[str, Any]) -> Words:
    """The title of a scenario in English and Chinese: that of the other language where one is missing, else its name.

    Args:
        settings: with `name`, and `title` and `title_zh`, which may be empty or, in old results, missing.
    """
    title, title_zh, name = settings.get("title"), settings.get("title_zh"), settings["name"]
    return Words(title or title_zh or name, title_zh or title or name)
