"""SIGTERM and SIGINT as one exception, so that every step can clean up; and blocks that a signal does not interrupt.

A process stopped by a signal exits with 128 plus the signal number, as shells expect: 130 for SIGINT, 143 for SIGTERM.
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
# Time for uninterruptible work (a Python model, a file sync) to finish after a signal, before the process is ended.
_PATIENCE_SECONDS: Final = 30.0


class Stopped(KeyboardInterrupt):
    """A signal asked the process to stop. A KeyboardInterrupt, so that dbt cancels its running queries."""

    def __init__(self, number: int) -> None:
        """`number` is the signal number."""
        super().__init__(signal.Signals(number).name)
        self.number = number

    @property
    def exit_code(self) -> int:
        """128 plus the signal number."""
        return 128 + self.number


class _State:
    """State of this process: the received signal, and whether the current step must finish first."""

    number: int | None = None
    is_finishing = False
    deadline: threading.Timer | None = None


def was_stopped() -> Stopped | None:
    """The received stop, if any. For callers of libraries that swallow exceptions."""
    return Stopped(_State.number) if _State.number is not None else None


@contextmanager
def stoppable(log: Callable[[str], None]) -> Iterator[None]:
    """During the block, the first signal raises Stopped in the main thread; a second one ends the process at once.

    `log` receives one line when a signal arrives. In other threads this has no effect: the main thread handles signals.
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
        log(f"{signal.Signals(number).name}: stopping, cancelling the current step")
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
    """A signal during this block is ignored: the block finishes, and the run keeps its result."""
    _State.is_finishing = True
    try:
        yield
    finally:
        _State.is_finishing = False
