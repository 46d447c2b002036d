"""Fills the disk while a run is in one of its steps: the run ends with one sentence, published data stays complete, and
the next run, with room again, gives the same result as if the disk had never been full.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shopper.bench.endurance.kills import Shop, published_problem, recovery_problem
from shopper.bench.endurance.processes import Call, Processes
from shopper.publish.generations import Generations

MOMENTS: Final = tuple(
    (text, 0.0) for text in ("check: started", "load: started", "build: started", "publish: started", "publish: ok")
)
"""When the disk gets full: what a run prints then, and the seconds after it."""
SAMPLE_MOMENTS: Final = (
    ("check: started", 0.0),
    *(("build: started", seconds) for seconds in (0.0, 8.0, 20.0, 40.0)),
    ("publish: started", 0.0),
    ("publish: ok", 0.0),
)
"""The same for the whole project with the sample shop, which loads no files: several moments of its long build."""
_FULL: Final = "No space left on device"
_VARS: Final = "{as_of_date: 2024-02-01}"
"""Another as-of date than in the run before, so that there is much to build."""
_SECONDS: Final = 0.005
_LONGEST: Final = 900


@dataclass
class FullDiskFigures:
    """Results. `ended`: runs by the moment at which the disk got full and their exit code. `recovered`: runs after one
    with a full disk that were completed and equal to one that never was disturbed.
    """

    ended: Counter[str] = field(default_factory=Counter)
    recovered: int = 0
    problems: list[str] = field(default_factory=list)


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[None]:
    """A file system in memory in place of `folder`, with these options of mount (`size=400m`). Raises PermissionError
    if it can't be mounted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise PermissionError("there is no mount command here") from error
    if done.returncode != 0:
        raise PermissionError(f"mounting is not permitted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_disks(
    shop: Shop,
    baseline: Path,
    disk: Path,
    processes: Processes,
    log: Callable[[str], None],
    moments: Sequence[tuple[str, float]] = MOMENTS,
) -> FullDiskFigures:
    """Fill `disk`, which has nothing but the shop, once at each moment. One generation must be published already.

    baseline: the published file of a run that was never disturbed.
    """
    figures = FullDiskFigures()
    for moment, seconds in moments:
        name = f"{moment} + {seconds:g} s" if seconds else moment
        before = Generations(shop.published).current()
        call = shop.start(processes, 0, "--vars", _VARS)
        if not call.wait_for(moment):
            figures.problems.append(f"no {moment!r} in a run: {call.output}")
        time.sleep(seconds)
        _keep_full(disk / "filler", call)
        figures.ended[f"{name}: exit code {call.process.exitcode}"] += 1
        # A run that ended well has published, however early the moment.
        during = "publish" if call.process.exitcode == 0 else moment.partition(":")[0]
        problems = [_ending_problem(call), published_problem(shop, before, during)]
        (disk / "filler").unlink()
        problems.append(recovery_problem(shop, 0, baseline, processes))
        figures.recovered += problems[-1] is None
        figures.problems += [f"disk full at {name}: {problem}" for problem in problems if problem]
        log(f"{name}: exit code {call.process.exitcode}, {len(figures.problems)} problems so far")
    return figures


def _keep_full(filler: Path, call: Call) -> None:
    """Take all room, what the run itself frees too, until it ends."""
    block, deadline = b"\0" * 4096, time.monotonic() + _LONGEST
    with filler.open("ab", buffering=0) as handle:
        while call.process.exitcode is None:
            free = os.statvfs(filler.parent).f_bavail * os.statvfs(filler.parent).f_frsize
            try:
                if free:
                    os.posix_fallocate(handle.fileno(), filler.stat().st_size, free)
                handle.seek(0, os.SEEK_END)
                handle.write(block)
            except OSError:  # it is full
                call.process.join(_SECONDS)
            if time.monotonic() > deadline:
                call.process.kill()
                raise TimeoutError(f"still running after {_LONGEST} s with a full disk: {call.output}")


def _ending_problem(call: Call) -> str | None:
    """What is wrong with how the run ended; None if nothing is. It may have needed no more room."""
    if "Traceback" in call.output:
        return f"a stack trace: {call.output}"
    if call.process.exitcode == 0 or (call.process.exitcode == 1 and _FULL in call.output):
        return None
    return f"exit code {call.process.exitcode}: {call.output}"
