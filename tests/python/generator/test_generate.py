"""The sample shop: identical output, planted truths and planted faults, with one block and with several."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shopper.contract import load_contract
from shopper.errors import BadInput
from shopper.generate import generate
from shopper.generate.blocks import ID_COLUMNS, fault_rows
from shopper.generate.check import measure, off_target
from shopper.generate.clock import AS_OF, local_day
from shopper.generate.faults import Fault, faults
from shopper.generate.raw_shop import read_shop
from shopper.generate.valid_rows import read
from shopper.planted_truths import Truth, truths

ROOT = Path(__file__).resolve().parents[3]
SEEDS = ROOT / "seeds" / "raw"
MOST_BYTES = 5_500_000
BLOCKS = 2
CONTRACT = load_contract(ROOT)


@pytest.fixture(scope="session")
def measured() -> dict[str, float]:
    return measure(SEEDS)


@pytest.fixture(scope="session")
def two_blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two_blocks")
    generate(folder, blocks=BLOCKS)
    return folder


@cache
def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"raw_{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))}


def test_committed_seeds_equal_the_output_of_the_command(tmp_path: Path) -> None:
    generate(tmp_path)
    assert digests(tmp_path) == digests(SEEDS)


def test_output_does_not_depend_on_hash_order(tmp_path: Path) -> None:
    for hash_seed in ("1", "2"):
        call = f"generate(Path({str(tmp_path / hash_seed)!r}))"
        code = f"from pathlib import Path; from shopper.generate import generate; {call}"
        environment = {
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": str(ROOT / "scripts"),
            "TZ": "America/New_York",
        }
        subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=ROOT)
    assert digests(tmp_path / "1") == digests(tmp_path / "2") == digests(SEEDS)


def test_another_seed_is_another_shop_with_the_same_truths(tmp_path: Path) -> None:
    generate(tmp_path, seed=7)
    assert digests(tmp_path)["raw_orders.csv"] != digests(SEEDS)["raw_orders.csv"]
    assert off_target(measure(tmp_path)) == []


def test_seeds_stay_small() -> None:
    assert sum(path.stat().st_size for path in SEEDS.glob("*.csv")) <= MOST_BYTES


@pytest.mark.parametrize("table", [table.name for table in CONTRACT.tables])
def test_every_table_has_rows_and_the_columns_of_the_contract(table: str) -> None:
    with (SEEDS / f"raw_{table}.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [column.name for column in CONTRACT.by_name[table].columns]
    assert rows
    assert {len(row) for row in rows} == {len(header)}


def test_orders_and_sessions_on_nearly_every_day() -> None:
    shop = read_shop(SEEDS)
    for days in ({order.day for order in shop.orders}, {visit.day for visit in shop.visits if not visit.is_bot}):
        assert max(days) == AS_OF
        assert len(days) >= 0.98 * (AS_OF + 1)


def test_orders_and_their_events_agree() -> None:
    for visit in read_shop(SEEDS).visits:
        for order in visit.orders:
            if (order.row["order_id"] or "").startswith("bad-"):
                continue
            moments = [at for at, kind, _ in visit.events if kind in ("place_order", "purchase")]
            assert order.placed_at in moments
            assert local_day(order.placed_at) == visit.day


@pytest.mark.parametrize("truth", truths().values(), ids=list(truths()))
def test_a_truth_is_measured_within_its_tolerance(truth: Truth, measured: dict[str, float]) -> None:
    assert truth.low <= truth.planted <= truth.high
    assert truth.holds(measured[truth.name]), f"{truth.claim}: planted {truth.planted}, measured {measured[truth.name]}"


def test_every_measured_value_is_a_truth(measured: dict[str, float]) -> None:
    assert set(measured) == set(truths())


def test_a_truth_that_is_not_measured_is_off_target(measured: dict[str, float]) -> None:
    without = {name: value for name, value in measured.items() if name != "nps"}
    assert [(truth.name, value) for truth, value in off_target(without)] == [("nps", None)]


def test_two_blocks_keep_the_truths(two_blocks: Path) -> None:
    assert off_target(measure(two_blocks)) == []


def test_two_blocks_have_different_ids(two_blocks: Path) -> None:
    for table in ID_COLUMNS:
        key = CONTRACT.by_name[table].keys[0]
        if table in {"experiment_assignments", "order_discounts"}:  # shared, and only in cases
            continue
        one = Counter(row[key] for row in rows_of(SEEDS, table))
        two = Counter(row[key] for row in rows_of(two_blocks, table))
        others = {name: count for name, count in two.items() if name not in one}
        assert set(one) <= set(two)
        assert others and all(count == 1 and name.startswith("b1-") for name, count in others.items())


def test_two_blocks_do_not_refer_to_each_other(two_blocks: Path) -> None:
    for table, columns in ID_COLUMNS.items():
        for row in rows_of(two_blocks, table):
            assert len({row[column].startswith("b1-") for column in columns if row[column]}) <= 1


def test_shared_tables_stay_the_same_size(two_blocks: Path) -> None:
    for table in {table.name for table in CONTRACT.tables} - set(ID_COLUMNS):
        assert len(rows_of(two_blocks, table)) == len(rows_of(SEEDS, table))


def test_spend_grows_with_new_customers(two_blocks: Path) -> None:
    one, two = (
        sum(float(row["spend"]) for row in rows_of(folder, "marketing_spend")) for folder in (SEEDS, two_blocks)
    )
    assert 1.8 * one < two < 2.2 * one


@cache
def counted_rows(table: str) -> Counter[tuple[str, ...]]:
    """Rows of the seeds, with their number of occurrences."""
    return Counter(tuple(row.values()) for row in rows_of(SEEDS, table))


@pytest.mark.parametrize("fault", faults(), ids=[f"{fault.table}-{fault.key}-{fault.name}" for fault in faults()])
def test_a_fault_is_in_the_files(fault: Fault) -> None:
    columns = [column.name for column in CONTRACT.by_name[fault.table].columns]
    landed = counted_rows(fault.table)
    for row, count in Counter(tuple(row.get(column) or "" for column in columns) for row in fault.rows).items():
        assert landed[row] == count
    assert (fault.reason is not None) == (fault.outcome == "quarantined")
    assert len(fault.rows) == (2 if fault.outcome == "duplicate" else 1)


def test_ids_of_faults_start_with_bad() -> None:
    named = [fault for fault in faults() if fault.table in ID_COLUMNS and fault.key]
    assert all("bad-" in fault.key.lower() for fault in named)


def test_faults_do_not_change_truths(tmp_path: Path, measured: dict[str, float]) -> None:
    """Truths are within tolerance without faults too, and customers' revenue is equal to the cent."""
    dirty = {fault.table: {tuple(sorted(clean(row).items())) for row in fault.rows} for fault in faults()}
    for fault in faults():
        dirty[fault.table] |= {tuple(sorted(clean(row).items())) for row in fault.rows}
    for table, columns in ((one.name, [column.name for column in one.columns]) for one in CONTRACT.tables):
        rows = rows_of(SEEDS, table)
        with (tmp_path / f"raw_{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for row in rows if tuple(sorted(clean(row).items())) not in dirty.get(table, set()))
    assert off_target(measure(tmp_path)) == []
    with_dirt, without = (
        {one.customer_id: [order.kept for order in one.orders] for one in read_shop(folder).buyers}
        for folder in (SEEDS, tmp_path)
    )
    assert with_dirt == without


def clean(row: dict[str, str | None] | dict[str, str]) -> dict[str, str]:
    """The cells that are not empty."""
    return {column: value for column, value in row.items() if value}


def test_parquet_holds_the_rows_of_the_csv(tmp_path: Path) -> None:
    generate(tmp_path, format="parquet")
    for table in (table.name for table in CONTRACT.tables):
        landed = pq.read_table(tmp_path / f"raw_{table}").to_pylist()
        assert [{column: value or "" for column, value in row.items()} for row in landed] == rows_of(SEEDS, table)


def test_events_determine_the_number_of_blocks(tmp_path: Path) -> None:
    written = generate(tmp_path, events=150_000, format="parquet")
    columns = {"events": tuple(CONTRACT.by_name["events"].by_name)}
    added = len(fault_rows(columns, "events"))
    landed = pq.read_table(tmp_path / "raw_events", columns=["event_id"])
    assert 150_000 <= written["events"] == landed.num_rows - added
    assert written["events"] - 150_000 < 1.1 * written["events"] / written["blocks"]


def test_a_second_run_removes_files_of_the_first(tmp_path: Path) -> None:
    generate(tmp_path, blocks=2, format="parquet")
    generate(tmp_path, format="parquet")
    assert pq.read_table(tmp_path / "raw_orders").num_rows == len(rows_of(SEEDS, "orders"))


@pytest.mark.parametrize("wrong", [{"blocks": 0}, {"events": 0}, {"format": "xlsx"}])
def test_invalid_arguments_are_reported(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=next(iter(wrong))):
        generate(tmp_path, **wrong)


def test_placeholders_of_missing_values_are_read_as_none() -> None:
    landed = {row["customer_id"] for row in rows_of(SEEDS, "customers")}
    read_back = {row["customer_id"] for row in read(SEEDS, "customers")}
    assert {"null", "undefined"} <= landed
    assert None in read_back and not {"null", "undefined"} & read_back
