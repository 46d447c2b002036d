"""Kills runs with SIGKILL at random times: published data stays complete, and the next run gives the same result as
without a kill.

Every step is hit: the steps take turns in random order, and the kill comes at a random time up to the step's usual
duration.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from shopper.bench.endurance.processes import Call, Processes
from shopper.bench.endurance.published import differing, read_whole
from shopper.publish.generations import Generations

# Kill up to 1.2 times the usual duration, so that the end of a step is hit too. Some runs then end before the kill.
_LATE: Final = 1.2


@dataclass
class Shop:
    """The shop that is run repeatedly. `configs` are versions with the same warehouse and publish folder."""

    configs: list[Path]
    published: Path
    environment: dict[str, str]
    _runs: Iterator[int] = field(default_factory=count)

    def start(self, processes: Processes, version: int, *options: str) -> Call:
        """Start a run that builds and publishes, even if nothing is new: no run before had its environment."""
        environment = {**self.environment, "SHOPPER_ENDURANCE_RUN": str(next(self._runs))}
        return processes.start(["run", self.configs[version % len(self.configs)], *options], environment)

    @property
    def file(self) -> Path:
        """The DuckDB file that BI opens."""
        found: Path = next(iter((self.published / "current").glob("*.duckdb")))
        return found


@dataclass
class KillFigures:
    """Results. `during`: kills by step. `recovered`: number of runs after a kill that were completed."""

    kills: int = 0
    ended_before: int = 0
    recovered: int = 0
    during: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def kill_runs(
    shop: Shop,
    baselines: list[Path],
    processes: Processes,
    kills: int,
    seed: int,
    log: Callable[[str], None],
    recover_share: float = 0.5,
) -> KillFigures:
    """Kill `kills` runs. After a share of `recover_share` of the kills, and after the last one, complete the next run.

    baselines: published file of each version, by a run in its own folder that was never killed. One generation must be
    published already.
    """
    chance = random.Random(seed)
    usual = _usual_steps(processes, shop)
    figures = KillFigures()
    version = 0
    steps: list[str] = []
    while figures.kills < kills:
        version = (version + 1) % len(shop.configs)
        before = Generations(shop.published).current()
        call = shop.start(processes, version)
        steps = steps or chance.sample(list(usual), len(usual))
        step = steps.pop()
        if call.wait_for(f"{step}: started"):
            time.sleep(chance.uniform(0, _LATE * usual[step]))
        if not call.kill():
            figures.ended_before += 1
            if call.process.exitcode != 0:
                figures.problems.append(f"a run that was not killed ended with {call.process.exitcode}: {call.output}")
            continue
        figures.kills += 1
        during = _step_of(call)
        figures.during[during] += 1
        problem = published_problem(shop, before, during)
        if problem:
            figures.problems.append(f"kill {figures.kills} during {during}: {problem}")
        if figures.kills == kills or chance.random() < recover_share:
            figures.recovered += 1
            problem = recovery_problem(shop, version, baselines[version], processes)
            if problem:
                figures.problems.append(f"after kill {figures.kills} during {during}: {problem}")
        log(f"{figures.kills} of {kills} runs killed, {figures.recovered} recovered, {len(figures.problems)} problems")
    return figures


def _usual_steps(processes: Processes, shop: Shop) -> dict[str, float]:
    """Seconds by step of an undisturbed run."""
    call = shop.start(processes, 0)
    call.wait()
    steps = re.findall(r"(\w+): ok in ([0-9.]+) s", call.output)
    if call.process.exitcode != 0 or not steps:
        raise AssertionError(f"an undisturbed run ended with {call.process.exitcode}: {call.output}")
    return {name: float(seconds) for name, seconds in steps}


def _step_of(call: Call) -> str:
    """The step that was started last, `after <step>` between steps, or `start` or `end`."""
    lines = re.findall(r"(\w+): (started|ok)", call.output)
    if not lines:
        return "start"
    name, what = lines[-1]
    return name if what == "started" else ("end" if name == "publish" else f"after {name}")


def published_problem(shop: Shop, before: str | None, during: str) -> str | None:
    """The problem of the published data after a kill; None if there is none."""
    try:
        seen = read_whole(shop.published)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if seen.generation != before and during not in {"publish", "end"}:
        return f"published {seen.generation} although it was killed before"
    return None


def recovery_problem(shop: Shop, version: int, baseline: Path, processes: Processes) -> str | None:
    """The problem of the run after a kill; None if there is none."""
    call = processes.run("run", shop.configs[version], environment=shop.environment)
    if call.process.exitcode != 0:
        return f"the next run ended with {call.process.exitcode}: {call.output}"
    try:
        read_whole(shop.published)
        differences = differing(shop.file, baseline)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "; ".join(differences) or None
