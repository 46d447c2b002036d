"""The built small shop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mart_rows import Marts

from data_tests import DataTests
from replay import Replay

AS_OF: Final = "2025-05-15"
"""Weeks before the sample ends, so that there are later rows."""
VARIABLES: Final = {"raw_data": "source", "as_of_date": AS_OF, "clv_min_repeat_customers": 20}


@dataclass(frozen=True)
class Base:
    """The warehouse that dbt built, its marts, and its models and data tests to run again."""

    replay: Replay
    data_tests: DataTests
    warehouse: Path
    marts: Marts
