"""What tests of `shopper doctor` on landed tables share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from diagnosing import Diagnose, Findings

from landing import RawRow, land
from running import Shopper


@pytest.fixture
def diagnose(shopper: Shopper, warehouse: Path) -> Diagnose:
    """Land raw tables and return the findings by check and subject."""

    def run(**tables: Sequence[RawRow]) -> Findings:
        land(warehouse, tables)
        result = shopper("doctor", "--json", "--vars", "{reporting_currency: EUR}")
        assert result.output.startswith("{"), result.output
        return {(one["check"], one["subject"]): one for one in json.loads(result.output)["findings"]}

    return run
