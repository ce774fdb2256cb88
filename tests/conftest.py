"""What all tests share."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import settings

from simrescue.errors import Fault, FaultsError
from simrescue.wording import Words

# Started in the background of a script, Python and all that it starts are deaf to Ctrl-C, which some tests send.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["SIMRESCUE_LANG"] = "en"  # whatever the computer speaks

# No test has a time limit: machines are busy. Examples are the same in every run.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

ENGLISH = re.compile(r"(?<![-\w./`])[A-Za-z]?[a-z]+(?: [a-z]+){2,}(?![-\w./=`])")
"""Three English words in a row: a sentence that nobody translated."""


@pytest.fixture(scope="session", autouse=True)
def every_fault_is_told_in_chinese() -> Iterator[None]:
    """Whatever broken input a test tries: its faults have their Chinese, with no English but names, keys and units."""
    plain = FaultsError.__init__

    def told(self: FaultsError, faults: Iterable[Fault]) -> None:
        plain(self, faults)
        texts = [text for fault in self.faults for text in (fault.expected, fault.value)]
        left = [text for text in texts if isinstance(text, Words) and ENGLISH.search(text.zh)]
        assert not left, left

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FaultsError, "__init__", told)
        yield
