"""The Spark session of this process, in the environment of `make spark`: its settings, its statements, its cost."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

# With ANSI mode on, a value that does not fit its type is an error.
_ANSI: Final = {"spark.sql.ansi.enabled": "true"}
# What suits many small queries: expressions are interpreted, since one ends before generated code would pay; pages of
# memory are small, since each sort and aggregate takes one of 64 MB otherwise; Java compiles fast rather than well.
SMALL: Final = _ANSI | {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.buffer.pageSize": "1m",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=512m",
}
# What suits a large shop on one machine; see docs/spark.md.
LARGE: Final = _ANSI | {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.extraJavaOptions": "-XX:ReservedCodeCacheSize=512m",
}


def fit_session(settings: Mapping[str, str]) -> None:
    """Let the session that dbt's adapter makes have these settings too. The adapter alone turns ANSI mode off."""
    from dbt.adapters.spark.connections import SparkCredentials

    finish = SparkCredentials.__post_init__

    def finish_and_fit(self: SparkCredentials) -> None:
        finish(self)
        self.server_side_parameters.update(settings)

    SparkCredentials.__post_init__ = finish_and_fit


def run_sql(statement: str) -> Any:
    """The result of a statement in the session of this process."""
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate().sql(statement)


def processor_seconds() -> float:
    """Of this process and of the session's Java, since they began."""
    ticks = os.sysconf("SC_CLK_TCK")
    # Processor time of a process, as user and as system: fields 14 and 15 of proc(5), after the name in brackets.
    fields = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in _processes()]
    return sum(int(found[11]) + int(found[12]) for found in fields) / ticks


def peak_megabytes() -> float:
    """The largest resident memory of this process and that of the session's Java, added up."""
    texts = [Path(f"/proc/{process}/status").read_text() for process in _processes()]
    return sum(int(found[1]) for text in texts if (found := re.search(r"VmHWM:\s+(\d+) kB", text))) / 1024


def _processes() -> list[int]:
    """Ids of this process and, if there is a session, of its Java."""
    loaded = sys.modules.get("pyspark")
    gateway = loaded.SparkContext._gateway if loaded else None
    return [os.getpid()] if gateway is None else [os.getpid(), gateway.proc.pid]
