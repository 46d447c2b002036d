"""`shopper explain` as a user calls it: what it prints, what it says of bad input, and when it fails."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import duckdb
import pytest

from running import Shopper
from shopper.explain.explaining import explain
from shopper.explain.rules import mart_rules
from shopper.explain.warehouse import as_literal

CELL = ("channel_efficiency", "cac", "--where", "month = '2025-03-01' and channel = 'app'")


@pytest.fixture
def sample(sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPPER_WAREHOUSE", str(sample_warehouse))
    return sample_warehouse


@pytest.fixture(scope="module")
def changeable(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(sample_warehouse, tmp_path_factory.mktemp("changed") / sample_warehouse.name))


@pytest.fixture(scope="module")
def published(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as `shopper publish` writes it: marts, reference and audit without rejected rows."""
    file = tmp_path_factory.mktemp("published") / "shop.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"attach '{sample_warehouse}' as source (read_only)")
        for name in ("marts.kpi_daily", "marts.orders", "marts.sessions", "marts.refunds", "audit.row_ledger"):
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            connection.execute(f"create table {name} as from source.{name}")
    return file


def test_a_cell_down_to_its_rows(shopper: Shopper, sample: Path) -> None:
    ran = shopper("explain", *CELL)
    assert ran.code == 0
    for text in (
        "formula: spend_on_common_days / new_customers_on_common_days",
        "2025-03-01 app / subsidy",
        "models below channel_efficiency <- int_channel_ratios",
        "as of 2025-06-30",
    ):
        assert text in ran.output
    assert ran.output.endswith("The parts add up.")


def test_left_out_rows_have_their_reason(shopper: Shopper, sample: Path) -> None:
    with duckdb.connect(str(sample), read_only=True) as connection:
        month, channel = connection.execute(
            "select order_month, channel from marts.orders where invalid_reason = 'cancelled' order by order_id limit 1"
        ).fetchall()[0]
    ran = shopper("explain", "channel_efficiency", "orders", "--where", f"month = '{month}' and channel = '{channel}'")
    assert "order is cancelled" in ran.output
    bots = shopper(
        "explain",
        "kpi_daily",
        "sessions",
        "--where",
        "date = (select min(session_date) from marts.sessions where is_bot)",
    )
    assert "left out:" in bots.output and " bot" in bots.output


def test_json_holds_the_same(shopper: Shopper, sample: Path) -> None:
    ran = shopper("explain", *CELL, "--json", "--rows", 1)
    found = json.loads(ran.output)
    assert (found["adds_up"], found["measure"]["value"], found["key"]) == (
        True, "63.00", {"month": "2025-03-01", "channel": "app"},
    )  # fmt: skip
    spend = found["measure"]["terms"][0]["parts"][0]
    assert (spend["total"], spend["rest_count"]) == ("126.00", spend["count"] - 1)


def test_no_personal_data_of_landed_rows(shopper: Shopper, sample: Path) -> None:
    ran = shopper("explain", "kpi_daily", "sessions", "--where", "date = '2025-03-05'")
    assert "landed row" in ran.output and "session_id s0" in ran.output
    landed = ran.output.split("landed row")[1].split("models below")[0]
    assert "user_agent" not in landed and "source_row" not in landed


def test_in_chinese(shopper: Shopper, sample: Path) -> None:
    assert "各部分相加等于该数值。" in shopper("explain", *CELL, "--language", "zh").output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("kpi_dayly", "orders"), "there is no mart 'kpi_dayly' in the file; did you mean kpi_daily"),
        (("kpi_daily", "order"), "kpi_daily has no column 'order'; did you mean orders"),
        (("kpi_daily", "orders"), "rows of kpi_daily match; one must: add to --where date (such as '2024-01-01'"),
        (("kpi_daily", "orders", "--where", "date = '1999-01-01'"), "0 rows of kpi_daily match"),
        (("kpi_daily", "orders", "--where", "dat = 1"), 'Referenced column "dat" not found'),
        (("kpi_daily", "orders", "--where", "true); drop table x; --"), "is not one condition on columns of kpi_daily"),
        (("kpi_daily", "orders", "--where", "exists (from read_csv('/etc/passwd'))"), "is not one condition"),
        (("kpi_daily", "orders", "--language", "fr"), "--language 'fr': expected one of en, zh"),
    ],
)
def test_bad_input_is_one_sentence(arguments: tuple[str, ...], sentence: str, shopper: Shopper, sample: Path) -> None:
    ran = shopper("explain", *arguments)
    assert ran.code == 2
    assert sentence in ran.output


