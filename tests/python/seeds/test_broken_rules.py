"""Rules broken on purpose: a seed with a gap, an overlap or an inverted range fails its test, which names the rows."""

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
"""Seed, what is set in it, what the message must say of the row."""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One dbt folder for all calls, so that dbt parses once."""
    return tmp_path_factory.mktemp("rules") / "target"


@pytest.mark.parametrize(("seed", "change", "says"), RULES)
def test_broken_rule_is_named(
    seed: str, change: str, says: str, sample_warehouse: Path, target: Path, tmp_path: Path
) -> None:
    warehouse = Path(shutil.copy(sample_warehouse, tmp_path / "shop.duckdb"))
    run_dbt(["test", "--select", f"{seed},test_type:data"], warehouse=warehouse, target=target)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"update reference.{seed} set {change}")
    with pytest.raises(DbtError) as failure:
        run_dbt(["test", "--select", f"{seed},test_type:data"], warehouse=warehouse, target=target)
    assert says in str(failure.value)
