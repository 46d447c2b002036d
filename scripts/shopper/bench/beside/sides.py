"""Two sides of one computation, ours and a package's, each in a process of its own.

A comparison is a module with `PACKAGE`, `export` (the inputs from a built warehouse into a folder), `ours` and
`theirs`. A side reads the inputs and returns the step that is timed; the step returns figures by which the sides are
compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from shopper.bench.measured import Measured, peak_megabytes
from shopper.dbt import PROJECT

COMPARISONS: Final = {
    "rfm": "recency, frequency and monetary value with scores",
    "clv": "lifetime value (BG/NBD and Gamma-Gamma)",
    "baskets": "product pairs",
    "markov": "removal effects of channels",
}
"""What is compared, by module."""

Step = Callable[[], Mapping[str, float]]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: who computed, at what cost, and figures of the result; or the error that ended it."""

    what: str
    who: str
    cost: Measured | None
    figures: Mapping[str, float]
    error: str | None = None


def both_sides(name: str, warehouse: Path, python: str) -> list[Side]:
    """Ours and theirs for one of COMPARISONS. python: of an environment with the package."""
    with tempfile.TemporaryDirectory() as folder:
        module = _module(name)
        module.export(warehouse, Path(folder))
        return [_run(name, "ours", sys.executable, folder), _run(name, "theirs", python, folder)]


def _run(name: str, side: str, python: str, folder: str) -> Side:
    command = [python, "-m", "shopper.bench.beside.sides", name, side, folder]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "scripts")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    who = "this project" if side == "ours" else _module(name).PACKAGE
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return Side(COMPARISONS[name], who, None, {}, last)
    found = json.loads(done.stdout.splitlines()[-1])
    return Side(COMPARISONS[name], who, Measured(*found["cost"]), found["figures"])


def _module(name: str) -> Any:
    return import_module(f"shopper.bench.beside.{name}")


def _child(name: str, side: str, folder: str) -> None:
    """Run one side in this process. Prints its cost and figures as JSON."""
    step: Step = getattr(_module(name), side)(Path(folder))
    wall, cpu = time.perf_counter(), time.process_time()
    figures = step()
    cost = (time.perf_counter() - wall, time.process_time() - cpu)
    print(json.dumps({"cost": [*cost, peak_megabytes()], "figures": dict(figures)}))


if __name__ == "__main__":
    _child(*sys.argv[1:])
