"""DuckDB 1.5 reads texts without an offset in the zone of a text with a zone by name before them, DuckDB 2 does not.

That is why timestamps with a zone by name are rejected (a unit test of base_messages holds that). A test that fails
here says that DuckDB has changed: docs/engines.md and `parsed_timestamp` speak of it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shopper.dbt import PROJECT

# The hour of 08:00 without an offset, after 08:00 in a zone of eight hours before UTC.
_READ = """
import duckdb
connection = duckdb.connect()
connection.execute("set TimeZone = 'UTC'")
texts = "(values ('2024-02-10 08:00:00 PST'), ('2024-02-10 08:00:00')) as texts(t)"
print(connection.execute(f"select list(hour(try_cast(t as timestamptz)) order by t desc) from {texts}").fetchone()[0])
"""


@pytest.mark.parametrize(
    ("python", "hours"),
    [(Path(sys.executable), [16, 16]), (PROJECT / ".venv-duckdb2" / "bin" / "python", [16, 8])],
    ids=["1", "2"],
)
def test_the_hour_of_a_text_after_one_with_a_zone_by_name(python: Path, hours: list[int]) -> None:
    if not python.is_file():
        pytest.skip("DuckDB 2 is not installed; make duckdb2 installs it")
    ran = subprocess.run([str(python), "-c", _READ], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str(hours)
