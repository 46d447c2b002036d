"""Landing that appends: only new files are read, and the result is always that of a load of all files."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from running import ROOT, rows
from shopper.casts import CastRules
from shopper.contract import Contract, load_contract
from shopper.erasure.rewriting import rewrite_without
from shopper.errors import BadInput
from shopper.load import deliveries
from shopper.load.landing import LoadReport, load
from shopper.load.mapping import read_mapping
from shopper.load.report import notes

MAPPING: Final = """
shop: {timezone: %(zone)s, currency: EUR}
sources:
  till: {path: "till-*.csv", needs: [order_id, ordered_at], may_have: [status, Total], names: {Total: [Sum]}}
  web: {path: "web-*.jsonl"}
  clients: {path: "clients-*.parquet"}
  latest: {query: "select order_id, max(ordered_at) as ordered_at from till group by order_id"}
tables:
  orders:
  - source: till
    where: order_id <> '%(without)s'
    columns:
      order_id: order_id
      ordered_at: {column: ordered_at, timezone: shop}
      status: {expression: "coalesce(lower(till.status), '%(status)s')"}
      total_amount: {column: Total, decimal: ","}
  - {source: web, columns: {order_id: id, ordered_at: at, promotion_code: code}}
  customers: {source: clients}
  payments:
    source: latest
    columns: {payment_id: order_id, order_id: order_id, attempted_at: ordered_at, status: {value: succeeded}}
  reviews:
    source: till
    columns:
      review_id: {expression: "order_id || '-' || row_number() over (partition by order_id order by ordered_at)"}
      rating: {value: "5"}
      reviewed_at: ordered_at
