"""The filter of `shopper export`: one condition on columns of marts, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from shopper.errors import BadInput
from shopper.export.exporting import Export, export, formula_safe
from shopper.publish.generations import Keep
from shopper.publish.publishing import publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A publish folder with the tags of three customers."""
    warehouse = tmp_path / "shop.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.customer_tags as select 'c' || range as customer_id, 'rfm' as tag_group, 'x' as tag"
            " from range(3)"
        )
        connection.execute("create table marts.customers as select 'c1' as customer_id")
    publish(warehouse, tmp_path / "published", Keep(), datetime(2024, 1, 31, tzinfo=UTC))
    return tmp_path / "published"


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        (None, 3),
        ("customer_id = 'c1' -- the first", 1),
        ("customer_id in (select customer_id from marts.customers)", 1),
        ("tag = 'x' or false", 3),
    ],
)
def test_a_condition_filters_a_list(folder: Path, tmp_path: Path, where: str | None, rows: int) -> None:
    assert export(folder, "shop", [Export("tags", str(tmp_path / "lists"), where)])[0].rows == rows


@pytest.mark.parametrize(
    "where",
    [
        "true); copy (select 1) to '{file}'; select (true",
        "true) order by 1; drop table marts.customer_tags; select * from (select 1",
        "exists (select * from read_text('{file}'))",
        "customer_id in (select customer_id from '{file}')",
        "",
    ],
)
def test_anything_else_is_refused(folder: Path, tmp_path: Path, where: str) -> None:
    secret = tmp_path / "secret.csv"
    requested = Export("tags", str(tmp_path / "lists"), where.format(file=secret) or " ")
    with pytest.raises(BadInput, match="is not one condition on columns of marts"):
        export(folder, "shop", [requested])
    assert not secret.exists() and not (tmp_path / "lists" / "tags.csv").exists()


@pytest.mark.parametrize(
    "before", ["", " ", "\t", "\u00a0", "\u3000", "\u200b", "\u202e", "\ufeff", "\x00", "\x1b", "\x7f"]
)
def test_a_formula_is_defused_whatever_stands_before_it(before: str) -> None:
    safe = f"select {formula_safe('tag', 'VARCHAR')} from (select ? as tag)"
    for sign in "=+-@\uff1d\uff0b\uff0d\uff20\ufe66":
        text = f"{before}{sign}cmd|'/c calc'!A0"
        assert duckdb.execute(safe, [text]).fetchall() == [(f"'{text}",)]
    assert duckdb.execute(safe, ["\u200ba=b"]).fetchall() == [("\u200ba=b",)]
