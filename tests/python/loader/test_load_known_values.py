"""Every text that a reference seed knows counts as known when it is loaded, however the seed writes it."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from shopper.casts import CastRules
from shopper.contract import load_contract
from shopper.load.quality import seed_of, value_sql

COLUMNS = [("orders", "status"), ("events", "event_type"), ("payments", "status"), ("orders", "sales_channel")]


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_every_value_of_a_seed_is_known(table: str, name: str, root: Path) -> None:
    column = load_contract(root).by_name[table].by_name[name]
    assert column.enumeration is not None
    with seed_of(root, column.enumeration).open(encoding="utf-8", newline="") as lines:
        texts = [
            row["raw_value"]
            for row in csv.DictReader(lines)
            if row.get("enumeration", column.enumeration) == column.enumeration
        ]
    known = value_sql(CastRules(root), root, column)
    unknown = duckdb.execute(
        f"select {name} from (select unnest($texts) as {name}) where ({known}) is null", {"texts": texts}
    ).fetchall()
    assert texts
    assert unknown == []


def test_every_type_of_the_contract_is_cast_without_dbt(root: Path) -> None:
    """The loader renders the casts from the macros that it knows: one that they use anew must be among them."""
    rules = CastRules(root)
    types = {column.type for table in load_contract(root).tables for column in table.columns} - {"enum"}
    assert len(types) > 10
    for column_type in types:
        duckdb.execute(f"select {rules.typed(rules.clean('text'), column_type)} from (select '7' as text)").fetchall()
