"""SIGTERM and SIGINT as one exception that every step may clean up after; and the moment at which they come too late.

A process that is told to stop ends with 128 plus the signal's number, as shells expect: 130 for SIGINT, 143 for
SIGTERM.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
# What can't be interrupted (a Python model, a file that is synced) gets so long to end.
_PATIENCE_SECONDS: Final = 30.0


class Stopped(KeyboardInterrupt):
    """The process was told to stop. A KeyboardInterrupt, because dbt then cancels the queries under way."""

    def __init__(self, number: int) -> None:
        """`number` is the signal's."""
        super().__init__(signal.Signals(number).name)
        self.number = number

    @property
    def exit_code(self) -> int:
        """128 plus the signal's number."""
        return 128 + self.number


class _State:
    """Of this process: the signal that came, and whether the step under way must end first."""

    number: int | None = None
    is_finishing = False
    deadline: threading.Timer | None = None


def was_stopped() -> Stopped | None:
    """The stop that was asked for, for callers of libraries that swallow exceptions."""
    return Stopped(_State.number) if _State.number is not None else None


@contextmanager
def stoppable(say: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, the first signal raises Stopped in the main thread; a second one ends the process at once.

    `say` gets one line when a signal arrives. Outside the main thread nothing changes: its owner handles signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        if _State.number is not None:
            os._exit(128 + number)
        _State.number = number
        if _State.is_finishing:
            return
        say(f"{signal.Signals(number).name}: stopping; what is under way is cancelled")
        _State.deadline = threading.Timer(_PATIENCE_SECONDS, os._exit, (128 + number,))
        _State.deadline.daemon = True
        _State.deadline.start()
        raise Stopped(number)

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        if _State.deadline is not None:
            _State.deadline.cancel()
        _State.number = _State.deadline = None
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def finishing() -> Iterator[None]:
    """A signal during this block is too late: what was begun is finished, and the run is what it became."""
    _State.is_finishing = True
    try:
        yield
    finally:
        _State.is_finishing = False
