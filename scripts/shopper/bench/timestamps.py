"""How long it takes to read timestamps, by the shape of their text: `python -m shopper.bench.timestamps [values]`.

Prints processor seconds per million values, the best of three runs, and the ratio to ISO text with `Z`.
"""

from __future__ import annotations

import sys
import time
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.project import project_root

# Format of DuckDB's strftime and what follows the text.
SHAPES: Final = {
    "2024-01-31T08:26:00Z": ("%Y-%m-%dT%H:%M:%S", "Z"),
    "2024-01-31 08:26:00": ("%Y-%m-%d %H:%M:%S", ""),
    "2024-01-31 08:26:00.123456": ("%Y-%m-%d %H:%M:%S.%f", ""),
    "2024-01-31 08:26": ("%Y-%m-%d %H:%M", ""),
    "2024-01-31T08:26Z": ("%Y-%m-%dT%H:%M", "Z"),
    "2024-01-31T08:26:00+01:00": ("%Y-%m-%dT%H:%M:%S", "+01:00"),
    "2024-01-31 08:26:00+0100": ("%Y-%m-%d %H:%M:%S", "+0100"),
    "2024-01-31 08:26:00 +0100": ("%Y-%m-%d %H:%M:%S", " +0100"),
    "2024-01-31 08:26:00 +01:00": ("%Y-%m-%d %H:%M:%S", " +01:00"),
    "2024-01-31 08:26:00 UTC": ("%Y-%m-%d %H:%M:%S", " UTC"),
    "2024-01-31 08:26:00,123": ("%Y-%m-%d %H:%M:%S,%g", ""),
    "2024-01-31": ("%Y-%m-%d", ""),
    "20240131": ("%Y%m%d", ""),
    "1706689560 (seconds)": ("epoch", ""),
    "1706689560000 (milliseconds)": ("epoch", "000"),
    "1706689560000000 (microseconds)": ("epoch", "000000"),
}


def measured(values: int) -> dict[str, float]:
    """Processor seconds per million values, by shape. Raises AssertionError if a shape does not read."""
    rules = CastRules(project_root())
    seconds = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set threads = 1")
        for shape, (pattern, end) in SHAPES.items():
            moment = "timestamp '2020-01-01' + to_seconds(range * 997)"
            text = f"cast(cast(epoch({moment}) as bigint) as varchar)" if pattern == "epoch" else (
                f"strftime({moment}, '{pattern}')"
            )  # fmt: skip
            connection.execute(f"create or replace table texts as select {text} || '{end}' as t from range({values})")
            best = float("inf")
            for _ in range(3):
                began = time.process_time()
                row = connection.execute(f"select count({rules.typed('t', 'timestamp')}) from texts").fetchone()
                best = min(best, time.process_time() - began)
                assert row == (values,), f"{shape}: {row} of {values} values read"
            seconds[shape] = best * 1e6 / values
    return seconds


def main() -> None:
    """Print the table."""
    seconds = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
    iso = next(iter(seconds.values()))
    for shape, one in seconds.items():
        print(f"{shape:<32} {one:6.2f} s per million  {one / iso:5.1f} x")


if __name__ == "__main__":
    main()
