"""What all tests share."""

from __future__ import annotations

import signal

# Started in the background of a script, Python and all that it starts are deaf to Ctrl-C, which some tests send.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
