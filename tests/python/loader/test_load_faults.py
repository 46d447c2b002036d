"""Faults of files and schemas: a valid delivery is loaded, then a faulty one, and the warehouse is checked afterwards.
Some tests use a separate process, as a scheduler does.
"""

from __future__ import annotations

import errno
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from running import ROOT, Ran, Shopper, rows
from shopper.casts import _FILES
from shopper.contract import load_contract
from shopper.load import shapes
from shopper.load.landing import LoadReport, load
from shopper.load.mapping import read_mapping

DAY_1: Final = "order_id,customer_id,ordered_at,total_amount\n1,anna,2024-01-01 10:00,9.50\n2,bob,2024-01-01 11:00,5\n"
DAY_2: Final = "order_id,customer_id,ordered_at,total_amount\n3,eve,2024-01-02 10:00,7.25\n"
FIRST: Final = [("1", "anna", "2024-01-01 10:00", "9.50"), ("2", "bob", "2024-01-01 11:00", "5")]
BOTH: Final = [*FIRST, ("3", "eve", "2024-01-02 10:00", "7.25")]
MAPPING: Final = "sources: {shop: {path: %s}}\ntables: {orders: {source: shop}}\n"

Process = Callable[..., Ran]


@pytest.fixture
def shopper_process(monkeypatch: pytest.MonkeyPatch) -> Process:
    """The command line in a separate process."""
    environment = {"SHOPPER_PROJECT": str(ROOT), "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "400"}

    def run(*arguments: object) -> Ran:
        ended = subprocess.run(
            [sys.executable, "-m", "shopper", *map(str, arguments)],
            env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return Ran(ended.returncode, " ".join((ended.stdout + ended.stderr).split()))

    return run


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop whose first day is loaded. `mapping.yml` reads `day-*`. Do not change it: make a copy."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "mapping.yml").write_text(MAPPING % "day-*.csv", encoding="utf-8")
    (folder / "day-1.csv").write_text(DAY_1, encoding="utf-8")
    load_in_process(folder)
    return folder


@pytest.fixture
def delivered(first_day: Path, tmp_path: Path, warehouse: Path) -> Path:
    """A copy of that shop."""
    shutil.copytree(first_day, tmp_path, dirs_exist_ok=True)
    assert warehouse.exists()
    return tmp_path


def load_in_process(folder: Path) -> LoadReport:
    """Load `mapping.yml` of the folder into the warehouse in the same folder."""
    contract = load_contract(ROOT)
    mapping = read_mapping(folder / "mapping.yml", contract)
    return load(mapping, contract, ROOT, folder / "warehouse" / "shop.duckdb")


def landed(warehouse: Path) -> list[tuple[object, ...]]:
    return rows(
        warehouse, "select order_id, customer_id, ordered_at, total_amount from raw.orders order by all"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            DAY_2.replace("\n", ",colour\n", 1).replace("7.25\n", "7.25,red\n"),
            "day-2.csv: column colour is new since the last load",
            id="column added",
        ),
        pytest.param(
            "total_amount,ordered_at,order_id,customer_id\n7.25,2024-01-02 10:00,3,eve\n", "", id="columns reordered"
        ),
        pytest.param("\ufeff" + DAY_2, "", id="byte-order mark"),
        pytest.param(DAY_2.replace("eve", '"eve"').replace("order_id", '"order_id"'), "", id="quotes"),
        pytest.param(gzip.compress(DAY_2.encode()), "", id="gzip"),
    ],
)
def test_harmless_format_changes_are_loaded(
    delivered: Path, warehouse: Path, shopper: Process, content: str | bytes, message: str
) -> None:
    (delivered / "day-2.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    result = shopper("load", delivered / "mapping.yml")
    assert result.code == 0, result.output
    assert message in result.output
    assert landed(warehouse) == BOTH


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            "order_id,ordered_at,total_amount\n3,2024-01-02 10:00,7.25\n",
            "day-2.csv: no column customer_id; it has order_id, ordered_at, total_amount",
            id="column removed",
        ),
        pytest.param(
            DAY_2.replace("ordered_at", "order_date"),
            "day-2.csv: no column ordered_at, which orders needs; did you mean order_date?",
            id="required column renamed",
        ),
        pytest.param(
            DAY_2.replace("customer_id", "CustomerNo"),
            "day-2.csv: no column customer_id; did you mean CustomerNo?",
            id="column renamed",
        ),
        pytest.param(
            DAY_2.replace("7.25", "seven"),
            "day-2.csv: column total_amount holds text; expected numbers, as at the last load",
            id="number became text",
        ),
        pytest.param(
            DAY_2.replace("2024-01-02 10:00", "02/01/2024 10:00"),
            "day-2.csv: column ordered_at holds text; expected dates or times, as at the last load",
            id="date written differently",
        ),
        pytest.param(DAY_2.replace(",", ";"), "it seems to be separated by semicolon", id="semicolons"),
        pytest.param(
            DAY_2.replace("eve", "Zoë").encode("latin-1"),
            "the file may be `encoding: cp1252`",
            id="latin-1",
        ),
        pytest.param(
            DAY_2 + "4,zoe\n5,x,2024-01-02,1,more\n",
            "2 lines can't be read, 0 allowed",
            id="ragged lines",
        ),
        pytest.param(DAY_2.replace("eve", '"eve'), "1 lines can't be read", id="quote not closed"),
        pytest.param("", "day-2.csv is empty (0 bytes); expected a header line", id="empty file"),
        pytest.param(b"PK\x03\x04rest", "is a workbook or a ZIP archive", id="workbook"),
        pytest.param(gzip.compress(DAY_2.encode())[:-9], "day-2.csv is truncated or damaged", id="gzip cut off"),
    ],
)
def test_unexpected_content_stops_the_load(
    delivered: Path, warehouse: Path, shopper: Process, content: str | bytes, message: str
) -> None:
    before = warehouse.read_bytes()
    (delivered / "day-2.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    result = shopper("load", delivered / "mapping.yml")
    assert result.code == 2, result.output
    assert message in result.output
    assert "Traceback" not in result.output
    assert warehouse.read_bytes() == before


def test_a_failed_load_exits_with_its_code_and_one_message(
    delivered: Path, warehouse: Path, shopper_process: Process
) -> None:
    before = warehouse.read_bytes()
    (delivered / "day-2.csv").write_text(DAY_2.replace("customer_id", "CustomerNo"), encoding="utf-8")
    stopped = shopper_process("load", delivered / "mapping.yml")
    assert (stopped.code, "did you mean CustomerNo?" in stopped.output) == (2, True)
    assert "Traceback" not in stopped.output
    assert warehouse.read_bytes() == before
    (delivered / "day-2.csv").write_text("\ufeff" + DAY_2, encoding="utf-8")
    assert shopper_process("load", delivered / "mapping.yml").code == 0
    assert landed(warehouse) == BOTH


def test_accepted_drift_becomes_the_expected_shape(delivered: Path, warehouse: Path, shopper: Process) -> None:
    (delivered / "day-2.csv").write_text("order_id,ordered_at,total_amount\n3,2024-01-02,seven\n", encoding="utf-8")
    assert shopper("load", delivered / "mapping.yml").code == 2
    accepted = shopper("load", delivered / "mapping.yml", "--accept-drift")
    assert accepted.code == 0, accepted.output
    assert "orders.total_amount: 1 values are not of type money, for example 'seven'" in accepted.output
    assert landed(warehouse)[-1] == ("3", None, "2024-01-02", "seven")
    (delivered / "day-3.csv").write_text(DAY_2.replace("3,eve", "4,eve"), encoding="utf-8")
    assert shopper("load", delivered / "mapping.yml").code == 0


def test_removing_an_unmapped_column_is_no_error(delivered: Path, shopper: Process) -> None:
    (delivered / "day-2.csv").write_text(DAY_2.replace("\n", ",note\n", 1).replace("25\n", "25,x\n"), encoding="utf-8")
    assert shopper("load", delivered / "mapping.yml").code == 0
    (delivered / "day-3.csv").write_text(DAY_2.replace("3,eve", "4,eve"), encoding="utf-8")
    assert shopper("load", delivered / "mapping.yml").code == 0


def test_a_file_with_only_a_header_has_no_rows(delivered: Path, warehouse: Path, shopper: Process) -> None:
    (delivered / "day-2.csv").write_text(DAY_2.splitlines()[0] + "\n", encoding="utf-8")
    assert shopper("load", delivered / "mapping.yml").code == 0
    assert landed(warehouse) == FIRST


def test_loading_the_same_delivery_again_changes_nothing(
    delivered: Path, warehouse: Path, shopper_process: Process
) -> None:
    before = warehouse.read_bytes()
    os.utime(delivered / "day-1.csv", (1, 1))
    result = shopper_process("load", delivered / "mapping.yml")
    assert result.code == 0
    assert "unchanged: orders (same content and mapping as at the last load)" in result.output
    assert warehouse.read_bytes() == before


def test_a_file_delivered_under_two_names_is_read_once(delivered: Path, warehouse: Path, shopper: Process) -> None:
    (delivered / "day-1 (copy).csv").write_text(DAY_1, encoding="utf-8")
    (delivered / "day-2.csv").write_text(DAY_2, encoding="utf-8")
    result = shopper("load", delivered / "mapping.yml")
    assert result.code == 0, result.output
    assert "has the same content as another file of source shop; read once" in result.output
    assert landed(warehouse) == BOTH


def test_a_changed_mapping_or_table_is_loaded_again(delivered: Path, warehouse: Path, shopper: Process) -> None:
    mapping = delivered / "mapping.yml"
    mapping.write_text(mapping.read_text().replace("source: shop", "source: shop, where: order_id = '1'"))
    assert "unchanged" not in shopper("load", mapping).output
    assert landed(warehouse) == FIRST[:1]
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from raw.orders")
    assert shopper("load", mapping).code == 0
    assert landed(warehouse) == FIRST[:1]


def test_changed_cast_rules_reload_everything(
    delivered: Path, warehouse: Path, shopper: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redaction depends on the cast rules."""
    monkeypatch.setattr("shopper.casts._FILES", tuple(reversed(_FILES)))
    assert "unchanged" not in shopper("load", delivered / "mapping.yml").output


def test_removed_rows_and_files_are_removed_from_the_table(
    delivered: Path, warehouse: Path, shopper_process: Process
) -> None:
    """Hard deletes: a table is the union of the files that exist now."""
    (delivered / "day-2.csv").write_text(DAY_2, encoding="utf-8")
    assert shopper_process("load", delivered / "mapping.yml").code == 0
    (delivered / "day-1.csv").write_text("".join(DAY_1.splitlines(keepends=True)[:2]), encoding="utf-8")
    (delivered / "day-2.csv").unlink()
    assert shopper_process("load", delivered / "mapping.yml").code == 0
    assert landed(warehouse) == FIRST[:1]


def test_a_partial_day_shows_in_row_counts_and_spans(delivered: Path) -> None:
    """A run needs these to detect a partial delivery: rows now and before, and the spans of timestamps."""
    (delivered / "day-1.csv").write_text("".join(DAY_1.splitlines(keepends=True)[:2]), encoding="utf-8")
    report = load_in_process(delivered)
    (table,) = report.tables
    assert (table.rows, table.rows_before, table.is_unchanged) == (1, 2, False)
    assert [(span.column, str(span.first_at), str(span.last_at)) for span in table.spans] == [
        ("ordered_at", "2024-01-01 10:00:00", "2024-01-01 10:00:00")
    ]
    again = load_in_process(delivered)
    assert again.is_unchanged
    assert (again.tables[0].rows, again.tables[0].rows_before) == (1, 1)
    assert (again.tables[0].spans, again.tables[0].digest) == (table.spans, table.digest)


@pytest.mark.parametrize("content", [b"", b"PAR1"], ids=["0 bytes", "cut off"])
def test_broken_parquet_stops_the_load(tmp_path: Path, warehouse: Path, shopper: Process, content: bytes) -> None:
    (tmp_path / "mapping.yml").write_text(MAPPING % "day-*.parquet", encoding="utf-8")
    pq.write_table(pa.table({"order_id": [1], "ordered_at": ["2024-01-01"]}), tmp_path / "day-1.parquet")
    assert shopper("load", tmp_path / "mapping.yml").code == 0
    before = warehouse.read_bytes()
    (tmp_path / "day-2.parquet").write_bytes(content)
    result = shopper("load", tmp_path / "mapping.yml")
    assert result.code == 2
    assert "day-2.parquet" in result.output
    assert "Traceback" not in result.output
    assert warehouse.read_bytes() == before


@pytest.mark.parametrize(
    ("column", "code"),
    [
        pytest.param(pa.array([19.5]), 0, id="whole numbers became fractions"),
        pytest.param(pa.array(["19.50"]), 0, id="numbers written as text"),
        pytest.param(pa.array([None], pa.string()), 0, id="no values"),
        pytest.param(pa.array([True]), 2, id="numbers became booleans"),
        pytest.param(pa.array(["a lot"]), 2, id="numbers became text"),
    ],
)
def test_parquet_types_may_change_while_values_still_cast(
    tmp_path: Path, warehouse: Path, shopper: Process, column: pa.Array, code: int
) -> None:
    (tmp_path / "mapping.yml").write_text(MAPPING % "day-*.parquet", encoding="utf-8")
    day = {"order_id": pa.array([1]), "ordered_at": pa.array(["2024-01-01"]), "total_amount": pa.array([19])}
    pq.write_table(pa.table(day), tmp_path / "day-1.parquet")
    assert shopper("load", tmp_path / "mapping.yml").code == 0
    pq.write_table(pa.table({**day, "order_id": pa.array([2]), "total_amount": column}), tmp_path / "day-2.parquet")
    result = shopper("load", tmp_path / "mapping.yml")
    assert result.code == code, result.output
    assert ("day-2.parquet: column total_amount holds" in result.output) == (code == 2)


def test_a_missing_json_key_is_no_drift_but_a_renamed_one_is(tmp_path: Path, warehouse: Path, shopper: Process) -> None:
    (tmp_path / "mapping.yml").write_text(MAPPING % "day-*.jsonl", encoding="utf-8")
    line = '{"order_id": "%s", "ordered_at": "2024-01-01", "%s": "X"}\n'
    (tmp_path / "day-1.jsonl").write_text(line % (1, "promotion_code"), encoding="utf-8")
    assert shopper("load", tmp_path / "mapping.yml").code == 0
    (tmp_path / "day-2.jsonl").write_text('{"order_id": "2", "ordered_at": "2024-01-02"}\n', encoding="utf-8")
    listed = shopper("load", tmp_path / "mapping.yml")
    assert (listed.code, "no column promotion_code" in listed.output) == (0, True)
    (tmp_path / "day-3.jsonl").write_text(line % (3, "promotionCode"), encoding="utf-8")
    stopped = shopper("load", tmp_path / "mapping.yml")
    assert stopped.code == 2
    assert "day-3.jsonl: no column promotion_code; did you mean promotionCode?" in stopped.output


HOSTILE: Final = (
    "day-[1].csv",
    "day-*?.csv",
    "day-'; drop table raw.orders; --.csv",
    'day-".csv',
    "=cmd|' day-.csv",
    "day-$(touch x).csv",
    "day-\u00fc \u4e2d.csv",
)


def test_file_names_are_not_interpreted(tmp_path: Path, warehouse: Path, shopper: Process) -> None:
    """A file name that looks like a glob, SQL or a formula means that file: no other is read and nothing is run."""
    for number, name in enumerate((*HOSTILE, "day-1.csv", "day-ab.csv")):
        (tmp_path / name).write_text(DAY_1.replace("anna", f"anna {number}"), encoding="utf-8")
    sources = {f"shop_{number}": {"path": name} for number, name in enumerate(HOSTILE)}
    mapping = {"sources": sources, "tables": {"orders": [{"source": source} for source in sources]}}
    (tmp_path / "mapping.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    result = shopper("load", tmp_path / "mapping.yml")
    assert result.code == 0, result.output
    named = "select customer_id from raw.orders where order_id = '1' order by all"
    assert rows(warehouse, named) == [(f"anna {number}",) for number in range(len(HOSTILE))]
    assert rows(warehouse, "select file from landing.loads order by source") == [
        (str(tmp_path / name),) for name in HOSTILE
    ]
    assert not (tmp_path / "x").exists()


def test_column_names_and_values_are_not_interpreted(tmp_path: Path, warehouse: Path, shopper: Process) -> None:
    odd = "a\"b'; drop table raw.orders; --"
    header = f'"{odd.replace(chr(34), chr(34) * 2)}",=cmd,ordered_at\n'
    (tmp_path / "day.csv").write_text(header + "1,=cmd|'/c calc'!A1,2024-01-01\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(
        "sources: {shop: {path: day.csv}}\ntables: {orders: {source: shop, columns: {ordered_at: ordered_at,"
        f" customer_id: '=cmd', order_id: '{odd.replace(chr(39), chr(39) * 2)}'}}}}}}\n",
        encoding="utf-8",
    )
    result = shopper("load", tmp_path / "mapping.yml")
    assert result.code == 0, result.output
    assert rows(warehouse, "select order_id, customer_id from raw.orders") == [("1", "=cmd|'/c calc'!A1")]


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("1) from shop; create table landed.x as select (1", id="a second statement"),
        pytest.param("(select 1); attach 'other.duckdb'", id="attach"),
        pytest.param("order_id -- and no more", id="comment"),
        pytest.param("order_id, 1 as other", id="two columns"),
    ],
)
def test_an_expression_must_be_a_single_expression(
    tmp_path: Path, warehouse: Path, shopper: Process, expression: str
) -> None:
    (tmp_path / "day.csv").write_text(DAY_1, encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(
        "sources: {shop: {path: day.csv}}\ntables: {orders: {source: shop, columns: {ordered_at: ordered_at,"
        f' order_id: {{expression: "{expression}"}}}}}}}}\n',
        encoding="utf-8",
    )
    result = shopper("load", tmp_path / "mapping.yml")
    if "--" in expression:
        assert result.code == 0, result.output
        assert rows(warehouse, "select order_id from raw.orders order by all") == [("1",), ("2",)]
    else:
        assert result.code == 2
        assert "orders.order_id: expression" in result.output
        assert not warehouse.exists()
    assert not (tmp_path / "other.duckdb").exists()


@pytest.mark.parametrize("extension", ["csv", "jsonl"])
def test_many_new_files_are_compared_in_a_few_passes(
    extension: str, tmp_path: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(day: int, amount: str) -> None:
        header = DAY_2.splitlines()[0]
        if day == 3 and extension == "csv":
            header = header.replace("total_amount", "Total_Amount")
        values = f"{day},anna,2024-01-02 10:00,{amount}".split(",")
        as_json = json.dumps(dict(zip(header.split(","), values, strict=True)))
        text = as_json if extension == "jsonl" else f"{header}\n{','.join(values)}"
        (tmp_path / f"day-{day:03}.{extension}").write_text(f"{text}\n", encoding="utf-8")

    passes: list[str] = []
    compared = shapes._kinds

    def counted(connection: Any, rules: Any, relation: str, columns: Any, group: str) -> Any:
        passes.append(relation)
        return compared(connection, rules, relation, columns, group)

    monkeypatch.setattr(shapes, "_kinds", counted)
    (tmp_path / "mapping.yml").write_text(MAPPING % f"day-*.{extension}", encoding="utf-8")
    for amount, code in (("1.5", 0), ("2.5", 0), ("seven", 2)):
        for day in range(1, 41):
            write(day, "3.5" if amount == "seven" and day != 17 else amount)
        passes.clear()
        result = shopper("load", tmp_path / "mapping.yml")
        assert result.code == code, result.output
        assert len(passes) <= 2
    assert f"day-017.{extension}: column total_amount holds text; expected numbers" in result.output
    assert "and 1 more" not in result.output and "day-016" not in result.output


@pytest.mark.parametrize("full", ["folder", "database"])
def test_a_full_disk_is_no_fault_of_the_input(
    full: str, tmp_path: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "day.csv").write_text(DAY_2, encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(MAPPING % "day.csv", encoding="utf-8")
    connect = duckdb.connect

    def no_folder(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_file(file: str = ":memory:", **options: Any) -> duckdb.DuckDBPyConnection:
        if file.endswith("scratch.duckdb"):
            raise duckdb.IOException("Could not write file: No space left on device")
        return connect(file, **options)

    with monkeypatch.context() as patch:
        if full == "folder":
            patch.setattr(Path, "mkdir", no_folder)
        else:
            patch.setattr(duckdb, "connect", no_file)
        result = shopper("load", tmp_path / "mapping.yml")
    assert (result.code, "No space left on device" in result.output) == (1, True), result.output
    assert not list(tmp_path.rglob(".*.loading"))
    assert shopper("load", tmp_path / "mapping.yml").code == 0
