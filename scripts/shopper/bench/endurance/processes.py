"""Calls of `shopper` as separate processes, each in its own process group, so that the group can be killed.

They are forked from a server process that has already imported what a run needs, which saves the import in each.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

_PRELOADED: Final = ["shopper.bench.endurance.preloaded"]
_POLL_SECONDS: Final = 0.01


@dataclass
class Call:
    """A started call. Its output goes to the file `log`."""

    process: ForkServerProcess
    log: Path

    @property
    def output(self) -> str:
        """The output so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def wait(self, seconds: float = 600) -> int:
        """Wait for the exit code. Raises TimeoutError after `seconds`."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            raise TimeoutError(f"still running after {seconds} s: {self.output}")
        return self.process.exitcode

    def wait_for(self, text: str, seconds: float = 600) -> bool:
        """Wait until `text` is printed. False if the call ended without it. Raises TimeoutError after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            is_running = self.process.exitcode is None
            if text in self.output:
                return True
            if not is_running:
                return False
            self.process.join(_POLL_SECONDS)
        raise TimeoutError(f"no {text!r} after {seconds} s: {self.output}")

    def kill(self) -> bool:
        """Send SIGKILL to the process group. False if the call had already ended."""
        try:
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.process.join()
        return self.process.exitcode == -signal.SIGKILL


class Processes:
    """Starts calls of `shopper`."""

    def __init__(self, folder: Path) -> None:
        """`folder` is for the output of the calls."""
        self._folder = folder
        self._number = 0
        # A killed process can't remove its semaphores. The system does, so the warning about it is ignored.
        os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
        self._context: ForkServerContext = get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)

    def start(self, arguments: Sequence[object], environment: Mapping[str, str] | None = None) -> Call:
        """Start `shopper <arguments>` with these additional environment variables."""
        self._number += 1
        log = self._folder / f"call_{self._number}.log"
        texts = [str(argument) for argument in arguments]
        variables = {**os.environ, **(environment or {})}
        process = self._context.Process(target=_call, args=(texts, variables, str(log)))
        process.start()
        return Call(process, log)

    def run(self, *arguments: object, environment: Mapping[str, str] | None = None) -> Call:
        """Start a call and wait for its end."""
        call = self.start(arguments, environment)
        call.wait()
        return call


def _call(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """Entry point of the new process: create a process group, redirect the output to a file, run the command line."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from shopper.cli import app

    app(arguments)