"""
SETTINGS: Final = {"zone": "Europe/Paris", "without": "7", "status": "paid"}
HEADER: Final = "order_id,ordered_at\n"
TILL: Final = [
    HEADER,
    HEADER + "1,2024-01-01\n2,2024-07-01 12:00\n",
    HEADER + "2,2024-07-01 12:00\n3,2023-02-01\n7,2024-03-01\n",
    HEADER + "1,2024-01-01\n1,2024-01-01\n",
    "ordered_at,Order_ID,Status,Unused\n2024-05-05,4,PAID,x\n",
    'order_id,ordered_at,Sum\n5,2024-05-06,"1.234,50"\n',
    'order_id,ordered_at,Sum,status\r\n5,2024-05-06,"2,5","pa\r\nid"\r\n6,soon,,\r\n',
    HEADER + "8,2024-01-01\r\n9,2024-01-02\n",
    HEADER + "1,2024-01-01\n2\n3,2024-01-01,4\n",
]
WEB: Final = [
    '{"id": "w1", "at": "2024-01-01"}\n',
    '{"id": "w2", "at": "2024-01-02", "code": "TEN"}\n{"id": "w3"}\n',
    '{"id": "w2", "at": "2024-01-02", "Code": "TEN"}\n',
    '{"id": "w4", "at": "2024-01-03"}\nno json\n',
    "\n",
]
CLIENTS: Final[list[dict[str, list[Any]]]] = [
    {"customer_id": [1, 2], "city": ["Lyon", None]},
    {"customer_id": [2, 3], "city": ["Lyon", "Nice"]},
    {"customer_id": ["4"], "city": ["Metz"]},
    {"customer_id": [5.0], "city": ["Metz"]},
    {"customer_id": [6], "points_balance": [7]},
]
POOLS: Final = {"till": len(TILL), "web": len(WEB), "clients": len(CLIENTS)}
NAMES: Final = ("till-%d.csv", "web-%d.jsonl", "clients-%d.parquet")
SLOTS: Final = [name % number for name in NAMES for number in (1, 2, 3)]
STATE: Final = {
    "orders": "select * from raw.orders order by all",
    "customers": "select * from raw.customers order by all",
    "payments": "select * from raw.payments order by all",
    "reviews": "select * from raw.reviews order by all",
    "rejects": "select * replace (%(file)s) from landing.rejects order by all",
    "loads": "select * exclude (loaded_at) replace (%(file)s) from landing.loads order by all",
    "tables": "select * exclude (loaded_at) from landing.tables order by all",
    "spans": "select * from landing.spans order by all",
    "file_spans": "select * from landing.file_spans order by all",
}


@cache
def contract() -> Contract:
    return load_contract(ROOT)


@dataclass
class Folder:
    """A folder of files with a mapping, and the warehouses beside it."""

    path: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))

    def put(self, name: str, number: int) -> None:
        """Write one of the contents of a kind of file."""
        if name.startswith("clients"):
            pq.write_table(pa.table(CLIENTS[number]), self.path / name)
        else:
            content = (TILL if name.startswith("till") else WEB)[number]
            (self.path / name).write_bytes(content.encode())

    def load(self, warehouse: str = "kept", **options: Any) -> LoadReport:
        mapping = self.path / "mapping.yml"
        mapping.write_text(MAPPING % self.settings, encoding="utf-8")
        options = {"allowed_rejects": 99} | options
        return load(read_mapping(mapping, contract()), contract(), ROOT, self.path / f"{warehouse}.duckdb", **options)

    def state(self, warehouse: str = "kept", *, has_names: bool = True) -> dict[str, list[tuple[object, ...]]]:
        """The tables of the schemas raw and landing; without the names of files if they may still be earlier ones."""
        with duckdb.connect(str(self.path / f"{warehouse}.duckdb"), read_only=True) as connection:
            named = "file as file" if has_names else "'' as file"
            return {name: connection.execute(query % {"file": named}).fetchall() for name, query in STATE.items()}


def outcome(call: Callable[[], LoadReport]) -> tuple[str | None, LoadReport | None]:
    """The message of an error, else the report."""
    try:
        return None, call()
    except BadInput as error:
        return str(error), None


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    filled = Folder(tmp_path)
    for slot in SLOTS:
        filled.put(slot, 1 if slot.startswith("clients") else int(slot.split("-")[1][0]) % 2)
    return filled


changes = st.tuples(
    st.dictionaries(st.sampled_from(SLOTS), st.none() | st.integers(0, 99), min_size=1, max_size=3),
    st.sampled_from([{}, {}, {}, {"zone": "Asia/Tokyo"}, {"without": "1"}, {"status": "placed"}, SETTINGS]),
)


@settings(
    max_examples=int(os.environ.get("SHOPPER_EXAMPLES", "5")),
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
)
@given(steps=st.lists(changes, min_size=3, max_size=5))
def test_any_sequence_of_deliveries_ends_as_a_load_of_all_files(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[str, int | None], dict[str, str]]]
) -> None:
    """Files are added, removed, changed, renamed and repeated, columns come, go and change type, lines are unreadable,
    the mapping changes. If all files together can't be loaded, nothing changes and the message is the same.
    """
    folder = Folder(tmp_path_factory.mktemp("deliveries"))
    for slot in SLOTS:
        folder.put(slot, 1)
    for number, (files, changed) in enumerate([({}, {}), *steps]):
        for slot, content in files.items():
            if content is None:
                (folder.path / slot).unlink(missing_ok=True)
            else:
                folder.put(slot, content % POOLS[slot.split("-")[0]])
        folder.settings |= changed
        before = folder.state() if number else {}
        wrong, report = outcome(folder.load)
        if wrong and "--accept-drift" in wrong:
            wrong, report = outcome(partial(folder.load, accept_drift=True))
        fresh = f"fresh_{number}"
        expected, _report = outcome(partial(folder.load, fresh, accept_drift=True))
        assert wrong == expected
        if report is not None:
            before = folder.state(fresh, has_names=not report.is_unchanged)
        assert folder.state(has_names=report is None or not report.is_unchanged) == before


def test_a_changed_file_replaces_its_rows_and_no_other_file_is_read(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "_CLOCK_STEP_NS", -(10**18))
    folder.load()
    read: list[str] = []
    for module in ("readers.header_of", "scanning.compression_of", "deliveries.digest_of"):
        seen = spy(module, read)
        monkeypatch.setattr(f"shopper.load.{module}", seen)
    folder.put("till-2.csv", 2)
    report = folder.load()
    assert {Path(path).name for path in read} == {"till-1.csv", "till-2.csv"}  # till-3 is a copy of till-1
    del read[:]
    folder.put("web-2.jsonl", 1)
    folder.load()
    assert {Path(path).name for path in read} == {"web-2.jsonl"}
    by_name = {table.name: table for table in report.tables}
    assert [by_name[name].append is not None for name in ("orders", "payments", "reviews")] == [True, False, False]
    assert by_name["customers"].is_unchanged


def spy(name: str, read: list[str]) -> Callable[..., Any]:
    """The function of that name, which notes the paths that it is called with."""
    module, function = name.split(".")
    original = getattr(__import__(f"shopper.load.{module}", fromlist=[function]), function)

    def noted(*arguments: Any) -> Any:
        read.extend(str(one) for one in arguments if isinstance(one, Path))
        return original(*arguments)

    return noted


def test_each_row_names_its_file(folder: Folder) -> None:
    folder.load()
    found = rows(
        folder.path / "kept.duckdb",
        "select distinct split_part(loads.file, '/', -1) as file, orders.order_id from raw.orders as orders"
        " inner join landing.loads as loads on loads.file_key = orders._file_key where orders.order_id like 'w%'"
        " order by all",
    )
    assert found == [("web-1.jsonl", "w2"), ("web-1.jsonl", "w3"), ("web-2.jsonl", "w1")]


def test_the_load_says_what_it_did(folder: Folder) -> None:
    folder.load()
    folder.put("till-2.csv", 4)
    lines = notes(folder.load())
    assert "landed whole: payments, since latest is a query" in lines
    assert "landed whole: reviews, since review_id may read more than its own row" in lines
    assert "landed whole: orders, since the files of till have other columns: Unused, status" in lines


def test_an_append_counts_files_and_rows(folder: Folder) -> None:
    folder.load()
    folder.put("till-2.csv", 2)
    assert (
        "appended: orders: 1 new or changed files read; 0 rows of 1 removed or changed files deleted; 5 rows of 3 files"
        " unchanged"
    ) in notes(folder.load())


def test_a_renamed_file_is_not_read_and_has_its_new_name(folder: Folder) -> None:
    folder.put("web-3.jsonl", 3)
    folder.load()
    (folder.path / "web-3.jsonl").rename(folder.path / "web-9.jsonl")
    assert folder.load().is_unchanged
    folder.put("till-2.csv", 2)
    folder.load()
    names = "select file from landing.loads union select file from landing.rejects"
    known = {Path(str(name)).name for (name,) in rows(folder.path / "kept.duckdb", names)}
    assert "web-9.jsonl" in known
    assert "web-3.jsonl" not in known


def csv_file(path: Path, day: int, encoding: str = "utf-8") -> None:
    path.write_text(f"order_id,ordered_at,promotion_code\n{day},2024-01-0{day},é\n", encoding=encoding)


def compressed_file(path: Path, day: int) -> None:
    path.write_bytes(gzip.compress(f"order_id,ordered_at\n{day},2024-01-0{day}\n".encode(), mtime=0))


def parquet_file(path: Path, day: int) -> None:
    pq.write_table(pa.table({"order_id": [day], "ordered_at": [f"2024-01-0{day}"]}), path)


def document(path: Path, day: int) -> None:
    path.write_text(json.dumps([{"order_id": day, "ordered_at": f"2024-01-0{day}"}]), encoding="utf-8")


def workbook(path: Path, day: int) -> None:
    """A workbook without the time at which it was written."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["order_id", "ordered_at"])
    sheet.append([day, f"2024-01-0{day}"])
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(path, "w") as out:
        for name in parts.namelist():
            if name != "docProps/core.xml":
                out.writestr(zipfile.ZipInfo(name), parts.read(name))


