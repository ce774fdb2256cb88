"""Data as JSON that every program reads."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any


def as_text(content: Any) -> str:
    """Data as JSON: `null` for what is infinite or not a number, keys as text."""
    return json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _finite(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not isfinite(content) else content
