"""Progress output of whatever lasts: one live line on a terminal, plain timestamped lines in a log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Final

import rich.progress
from rich.console import Console

_LOG_EVERY_SECONDS: Final = 15.0
_BAR_CELLS: Final = 24


class Progress:
    """Base class, prints nothing. `step` starts a step, `detail` reports its progress, `done` ends it."""

    def step(self, name: str) -> None:
        """A step starts."""

    def detail(self, text: str) -> None:
        """The current position within the step."""

    def part(self, number: int, total: int, name: str) -> None:
        """Part `number` of `total` of the step, from 1, with its name."""
        self.detail(f"{number:,} of {total:,}: {name}")

    def done(self, name: str, outcome: str, seconds: float, note: str) -> None:
        """A step ended with `outcome` (ok, labelled, held, failed, stopped) after `seconds`; `note` may be empty."""

    def log(self, text: str) -> None:
        """A message that belongs to no step."""

    def close(self) -> None:
        """The run has ended."""


class Terminal(Progress):
    """A live line for the current step with its elapsed time, and a permanent line for each finished step."""

    def __init__(self, console: Console) -> None:
        """`console` must be a terminal."""
        self._console = console
        self._live: rich.progress.Progress | None = None
        self._name = ""

    def step(self, name: str) -> None:
        self._name = name
        text = rich.progress.TextColumn("{task.description}", markup=False)
        spinner, elapsed = rich.progress.SpinnerColumn(), rich.progress.TimeElapsedColumn()
        self._live = rich.progress.Progress(spinner, elapsed, text, console=self._console, transient=True)
        self._live.add_task(name)
        self._live.start()

    def detail(self, text: str) -> None:
        if self._live:
            self._live.update(self._live.task_ids[0], description=f"{self._name}  {text}")

    def part(self, number: int, total: int, name: str) -> None:
        # A line that is too long would push the time out of it, or become two.
        name = name[: max(8, self._console.width - _BAR_CELLS - 42)]
        filled = _BAR_CELLS * min(number, total) // max(total, 1)
        self.detail(f"{'━' * filled}{'·' * (_BAR_CELLS - filled)} {number:,} of {total:,}  {name}")

    def done(self, name: str, outcome: str, seconds: float, note: str) -> None:
        self.close()
        style = {"ok": "green", "labelled": "yellow"}.get(outcome, "red")
        self._console.print(f"{name:<9} [{style}]{outcome}[/{style}]  {seconds:.1f} s", end="", highlight=False)
        self._console.print(f"  {note}", markup=False, highlight=False, soft_wrap=True)

    def log(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        if self._live:
            self._live.stop()
            self._live = None


class Lines(Progress):
    """A line for the start and end of each step, and a progress line at most every 15 seconds."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        """Start measuring the elapsed time. `stream`: where lines go; None is the standard output."""
        self._started = self._said = time.monotonic()
        self._stream = stream
        self._name = ""

    def step(self, name: str) -> None:
        self._name = name
        self._line(f"{name}: started")

    def detail(self, text: str) -> None:
        if time.monotonic() - self._said >= _LOG_EVERY_SECONDS:
            self._line(f"{self._name}: {text}")

    def done(self, name: str, outcome: str, seconds: float, note: str) -> None:
        self._line(f"{name}: {outcome} in {seconds:.1f} s" + (f", {note}" if note else ""))

    def log(self, text: str) -> None:
        self._line(text)

    def _line(self, text: str) -> None:
        self._said = time.monotonic()
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        print(f"{stamp} +{self._said - self._started:.1f}s {text}", file=self._stream, flush=True)


def progress_for(console: Console) -> Progress:
    """A live display for a terminal, plain lines for anything else."""
    return Terminal(console) if console.is_terminal else Lines(console.file)


@contextmanager
def timed_step(progress: Progress, name: str) -> Iterator[list[str]]:
    """A step that takes as long as the block. The block may put a note into the list; an error ends it as failed."""
    notes: list[str] = []
    began = time.monotonic()
    progress.step(name)
    outcome = "failed"
    try:
        yield notes
        outcome = "ok"
    finally:
        progress.done(name, outcome, time.monotonic() - began, "; ".join(notes))
