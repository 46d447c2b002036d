"""kill -9 at random moments of runs: what is published stays whole, and the next run ends as if nothing had been.

Moments are drawn so that every step is hit: the steps take turns in random order, and from a step's beginning it is a
random time up to what it usually takes.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shopper.bench.endurance.processes import Call, Processes
from shopper.bench.endurance.published import differing, read_whole
from shopper.publish.generations import Generations

# A step may take longer than usual, so that its end is hit too; and now and then the run is over before.
_LATE: Final = 1.2


@dataclass
class Shop:
    """What is run again and again: `configs` are versions of one shop that share warehouse and publish folder."""

    configs: list[Path]
    published: Path
    environment: dict[str, str]

    @property
    def file(self) -> Path:
        """The DuckDB file that BI opens."""
        found: Path = next(iter((self.published / "current").glob("*.duckdb")))
        return found


@dataclass
class KillFigures:
    """What was seen. `during` are the steps that were killed; `recovered` the runs after a kill that were let end."""

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
    tell: Callable[[str], None],
    recover_share: float = 0.5,
) -> KillFigures:
    """Kill so many runs; after about `recover_share` of the kills, and after the last, let the next run end.

    `baselines` are published files of the versions, each by a run in a place of its own that was never killed. One
    generation must be published already.
    """
    chance = random.Random(seed)
    usual = _usual_steps(processes, shop)
    figures = KillFigures()
    version = 0
    steps: list[str] = []
    while figures.kills < kills:
        version = (version + 1) % len(shop.configs)
        before = Generations(shop.published).current()
        call = processes.start(["run", shop.configs[version]], shop.environment)
        steps = steps or chance.sample(list(usual), len(usual))
        step = steps.pop()
        if call.wait_for(f"{step}: begins"):
            time.sleep(chance.uniform(0, _LATE * usual[step]))
        if not call.kill():
            figures.ended_before += 1
            if call.process.exitcode != 0:
                figures.problems.append(f"a run that was not killed ended with {call.process.exitcode}: {call.output}")
            continue
        figures.kills += 1
        during = _step_of(call)
        figures.during[during] += 1
        problem = _judge(shop, before, during)
        if problem:
            figures.problems.append(f"kill {figures.kills} during {during}: {problem}")
        if figures.kills == kills or chance.random() < recover_share:
            figures.recovered += 1
            problem = _recover(shop, version, baselines[version], processes)
            if problem:
                figures.problems.append(f"after kill {figures.kills} during {during}: {problem}")
        tell(f"{figures.kills} of {kills} runs killed, {figures.recovered} recovered, {len(figures.problems)} problems")
    return figures


def _usual_steps(processes: Processes, shop: Shop) -> dict[str, float]:
    """Seconds by step of a run that is let end."""
    call = processes.run("run", shop.configs[0], environment=shop.environment)
    steps = re.findall(r"(\w+): ok in ([0-9.]+) s", call.output)
    if call.process.exitcode != 0 or not steps:
        raise AssertionError(f"a run that was left alone ended with {call.process.exitcode}: {call.output}")
    return {name: float(seconds) for name, seconds in steps}


def _step_of(call: Call) -> str:
    """The step that had begun last, or `start` and `end` for what is before and after all of them."""
    lines = re.findall(r"(\w+): (begins|ok)", call.output)
    if not lines:
        return "start"
    name, what = lines[-1]
    return name if what == "begins" else ("end" if name == "publish" else f"after {name}")


def _judge(shop: Shop, before: str | None, during: str) -> str | None:
    """What is wrong with what is published after a kill."""
    try:
        seen = read_whole(shop.published)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if seen.generation != before and during not in {"publish", "end"}:
        return f"published {seen.generation} although it was killed before"
    return None


def _recover(shop: Shop, version: int, baseline: Path, processes: Processes) -> str | None:
    """What is wrong with the run after a kill."""
    call = processes.run("run", shop.configs[version], environment=shop.environment)
    if call.process.exitcode != 0:
        return f"the next run ended with {call.process.exitcode}: {call.output}"
    try:
        read_whole(shop.published)
        differences = differing(shop.file, baseline)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "; ".join(differences) or None
