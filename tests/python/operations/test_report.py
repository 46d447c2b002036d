"""Output of a run: log lines, the report page, and changes against the previous generation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from operated_shop import Shop

from shopper.run.changes import Changes, compare
from shopper.run.config import Unusual

Compare = Callable[[dict[int, int], dict[int, int]], Changes]
FIRST = date(2024, 1, 1)


@pytest.fixture
def changes(tmp_path: Path) -> Compare:
    """Changes between two sets of orders by day (days are numbered from the first)."""

    def run(before: dict[int, int], after: dict[int, int]) -> Changes:
        files = []
        for name, orders in (("before", before), ("after", after)):
            files.append(tmp_path / f"{name}.duckdb")
            files[-1].unlink(missing_ok=True)
            with duckdb.connect(str(files[-1])) as connection:
                connection.execute("create schema marts")
                connection.execute(
                    "create table marts.kpi_daily (date date, orders bigint, net_revenue decimal(18, 2))"
                )
                rows = [(FIRST + timedelta(days=day), count, count * 10) for day, count in orders.items()]
                connection.executemany("insert into marts.kpi_daily values (?, ?, ?)", rows)
                total = sum(orders.values())
                connection.execute(f"create table marts.orders as select range as order_id from range({total})")
        return compare(files[1], files[0], "the one before", Unusual())

    return run


def test_one_more_usual_day_is_not_marked(changes: Compare) -> None:
    found = changes(dict.fromkeys(range(70), 20), dict.fromkeys(range(71), 20))
    assert found.unusual == []
    assert found.before == "the one before" and found.last_day == FIRST + timedelta(days=70)
    orders = next(metric for metric in found.metrics if metric.metric == "orders")
    assert (orders.total, orders.total_before, orders.last_day, orders.usual) == (1420, 1400, 20, 20)


def test_removed_rows_are_marked(changes: Compare) -> None:
    found = changes(dict.fromkeys(range(70), 20), dict.fromkeys(range(70), 15))
    assert "orders: 1,400 rows before, 1,050 now" in found.unusual
    assert "orders: 1,400 before, 1,050 now, same days" in found.unusual  # restated history


def test_restated_history_is_marked_above_one_percent(changes: Compare) -> None:
    before = dict.fromkeys(range(70), 100)
    assert changes(before, {**before, 5: 170}).unusual == []  # exactly 1 % of 7,000
    assert "orders: 7,000 before, 7,071 now, same days" in changes(before, {**before, 5: 171}).unusual


def test_a_last_day_outside_the_range_of_its_weekday_is_marked(changes: Compare) -> None:
    before = dict.fromkeys(range(70), 20)
    found = changes(before, {**before, 70: 31})
    assert f"orders: 31 on {FIRST + timedelta(days=70)}, usually 20 on this weekday" in found.unusual
    assert changes(before, {**before, 70: 30}).unusual == []  # 50 % more is still usual
    noisy = {**before, 63: 40}
    assert not any("31 on" in line for line in changes(noisy, {**noisy, 70: 31}).unusual)  # a week ago it was 40


def test_the_first_generation_has_no_changes(tmp_path: Path, changes: Compare) -> None:
    changes({0: 1}, {0: 1})
    found = compare(tmp_path / "after.duckdb", None, None, Unusual())
    assert (found.before, found.unusual) == (None, [])


def test_a_log_has_a_line_for_every_step_with_its_time(shop: Shop) -> None:
    shop.orders(version=1)
    call = shop.run()
    assert call.process.exitcode == 0, call.output
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \+\d+\.\ds "
    lines = [line for line in call.output.splitlines() if line]
    assert all(re.match(stamp, line) for line in lines)
    output = [re.sub(stamp, "", line) for line in lines]
    for step in ("check", "load", "build", "publish"):
        assert f"{step}: started" in output
        assert any(re.match(rf"{step}: ok in \d+\.\d s, ", line) for line in output)
    assert "\x1b" not in call.output


def test_the_report_is_published_with_the_generation(shop: Shop) -> None:
    shop.orders(version=1)
    before = shop.seen().generation
    assert shop.run().process.exitcode == 0
    published = shop.published / "current" / "report.json"
    document = json.loads(published.read_text(encoding="utf-8"))
    assert document["generation"] == shop.seen().generation == shop.report()["generation"]
    assert [step["name"] for step in document["steps"]] == ["check", "load", "build", "publish"]
    assert document["status"] == "published" and document["as_of_date"] == "2024-03-01"
    assert document["load"]["sources"] == [{"name": "orders", "files": 1, "rows": 2440, "rejects": 0}]
    assert document["ledger"] == [
        {"table_name": "orders", "rows_in": 2440, "staged": 2440, "duplicates": 0, "quarantined": 0}
    ]
    assert document["published_rows"]["marts.orders"] == 2440
    assert document["changes"]["before"] == before
    moved = {change["mart"]: (change["before"], change["after"]) for change in document["changes"]["rows"]}
    assert moved["orders"] == (2400, 2440)
    assert {node["name"] for node in document["build"]["slowest"]} >= {"int_orders", "orders"}
    listed = json.loads((shop.published / "current" / "metrics.json").read_text(encoding="utf-8"))
    assert listed["metrics"] == []  # the small project defines none
    assert (shop.published / "report.html").readlink() == Path("current/report.html")


class _Page(HTMLParser):
    """Collects the open tags and the external resources of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br", "link", "img"}:
            self.open.append(tag)
        self.fetched += [f"{tag} {name}" for name, _value in attrs if name in {"src", "href", "onload", "onclick"}]
        if tag == "script":
            self.fetched.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_no_external_resources_and_escapes_text(shop: Shop) -> None:
    shop.configure(name="<script>alert(1)</script>", vars={"reporting_currency": "EUR"})
    shop.orders(more="select 'o7' as order_id, '<b>' as customer_id, '2024-01-05' as ordered_at, '1' as total_amount")
    assert shop.run().process.exitcode == 1
    page = shop.warehouse.with_suffix(".run") / "reports" / "latest" / "report.html"
    text = page.read_text(encoding="utf-8")
    parser = _Page()
    parser.feed(text)
    assert (parser.open, parser.fetched) == ([], [])
    assert "url(" not in text and "prefers-color-scheme: dark" in text
    assert "unique_key_orders_order_id" in text and "key_part_1=o7" in text


def test_only_the_reports_of_the_last_runs_are_kept(shop: Shop) -> None:
    shop.configure(select="row_ledger", keep={"reports": 2})
    home = shop.warehouse.with_suffix(".run") / "reports"
    for _ in range(3):
        shop.run()
    kept = sorted(path.name for path in home.iterdir() if not path.is_symlink())
    assert len(kept) == 2 and (home / "latest").readlink().name == kept[-1]


def test_raw_values_are_masked_where_readers_see_them(shop: Shop) -> None:
    shop.orders(
        more="select 'x' as order_id, 'c1' as customer_id, '2024-01-05' as ordered_at, '5' as total_amount,"
        " 'Wei 1380' as status"
    )
    assert shop.run().process.exitcode == 0
    assert "for example 'Wei 1380'" in " ".join(shop.report()["load"]["notes"])
    published = "".join(path.read_text("utf-8") for path in sorted((shop.published / "current").glob("report.*")))
    assert "Aaa 9999" in published and "Wei" not in published
