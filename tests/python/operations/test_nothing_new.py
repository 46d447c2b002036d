"""A run without anything new leaves the published generation as it is; with anything new it publishes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from operated_shop import Shop


def _run(shop: Shop, *arguments: object) -> tuple[str, str]:
    """Run, and return the status and the generation that readers see."""
    call = shop.run(*arguments)
    assert call.process.exitcode == 0, call.output
    return shop.report()["status"], shop.seen().generation


def test_a_run_without_anything_new_publishes_nothing(shop: Shop) -> None:
    before, published = shop.state(), shop.report()
    status, generation = _run(shop)
    assert status == "unchanged"
    assert shop.state() == before
    report = shop.report()
    assert report["generation"] == generation and report["exit_code"] == 0
    told = ("as_of_date", "ledger", "quarantine")
    assert [report[name] for name in told] == [published[name] for name in told] and report["ledger"]
    assert [step["name"] for step in report["steps"]] == ["check", "load"]


@pytest.mark.parametrize("change", ["orders", "vars", "rows", "label", "build", "rollback"])
def test_anything_new_is_published(change: str, shop: Shop) -> None:
    _status, first = _run(shop)
    if change == "orders":
        shop.orders(version=1)
    elif change == "vars":
        shop.configure(vars={"as_of_date": "2024-01-10"})
    elif change == "rows":
        # Another tool writes into raw.
        with duckdb.connect(str(shop.warehouse)) as connection:
            connection.execute("create table raw.other as select 1 as number")
    elif change == "label":
        shop.configure(gates=[{"table": "orders", "column": "ordered_at", "stale_after": "1 day", "then": "label"}])
    elif change == "build":
        with duckdb.connect(str(shop.warehouse)) as connection:
            connection.execute("update landing.last_build set invocation_id = 'another'")
    else:
        shop.orders(version=1)
        _run(shop)
        assert shop.rollback().process.exitcode == 0
    status, second = _run(shop)
    assert status == "published" and second != first


def test_edited_code_is_published(shop: Shop, tmp_path: Path) -> None:
    assert _run(shop)[0] == "unchanged"
    rules = shop.project / "seeds" / "reference" / "spending_levels.csv"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("middle,5000", "middle,6000"), encoding="utf-8")
    try:
        assert _run(shop)[0] == "published"
    finally:
        rules.write_text(text, encoding="utf-8")


def test_labels_that_time_alone_adds_are_published(shop: Shop) -> None:
    shop.configure(gates=[{"table": "orders", "column": "ordered_at", "stale_after": "5 days", "then": "label"}])
    assert _run(shop, "--now", "2024-03-02T00:00:00Z")[0] == "unchanged"
    assert _run(shop, "--now", "2024-03-20T00:00:00Z")[0] == "published"
    assert _run(shop, "--now", "2024-03-20T00:00:00Z")[0] == "unchanged"
