"""Seeds broken on purpose: a gap, an overlap or an inverted range fails the seed's test and names the rows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import duckdb
import pytest

from shopper.dbt import DbtError, run_dbt

RULES: Final = [
    ("value_tier_rules", "share_above_from = 0.6 where value_tier = 'medium'", "gap after the range before"),
    ("value_tier_rules", "share_above_from = 0.4 where value_tier = 'medium'", "overlap with the range before"),
    ("value_tier_rules", "share_above_below = 0.1 where value_tier = 'medium'", "inverted range"),
    ("age_bands", "age_from = 27 where age_band = '25-30'", "gap after the range before"),
    ("rfm_segments", "r_score_to = 4 where rfm_segment = 'champions'", "segments=0"),
]
"""Seed, change, and expected text of the message."""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One dbt target folder for all calls, so that dbt parses only once."""
    return tmp_path_factory.mktemp("rules") / "target"


@pytest.mark.parametrize(("seed", "change", "message"), RULES)
def test_a_broken_rule_fails_with_its_row(
    seed: str, change: str, message: str, sample_warehouse: Path, target: Path, tmp_path: Path
) -> None:
    warehouse = Path(shutil.copy(sample_warehouse, tmp_path / "shop.duckdb"))
    run_dbt(["test", "--select", f"{seed},test_type:data"], warehouse=warehouse, target=target)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"update reference.{seed} set {change}")
    with pytest.raises(DbtError) as failure:
        run_dbt(["test", "--select", f"{seed},test_type:data"], warehouse=warehouse, target=target)
    assert message in str(failure.value)