def test_without_a_file(shopper: Shopper, tmp_path: Path) -> None:
    ran = shopper("explain", *CELL, "--warehouse", tmp_path / "none.duckdb")
    assert (ran.code, "no such file; run `make build` or `shopper run` first" in ran.output) == (2, True)


def test_while_a_run_writes(shopper: Shopper, changeable: Path) -> None:
    writing = f"import duckdb; c = duckdb.connect({str(changeable)!r}); print('ready', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", writing], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout and writer.stdin and writer.stdout.readline()
        ran = shopper("explain", *CELL, "--warehouse", changeable)
        writer.communicate(b"\n")
    assert ran.code == 75
    assert "is writing it; wait, or explain the published file (--published)" in ran.output


def test_models_of_another_release(shopper: Shopper, changeable: Path, tmp_path: Path) -> None:
    older = shutil.copy(changeable, tmp_path / changeable.name)
    with duckdb.connect(str(older)) as connection:
        connection.execute("alter table intermediate.int_customer_acquisitions rename retained_days to days")
    ran = shopper("explain", "channel_efficiency", "retained_days", *CELL[2:], "--warehouse", older)
    assert ran.code == 2
    assert "channel_efficiency.retained_days: the models below are not those of this release" in ran.output


def test_parts_that_do_not_add_up_fail(shopper: Shopper, changeable: Path) -> None:
    with duckdb.connect(str(changeable)) as connection:
        connection.execute("update marts.orders set net_revenue = net_revenue + 0.01 where order_id = 'o00989'")
    ran = shopper("explain", "kpi_daily", "aov", "--where", "date = '2025-03-05'", "--warehouse", changeable)
    assert ran.code == 1
    assert "The parts do not add up: net_revenue" in ran.output
    assert "the parts give: 2,474.51" in ran.output


def test_a_published_file_as_far_as_it_goes(shopper: Shopper, published: Path) -> None:
    day = ("--where", "date = '2025-03-05'", "--warehouse", published)
    revenue, spend = (
        shopper("explain", "kpi_daily", "net_revenue", *day),
        shopper("explain", "kpi_daily", "spend", *day),
    )
    assert (revenue.code, spend.code) == (0, 0)
    assert "The parts add up." in revenue.output
    assert "not checked: intermediate.int_marketing_spend_channels not in this file" in spend.output
    assert "the models below the marts are in the working warehouse" in spend.output


def test_what_a_published_file_cannot_tell_is_not_called_wrong(sample_warehouse: Path, tmp_path: Path) -> None:
    """Of every mart with rules, all columns of its first and last row."""
    file = Path(shutil.copy(sample_warehouse, tmp_path / "shop.duckdb"))
    with duckdb.connect(str(file)) as connection:
        for schema in ("intermediate", "staging"):
            connection.execute(f"drop schema {schema} cascade")
        wrong, checked = [], 0
        for mart, rules in mart_rules().items():
            columns = [row[0] for row in connection.execute(f"describe marts.{mart}").fetchall()]
            keys = [name for name in rules.key if name in columns]
            for order in ("asc", "desc"):
                ordered = ", ".join(f"{key} {order}" for key in keys)
                result = connection.execute(f"select {', '.join(keys)} from marts.{mart} order by {ordered} limit 1")
                row = zip(keys, result.fetchall()[0], strict=True)
                where = " and ".join(f"{key} is not distinct from {as_literal(value)}" for key, value in row)
                found = {column: explain(connection, mart, column, where) for column in columns}
                wrong += [(mart, name, where) for name, one in found.items() if one.measure.broken]
                checked += sum(one.adds_up is True for one in found.values())
    assert wrong == [] and checked > 50


def test_a_mart_without_rules(shopper: Shopper, sample: Path) -> None:
    ran = shopper(
        "explain", "gift_cards", "outstanding_amount", "--where", "month = (select max(month) from marts.gift_cards)"
    )
    assert ran.code == 0
    assert "gift_cards <- " in ran.output
    assert "Nothing was checked: outstanding_amount" in ran.output


def test_an_answer_within_seconds(shopper: Shopper, sample: Path) -> None:
    begun = perf_counter()
    shopper("explain", "channel_efficiency", "clv_to_cac", "--where", "month = '2025-03-01' and channel = 'app'")
    assert perf_counter() - begun < 5


def test_the_example_of_the_docs(shopper: Shopper, sample: Path, root: Path) -> None:
    text = (root / "docs/explain.md").read_text(encoding="utf-8")
    command, answer = text.split("```\n")[1], text.split("```\n")[3]
    assert shopper(*shlex.split(command)[1:]).output == " ".join(answer.split())
