"""What all tests share."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

# Started in the background of a script, Python and all that it starts are deaf to Ctrl-C, which some tests send.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["SIMRESCUE_LANG"] = "en"  # whatever the computer speaks

# No test has a time limit: machines are busy. Examples are the same in every run.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