@pytest.mark.parametrize(
    ("name", "write", "options"),
    [
        pytest.param("it's [a] *?.csv", csv_file, "", id="csv"),
        pytest.param("latin.csv", partial(csv_file, encoding="latin-1"), ", encoding: latin-1", id="latin-1"),
        pytest.param("day.csv.gz", compressed_file, "", id="gzip"),
        pytest.param("it's [a] *?.parquet", parquet_file, "", id="parquet"),
        pytest.param("[a].parquet", parquet_file, ", needs: [order_id], types: {order_id: varchar}", id="typed"),
        pytest.param("day.json", document, "", id="document"),
        pytest.param("day.xlsx", workbook, "", id="workbook"),
    ],
)
def test_files_of_any_format_are_appended(
    tmp_path: Path, name: str, write: Callable[[Path, int], None], options: str
) -> None:
    """One file is changed, one removed, one new and one renamed."""
    mapping = tmp_path / "mapping.yml"
    suffix = name[name.index(".") :]
    mapping.write_text(
        f"{{sources: {{shop: {{path: '*{suffix}'{options}}}}}, tables: {{orders: {{source: shop}}}}}}", encoding="utf-8"
    )

    def loaded(warehouse: str) -> tuple[LoadReport, list[tuple[object, ...]]]:
        report = load(read_mapping(mapping, contract()), contract(), ROOT, tmp_path / warehouse)
        return report, rows(tmp_path / warehouse, "from raw.orders order by all")

    for day in (1, 2, 3):
        write(tmp_path / f"{day} {name}", day)
    loaded("kept.duckdb")
    (tmp_path / f"1 {name}").unlink()
    (tmp_path / f"3 {name}").rename(tmp_path / f"0 {name}")
    write(tmp_path / f"2 {name}", 4)
    write(tmp_path / f"5 {name}", 5)
    report, kept = loaded("kept.duckdb")
    assert report.tables[0].append is not None
    assert [row[0] for row in kept] == ["3", "4", "5"]
    assert kept == loaded("fresh.duckdb")[1]


