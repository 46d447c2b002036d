"""What a step of a benchmark costs: it runs in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import multiprocessing
import re
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Wall-clock seconds, processor seconds of all threads, and the largest resident memory of the process, in MB."""

    seconds: float
    cpu_seconds: float
    peak_megabytes: float


def measured(step: Callable[..., None], *arguments: Any) -> Measured:
    """Run a function of a module in a new process. Raises what it raises."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_run, step, arguments).result()


def _run(step: Callable[..., None], arguments: tuple[Any, ...]) -> Measured:
    wall, cpu = time.perf_counter(), time.process_time()
    step(*arguments)
    return Measured(time.perf_counter() - wall, time.process_time() - cpu, peak_megabytes())


def peak_megabytes() -> float:
    """The largest resident memory of this process. On Linux without that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