def test_a_new_order_of_names_counts_where_the_last_file_replaces_others(tmp_path: Path) -> None:
    header = "order_id,ordered_at\n"
    (tmp_path / "a.csv").write_text(header + "1,2024-01-01\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(header + "1,2024-02-02\n2,2024-01-01\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        "{sources: {shop: {path: '*.csv', key: [order_id]}}, tables: {orders: {source: shop}}}", encoding="utf-8"
    )

    def loaded() -> list[tuple[object, ...]]:
        report = load(read_mapping(mapping, contract()), contract(), ROOT, tmp_path / "shop.duckdb")
        assert "landed whole: orders, since files of shop overlap by key" in notes(report)
        return rows(tmp_path / "shop.duckdb", "select ordered_at from raw.orders where order_id = '1'")

    assert loaded() == [("2024-02-02",)]
    (tmp_path / "a.csv").rename(tmp_path / "c.csv")
    assert loaded() == [("2024-01-01",)]


def test_rows_that_another_tool_deleted_are_loaded_again(folder: Folder) -> None:
    folder.load()
    expected = folder.state()
    with duckdb.connect(str(folder.path / "kept.duckdb")) as connection:
        connection.execute("delete from raw.orders where order_id = 'w1'")
    folder.put("till-2.csv", 0)
    folder.load()
    assert folder.state() == expected


def test_a_forgotten_customer_does_not_come_back_with_a_file_that_is_read_again(tmp_path: Path) -> None:
    header = "order_id,customer_id,ordered_at\n"
    (tmp_path / "day-1.csv").write_text(header + "1,anna,2024-01-01\n2,ben,2024-01-02\n", encoding="utf-8")
    (tmp_path / "day-2.csv").write_text(header + "3,anna,2024-02-01\n4,ben,2024-02-02\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(
        "{sources: {shop: {path: day-*.csv}}, tables: {orders: {source: shop}}}", encoding="utf-8"
    )
    warehouse = tmp_path / "shop.duckdb"

    def run() -> LoadReport:
        return load(read_mapping(tmp_path / "mapping.yml", contract()), contract(), ROOT, warehouse)

    run()
    rewrite_without(warehouse, contract(), CastRules(ROOT), ("anna",))
    assert run().is_unchanged
    with (tmp_path / "day-2.csv").open("a", encoding="utf-8") as day:
        day.write("5,ben,2024-02-03\n")
    (tmp_path / "day-3.csv").write_text(header + "6,anna,2024-03-01\n", encoding="utf-8")
    report = run()
    assert report.tables[0].append is not None
    assert rows(warehouse, "select order_id, customer_id from raw.orders order by all") == [
        ("2", "ben"), ("4", "ben"), ("5", "ben"),
    ]  # fmt: skip


def test_a_stamp_taken_right_after_a_change_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text(HEADER, encoding="utf-8")
    status = (tmp_path / "day.csv").stat()
    last = max(status.st_mtime_ns, status.st_ctime_ns)
    stamps = [
        deliveries.Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, "digest", last + later)
        for later in (0, 1_000_000_000, 3_000_000_000)
    ]
    assert [stamp.holds(status) for stamp in stamps] == [False, False, True]


def test_content_decides_not_the_time_of_a_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same size and the same times of modification, another content."""
    monkeypatch.setattr(deliveries, "_CLOCK_STEP_NS", -(10**18))
    path = folder.path / "till-1.csv"
    folder.load()
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"1,2024-01-01", b"1,2024-01-09"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    folder.load()
    assert ("2024-01-08 23:00:00",) in rows(folder.path / "kept.duckdb", "select ordered_at from raw.orders")


@pytest.mark.parametrize(
    ("expression", "by_file"),
    [
        pytest.param("upper(trim(order_id))", True, id="functions"),
        pytest.param("case when order_id in ('1', '2') then number_of(order_id) end", True, id="case"),
        pytest.param("list_transform([order_id], lambda one: one || 'x')[1]", True, id="lambda"),
        pytest.param("count(*) over ()", False, id="window"),
        pytest.param("(select max(order_id) from till)", False, id="subquery"),
        pytest.param("uuid()", False, id="random"),
        pytest.param("current_date", False, id="clock"),
        pytest.param("age(cast(ordered_at as timestamp))", False, id="hidden clock"),
        pytest.param("concat(*columns(*))", False, id="star"),
    ],
)
def test_rows_are_kept_by_file_only_where_they_depend_on_their_own_line(
    tmp_path: Path, expression: str, by_file: bool
) -> None:
    (tmp_path / "till.csv").write_text(TILL[1], encoding="utf-8")
    document = {
        "sources": {"till": {"path": "till.csv"}},
        "tables": {
            "orders": {
                "source": "till",
                "columns": {
                    "order_id": "order_id", "ordered_at": "ordered_at", "promotion_code": {"expression": expression},
                },
            }
        },
    }  # fmt: skip
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(json.dumps(document), encoding="utf-8")
    load(read_mapping(mapping, contract()), contract(), ROOT, tmp_path / "shop.duckdb")
    columns = rows(tmp_path / "shop.duckdb", "select column_name from duckdb_columns() where schema_name = 'raw'")
    assert (("_file_key",) in columns) is by_file
