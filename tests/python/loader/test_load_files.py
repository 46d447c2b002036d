"""`shopper load` on valid and broken files: what is loaded, what is reported, and that an error changes nothing."""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from running import ROOT, Ran, Shopper, rows
from shopper.casts import CastRules
from shopper.contract import load_contract
from shopper.crosscheck.oracle.casts import redacted_url
from shopper.errors import BadInput
from shopper.load.mapping import read_mapping
from shopper.load.sources import FileSource, files_of

HEADER = "order_id,customer_id,ordered_at\n"
LINES = "1,anna,2024-01-01\n2,bob,2024-01-02\n"
ORDERS = [("1", "anna", "2024-01-01"), ("2", "bob", "2024-01-02")]

Load = Callable[..., Ran]


@pytest.fixture
def load(tmp_path: Path, warehouse: Path, shopper: Shopper) -> Load:
    """Write `content` to a file and load it as orders. Other arguments are options of the source and the command."""

    def run(content: bytes | str, name: str = "orders.csv", *arguments: object, options: str = "") -> Ran:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(data)
        mapping = tmp_path / "mapping.yml"
        mapping.write_text(
            f"sources: {{shop: {{path: {name}{options}}}}}\ntables: {{orders: {{source: shop}}}}", encoding="utf-8"
        )
        return shopper("load", mapping, *arguments)

    return run


def landed(warehouse: Path) -> list[tuple[object, ...]]:
    return rows(warehouse, "select * exclude (_file_key) from raw.orders order by all")


@pytest.mark.parametrize(
    ("content", "options"),
    [
        pytest.param((HEADER + LINES).encode(), "", id="plain"),
        pytest.param(b"\xef\xbb\xbf" + (HEADER + LINES).encode(), "", id="byte-order mark"),
        pytest.param((HEADER + LINES).replace(",", ";").encode(), ", delimiter: ';'", id="semicolons"),
        pytest.param((HEADER + LINES).replace(",", "\t").encode(), ', delimiter: "\\t"', id="tabs"),
        pytest.param((HEADER + LINES).replace("\n", "\r\n").encode(), "", id="carriage returns"),
        pytest.param((HEADER + LINES.replace("\n", "\r\n", 1)).encode(), "", id="mixed line ends"),
        pytest.param((HEADER + LINES).replace("anna", '"anna"').encode(), "", id="quotes"),
        pytest.param((HEADER + LINES.rstrip("\n")).encode(), "", id="no line end at the end"),
        pytest.param(
            b"\xef\xbb\xbf \xc2\xa0Order_ID , customer_id,ordered_at\n" + LINES.encode(), "", id="header untidy"
        ),
        pytest.param((HEADER + LINES).encode("utf-16"), ", encoding: utf-16", id="utf-16"),
        pytest.param(b"ordered_at,order_id,customer_id\n2024-01-01,1,anna\n2024-01-02,2,bob\n", "", id="reordered"),
    ],
)
def test_csv_variants_are_loaded_as_text(load: Load, warehouse: Path, content: bytes, options: str) -> None:
    assert load(content, options=options).code == 0
    assert landed(warehouse) == ORDERS


@pytest.mark.parametrize(("within", "after"), [("\n", "\r\n"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\n")])
def test_a_line_break_in_a_header_loses_no_row(
    within: str, after: str, shopper: Shopper, warehouse: Path, tmp_path: Path
) -> None:
    """Excel ends rows with CRLF, and breaks the line of a header cell with LF."""
    lines = [f'order_id,"note{within}(internal)",customer_id,ordered_at']
    lines += [f"{number},x,c,2024-01-01" for number in range(2500)]
    (tmp_path / "orders-1.csv").write_bytes(after.join([*lines, ""]).encode())
    (tmp_path / "orders-2.csv").write_text("order_id,customer_id,ordered_at\nlast,c,2024-01-01\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text("sources: {shop: {path: orders-*.csv}}\ntables: {orders: {source: shop}}\n")
    result = shopper("load", tmp_path / "mapping.yml")
    assert result.code == 0, result.output
    assert rows(warehouse, "select count(*) from raw.orders") == [(2501,)]


def test_gzip_and_latin_1_are_read(load: Load, warehouse: Path) -> None:
    content = gzip.compress((HEADER + "1,Zoë,2024-01-01\n").encode("latin-1"))
    assert load(content, "orders.csv.gz", options=", encoding: latin-1").code == 0
    assert landed(warehouse) == [("1", "Zoë", "2024-01-01")]


def test_types_are_not_guessed(load: Load, warehouse: Path) -> None:
    assert load(HEADER + '001,"a ""b"", c\nd",2024-01-01\n0x1, ,\n').code == 0
    assert landed(warehouse) == [("001", 'a "b", c\nd', "2024-01-01"), ("0x1", " ", None)]


def test_json_lines_are_read(load: Load, warehouse: Path) -> None:
    lines = [
        {"order_id": 1, "customer_id": "anna", "ordered_at": "2024-01-01", "more": {"a": [1]}},
        {"ordered_at": "2024-01-02", "customer_id": None, "order_id": "002"},
    ]
    result = load("\n\n".join(json.dumps(line) for line in lines), "orders.jsonl")
    assert result.code == 0, result.output
    assert landed(warehouse) == [("002", None, "2024-01-02"), ("1", "anna", "2024-01-01")]


def test_invalid_json_lines_are_reported(load: Load, warehouse: Path) -> None:
    result = load('{"order_id": 1, "ordered_at": "2024-01-01"}\nnonsense\n[1]\n', "orders.jsonl")
    assert result.code == 2
    assert "orders.jsonl, line 2: not a JSON object" in result.output
    assert "orders.jsonl, line 3: not a JSON object" in result.output
    assert not warehouse.exists()


def test_a_record_with_a_key_twice_is_reported(load: Load, warehouse: Path) -> None:
    whole = '{"order_id": 1, "ordered_at": "2024-01-01", "items": [{"sku": 1}, {"sku": 2}]}'
    twice = '{"order_id": "1", "ordered_at": "2024-01-02", "order\\u005fid": "2"}'
    result = load(f"{whole}\n{twice}\n", "orders.jsonl")
    assert result.code == 2
    assert "orders.jsonl, line 2: a key is there twice: order_id" in result.output
    assert not warehouse.exists()


def test_parquet_keeps_ids_and_times(load: Load, warehouse: Path, tmp_path: Path) -> None:
    table = pa.table(
        {
            "order_id": pa.array(
                [1.0, 2.0]
            ),  # whole numbers in a float column, as pandas writes ids with missing values
            "customer_id": pa.array(["anna", None]),
            "ordered_at": pa.array([1704067200000000, 1704153600000000], pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(table, tmp_path / "made.parquet")
    assert load((tmp_path / "made.parquet").read_bytes(), "orders.parquet").code == 0
    assert landed(warehouse) == [("1", "anna", "2024-01-01 00:00:00+00"), ("2", None, "2024-01-02 00:00:00+00")]


def test_ids_are_exact_or_the_load_stops(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    (tmp_path / "days").mkdir()
    for name, number in (("1.parquet", pa.array([2**53 + 1], pa.int64())), ("2.parquet", pa.array([5.0]))):
        pq.write_table(pa.table({"order_id": number, "ordered_at": ["2024-01-01"]}), tmp_path / "days" / name)
    (tmp_path / "lines.jsonl").write_text('{"order_id": 123456789012345678901, "ordered_at": "2024-01-01"}\n')
    for path, code in (("{path: days, format: parquet}", 2), ("{path: lines.jsonl}", 0)):
        (tmp_path / "mapping.yml").write_text(f"sources: {{s: {path}}}\ntables: {{orders: {{source: s}}}}\n")
        loaded = shopper("load", tmp_path / "mapping.yml")
        assert loaded.code == code, loaded.output
        assert code == 0 or "has lost its last digits" in loaded.output
    assert rows(warehouse, "select order_id from raw.orders") == [("123456789012345678901",)]


def test_an_id_of_a_float_is_the_id(load: Load, warehouse: Path) -> None:
    """Tools that hold a column of ids with gaps as floats write `17850.0`."""
    lines = "17850.0,17850,2024-01-01\n1.0.0,12.50,2024-01-02\n 7.0\u00a0,1e5,2024-01-03\n"
    assert load(HEADER + lines).code == 0
    assert [row[:2] for row in landed(warehouse)] == [(" 7\u00a0", "1e5"), ("1.0.0", "12.50"), ("17850", "17850")]


@pytest.mark.parametrize(
    "number", ["1.23457E+12", "1,23457E+12", "1E+12", "1.2345678901234568e+16", "9007199254740992.0", "1.23457E12"]
)
def test_an_id_that_a_spreadsheet_shortened_stops_the_load(load: Load, warehouse: Path, number: str) -> None:
    loaded = load(HEADER + f'"{number}",anna,2024-01-01\n')
    assert loaded.code == 2
    assert f": an id of a float has lost its last digits; deliver it as text: {number} (" in (loaded.output)
    assert "orders.csv, column order_id)" in loaded.output
    assert not warehouse.exists()


def test_a_csv_file_with_only_a_header_is_an_empty_table(load: Load, warehouse: Path) -> None:
    assert load(HEADER).code == 0
    assert landed(warehouse) == []


@pytest.mark.parametrize(
    ("content", "name", "options", "message"),
    [
        pytest.param(b"", "orders.csv", "", "is empty (0 bytes); expected a header line", id="empty"),
        pytest.param(b"\n1,2\n", "orders.csv", "", "starts with an empty line", id="no header"),
        pytest.param(b"", "orders.parquet", "", "is empty (0 bytes); expected a Parquet file", id="0-byte parquet"),
        pytest.param(b"PAR1PAR1", "orders.parquet", "", "is not a readable Parquet file", id="broken parquet"),
        pytest.param(b"\x1f\x8bbroken", "orders.csv.gz", "", "can't be read", id="broken gzip"),
        pytest.param(
            (HEADER + LINES).replace(",", ";").encode(),
            "orders.csv",
            "",
            "seems to be separated by semicolon",
            id="delimiter",
        ),
        pytest.param((HEADER + LINES).encode("utf-16"), "orders.csv", "", "set `encoding: utf-16`", id="encoding"),
        pytest.param("é,b\n".encode("latin-1"), "orders.csv", "", "is not text in utf-8", id="header not utf-8"),
        pytest.param(b"\x81\x8d", "orders.csv", ", encoding: cp1252", "is not text in cp1252", id="not cp1252"),
        pytest.param(
            b"order_id,Order_ID,ordered_at\n", "orders.csv", "", "has duplicate column names: order_id", id="twice"
        ),
        pytest.param(
            b"order_id,customer_id\n1,a\n",
            "orders.csv",
            "",
            "no column ordered_at, which orders needs; it has order_id, customer_id",
            id="removed",
        ),
        pytest.param(
            b"id,when\n1,2024-01-01\n",
            "orders.csv",
            "",
            "no column ordered_at, which orders needs; it has id, when",
            id="renamed",
        ),
    ],
)
def test_unreadable_files_are_reported_and_change_nothing(
    load: Load, warehouse: Path, content: bytes, name: str, options: str, message: str
) -> None:
    load(HEADER + LINES, "good.csv")
    before = warehouse.read_bytes()
    result = load(content, name, options=options)
    assert result.code == 2
    assert message in result.output
    assert "Traceback" not in result.output
    assert warehouse.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "message"),
    [
        *((f"{{path: orders.csv, encoding: {name}}}", f"unknown encoding {name}; expected utf-8") for name in
          ("rot13", "hex", "base64", "zlib", "uu", "quopri", "bz2", "mars")),
        ("{path: " + "x" * 5000 + ".csv}", "can't be used: "),
        ("{path: " + "x/" * 3000 + "y.csv}", "the path "),
        ('{path: "a\\0.csv"}', "got a NUL character"),
        ("{path: ~nosuchuser/orders.csv}", "~nosuchuser/orders.csv: "),
        ("{path: [orders.csv]}", "expected text, got ['orders.csv']"),
    ],
)  # fmt: skip
def test_a_source_that_names_no_file_is_reported(
    tmp_path: Path, warehouse: Path, shopper: Shopper, source: str, message: str
) -> None:
    (tmp_path / "orders.csv").write_text(HEADER + LINES, encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(f"sources: {{shop: {source}}}\ntables: {{orders: {{source: shop}}}}", encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2
    assert message in result.output and "Traceback" not in result.output
    assert len(result.output) < 2000
    assert not warehouse.exists()


def test_a_file_name_that_is_not_utf_8_is_reported(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/Zo\xeb.csv")).write_text(HEADER + LINES, encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("sources: {shop: {path: '*.csv'}}\ntables: {orders: {source: shop}}", encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2
    assert "is not UTF-8; rename the file" in result.output
    assert not warehouse.exists()


def test_a_folder_name_is_not_a_column(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    folder = tmp_path / "status=cancelled"
    folder.mkdir()
    (folder / "1.csv").write_text("order_id,ordered_at,status\n1,2024-01-01,paid\n", encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 2 as order_id, '2024-01-01' as ordered_at, 'paid' as status)"
            f" to '{folder / '2.parquet'}' (format parquet)"
        )
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        "sources:\n  text: {path: 'status=*/*.csv'}\n  typed: {path: 'status=*/*.parquet'}\n"
        "tables: {orders: [{source: text}, {source: typed}]}",
        encoding="utf-8",
    )
    assert shopper("load", mapping).code == 0
    assert rows(warehouse, "select order_id, status from raw.orders order by all") == [("1", "paid"), ("2", "paid")]


def test_hidden_and_locked_files_of_a_folder_are_skipped(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    for name in ("day.csv", ".day.csv", "~$day.csv"):
        (tmp_path / name).write_text(HEADER + f"{len(name)},anna,2024-01-01\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("sources: {shop: {path: '*.csv'}}\ntables: {orders: {source: shop}}", encoding="utf-8")
    assert shopper("load", mapping).code == 0
    assert [row[0] for row in landed(warehouse)] == ["7"]


def test_an_unclosed_quote_in_the_header_is_reported(load: Load, warehouse: Path) -> None:
    result = load('order_id,"customer_id,ordered_at\n1,anna,2024-01-01\n')
    assert result.code == 2
    assert "the header of" in result.output and "is a quote not closed?" in result.output
    assert not warehouse.exists()


def test_an_empty_json_key_is_a_column_without_a_name(load: Load, warehouse: Path) -> None:
    result = load('{"order_id": "1", "ordered_at": "2024-01-01", "": "x"}\n', "orders.jsonl")
    assert result.code == 0, result.output
    assert rows(warehouse, "select order_id from raw.orders") == [("1",)]


def test_ragged_and_unclosed_lines_are_rejected_one_by_one(load: Load, warehouse: Path) -> None:
    content = HEADER + '1,anna,2024-01-01\n2,bob\n3,c,2024-01-03,4\n4,"two\nlines",2024-01-04\n5,"open,2024-01-05\n'
    result = load(content)
    assert result.code == 2
    assert "3 lines can't be read, 0 allowed" in result.output
    assert "orders.csv, line 3, column ordered_at: Expected Number of Columns: 3 Found: 2" in result.output
    assert "orders.csv, line 4: Expected Number of Columns: 3 Found: 4" in result.output
    assert not warehouse.exists()

    assert load(content, "orders.csv", "--allow-rejects", "3").code == 0
    assert [row[0] for row in landed(warehouse)] == ["1", "4"]
    kept = rows(warehouse, "select line, line_text from landing.rejects order by line")
    assert [line for line, _text in kept][:2] == [3, 4]
    assert kept[0][1] == "2,bob"


def test_lines_with_invalid_utf_8_are_rejected_one_by_one(load: Load) -> None:
    result = load((HEADER + LINES).encode() + "3,Zoë,2024-01-03\n".encode("latin-1"))
    assert result.code == 2
    assert "orders.csv, line 4, column customer_id: Invalid unicode" in result.output


def test_unused_columns_and_missing_tables_are_listed(load: Load) -> None:
    result = load("order_id,ordered_at,colour\n1,2024-01-01,red\n")
    assert result.code == 0
    assert "not used: shop: colour" in result.output
    assert "absent: " in result.output and "customers, products" in result.output.split("absent: ")[1]


def test_a_missing_key_is_derived_and_reported(load: Load) -> None:
    result = load("ordered_at,customer_id\n2024-01-01,anna\n")
    assert result.code == 0
    assert "derived: orders.order_id" in result.output


def test_values_that_will_not_cast_are_counted(load: Load) -> None:
    result = load("order_id,ordered_at,status,updated_at\n1,yesterday,paid,x\n2,2024-01-01,teleported,\n")
    assert result.code == 0
    assert (
        "orders.ordered_at: 1 values are not of type timestamp, for example 'yesterday' (quarantined)" in result.output
    )
    assert "orders.status: 1 values are not of type order_status, for example 'teleported'" in result.output
    assert "orders.updated_at: 1 values are not of type timestamp, for example 'x' (null, flagged)" in result.output


def test_loading_a_file_twice_gives_the_same_state(load: Load, warehouse: Path) -> None:
    everything = "select * from raw.orders order by all", "select * from landing.loads order by all"
    load(HEADER + LINES)
    first = [rows(warehouse, query) for query in everything]
    load(HEADER + LINES)
    assert [rows(warehouse, query) for query in everything] == first
    load(HEADER + LINES + "3,eve,2024-01-03\n")
    assert len(landed(warehouse)) == 3
    assert rows(warehouse, "select table_rows from landing.loads") == [(3,)]


def test_several_files_are_combined_by_column_name(warehouse: Path, tmp_path: Path, shopper: Shopper) -> None:
    (tmp_path / "day-1.csv").write_text(HEADER + "1,anna,2024-01-01\n", encoding="utf-8")
    (tmp_path / "day-2.csv").write_text("ordered_at,order_id\n2024-01-02,2\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("sources: {shop: {path: day-*.csv}}\ntables: {orders: {source: shop}}", encoding="utf-8")
    assert shopper("load", mapping).code == 0
    assert landed(warehouse) == [("1", "anna", "2024-01-01"), ("2", None, "2024-01-02")]
    assert len(rows(warehouse, "select * from landing.loads")) == 2


def test_secrets_in_urls_are_not_stored(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    (tmp_path / "sessions.csv").write_text(
        "visitor_id,started_at,landing_page_url\n"
        "v,2024-01-01,https://shop.example/?utm_source=mail&email=anna@example.com&token=t0p\n",
        encoding="utf-8",
    )
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        "sources: {visits: {path: sessions.csv}}\ntables: {sessions: {source: visits}}", encoding="utf-8"
    )
    assert shopper("load", mapping).code == 0
    stored = rows(warehouse, "select landing_page_url from raw.sessions")
    assert stored == [("https://shop.example/?utm_source=mail&email=redacted&token=redacted",)]
    assert b"anna@example.com" not in warehouse.read_bytes()


SECRETS: Final = {
    "https://x.example/?reset_token=abc&b=2": "https://x.example/?reset_token=redacted&b=2",
    "https://x.example/?customerToken=1": "https://x.example/?customerToken=redacted",
    "https://x.example/?access_key=AKIA": "https://x.example/?access_key=redacted",
    "https://x.example/?user[password]=p&x=1": "https://x.example/?user[password]=redacted&x=1",
    "https://x.example/?user%5Bpassword%5D=p": "https://x.example/?user%5Bpassword%5D=redacted",
    "https://x.example/a;jsessionid=5A": "https://x.example/a;jsessionid=redacted",
    "https://x.example/?next=%2Fa%3Fmagic_token%3Dq7": "https://x.example/?next=%2Fa%3Fmagic_token%3Dredacted",
    "https://x.example/reset-password/AbC123": "https://x.example/reset-password/redacted",
    "https://x.example/verify-email/abcdefghijklmnopqrstuv": "https://x.example/verify-email/redacted",
    "https://x.example/s/" + 11 * "a1B2": "https://x.example/s/redacted",
    "https://x.example/?j=eyJhbGciOiJ9.eyJzdWIiOiJ9.s5-c": "https://x.example/?j=redacted",
    "https://x.example/?u=anna&pass=h2&pin=1234": "https://x.example/?u=anna&pass=redacted&pin=redacted",
    "https://x.example/?csrf=a&otp_code=7&iban=DE8": "https://x.example/?csrf=redacted&otp_code=redacted&iban=redacted",
    "https://x.example/?Authorization=Basic%20YQ": "https://x.example/?Authorization=redacted",
    "https://x.example/?firstName=Anna&birthday=1990": "https://x.example/?firstName=redacted&birthday=redacted",
    "https://x.example/?card_number=4111&SAMLResponse=P": "https://x.example/?card_number=redacted&SAMLResponse=redacted",
    "https://x.example/?x=" + 16 * "9f8a": "https://x.example/?x=redacted",
    "https://x.example/?next=%2Fa%3Fx%3D" + 10 * "a1B2": "https://x.example/?next=%2Fa%3Fx%3Dredacted",
    "https://x.example/confirm/" + 6 * "a1B2": "https://x.example/confirm/redacted",
    "https://x.example/order-confirmation/1001?username=a": "https://x.example/order-confirmation/1001?username=redacted",
    "https://x.example/invite/3f2b8c1e-9a4d-4c7b-8e21-5d6f7a8b9c0d": "https://x.example/invite/redacted",
    "https://x.example/reset/MQ/bq3x-" + 8 * "9f8a" + "/": "https://x.example/reset/MQ/redacted/",
    "https://x.example/opt-in/a-" + 5 * "a1B2" + "_c?b=1": "https://x.example/opt-in/redacted?b=1",
    "https://x.example/activate/x1?d=" + 10 * "a1B2": "https://x.example/activate/redacted?d=redacted",
    "https://x.example/?author=me&utm_source=token&gclid=" + 15 * "Cj0K": None,
    "https://x.example/?fbclid=" + 15 * "IwAR" + "&wbraid=" + 15 * "Cj0K" + "&msclkid=" + 10 * "9f8a": None,
    "https://x.example/recovery-drinks/chocolate-protein-recovery-shake": None,
    "https://x.example/wedding-invitations/gold-foil-floral-wedding-invitation": None,
    "https://x.example/confirmation-gifts/silver-cross-necklace-for-girls": None,
    "https://x.example/recovery-footwear/size-10/oofos-ooahh-slide-sandal-black": None,
    "https://x.example/activated-charcoal/teeth-whitening-powder-30g": None,
    "https://x.example/lightroom-presets/pack-12": None,
    "https://x.example/board-game-tokens/wooden-tokens-50-pieces-natural": None,
    "https://x.example/?passenger=2&discard=1&postcard=b&pharmacy=c&ship=d&zip=e": None,
    "https://x.example/?a=wireless-noise-cancelling-headphones-with-a-long-name": None,
    "https://x.example/reset/step": None,
    "https://x.example/p/0123456789abcdef0123456789abcdef": None,
    "https://x.example/oauth-book?colour=red&keyword=shoes": None,
}
"""Addresses and how they are stored; None: as they are."""


def test_secrets_are_known_by_the_kind_of_name_and_by_their_shape() -> None:
    rules = CastRules(ROOT)
    with duckdb.connect() as connection:
        for address, stored in SECRETS.items():
            row = connection.execute(f"select {rules.redacted('url')} from (select ? as url)", [address]).fetchone()
            assert row == (stored or address,)
            assert redacted_url(address) == (stored or address)


def test_rejected_lines_are_kept_without_secrets(load: Load, warehouse: Path) -> None:
    content = HEADER + "1,anna,2024-01-01\n2,https://x.example/?reset_token=t0p;anna@example.com\n"
    assert load(content, "orders.csv", "--allow-rejects", "1").code == 0
    kept = rows(warehouse, "select line_text from landing.rejects")
    assert kept == [("2,https://x.example/?reset_token=redacted;redacted",)]


def test_a_warehouse_in_use_is_not_changed(load: Load, warehouse: Path) -> None:
    load(HEADER + LINES)
    before = warehouse.read_bytes()
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        from shopper.locks import exclusive

        with exclusive(warehouse.with_name(warehouse.name + ".lock"), "test"):
            held.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    result = load(HEADER)
    release.set()
    holder.join()
    assert result.code == 75
    assert "(test)" in result.output
    assert warehouse.read_bytes() == before


def test_a_broken_warehouse_is_reported_in_one_line(load: Load, warehouse: Path) -> None:
    warehouse.parent.mkdir()
    warehouse.write_bytes(b"this is no database" * 1000)
    result = load(HEADER + LINES)
    assert result.code == 2
    assert "shop.duckdb is not a DuckDB file" in result.output and "Nothing has changed" in result.output
    assert warehouse.read_bytes() == b"this is no database" * 1000


def test_nothing_is_left_beside_the_warehouse(load: Load, warehouse: Path) -> None:
    load(HEADER + LINES)
    load(b"")
    assert {path.name for path in warehouse.parent.iterdir()} == {"shop.duckdb", "shop.duckdb.lock"}
    with duckdb.connect(str(warehouse)) as connection:
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'shop'").fetchone()
    assert tags is not None and "v1.4.0" in str(tags[0])


def test_a_table_that_a_mapping_has_twice_is_refused(load: Load, warehouse: Path) -> None:
    result = load(HEADER + LINES, options="}, shop: {path: orders.csv")
    assert (result.code, "duplicate key shop" in result.output) == (2, True), result.output
    assert not warehouse.exists()


@pytest.mark.parametrize("name", ["rejects", "Landed_Files", "lines_1", "Shop"])
def test_a_source_has_a_name_of_its_own(name: str, load: Load) -> None:
    result = load(HEADER + LINES, options=f"}}, {name}: {{path: orders.csv")
    assert (result.code, "choose another name" in result.output) == (2, True), result.output


@pytest.mark.parametrize("path", ["in", "in/*.csv"])
def test_a_link_in_a_folder_of_deliveries_leads_to_no_other_file(path: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "day.csv").write_text(HEADER + LINES, encoding="utf-8")
    (tmp_path / "in" / "again.csv").symlink_to("day.csv")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(f"sources: {{shop: {{path: {path}, format: csv}}}}\ntables: {{orders: {{source: shop}}}}")
    source = read_mapping(mapping, load_contract(ROOT)).sources["shop"]
    assert isinstance(source, FileSource)
    assert [file.name for file in files_of(source, tmp_path)] == ["again.csv", "day.csv"]
    (tmp_path / "secret.csv").write_text("password\n", encoding="utf-8")
    (tmp_path / "in" / "other.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(BadInput, match=r"other\.csv is a link that leads out of"):
        files_of(source, tmp_path)


@pytest.mark.parametrize(
    ("path", "passed"),
    [("days", "1.CSV.bak, {0}/2.txt"), ("days/*.csv", "3.CSV"), ("days/[14].csv", ""), ("days/1.csv", "")],
)
def test_files_that_a_source_does_not_read_are_named(
    path: str, passed: str, tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    for number, name in enumerate(("1.csv", "1.CSV.bak", "2.txt", "3.CSV", ".4.csv", "4.csv")):
        (folder / name).write_text(f"order_id,ordered_at\n{number},2024-01-01\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(
        f"sources: {{shop: {{path: '{path}', format: csv}}}}\ntables: {{orders: {{source: shop}}}}\n", encoding="utf-8"
    )
    loaded = shopper("load", tmp_path / "mapping.yml")
    note = "passed over: source shop: of another format, or a name in other capitals: "
    assert loaded.code == 0, loaded.output
    assert (note in loaded.output) == bool(passed)
    assert not passed or f"{note}{folder}/{passed.format(folder)} " in loaded.output


@pytest.mark.parametrize("name", ["__file", "__FILE_KEY"])
@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_a_column_with_a_name_of_the_loaders_is_refused(
    name: str, suffix: str, tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    table = pa.table({"order_id": ["1"], "ordered_at": ["2024-01-01"], name: ["x"]})
    if suffix == "parquet":
        pq.write_table(table, tmp_path / "orders.parquet")
    elif suffix == "csv":
        (tmp_path / "orders.csv").write_text(f"order_id,ordered_at,{name}\n1,2024-01-01,x\n", encoding="utf-8")
    else:
        (tmp_path / "orders.jsonl").write_text(json.dumps(table.to_pylist()[0]) + "\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(
        f"sources: {{shop: {{path: orders.{suffix}}}}}\ntables: {{orders: {{source: shop}}}}\n", encoding="utf-8"
    )
    loaded = shopper("load", tmp_path / "mapping.yml")
    assert loaded.code == 2, loaded.output
    assert f"orders.{suffix}: the loader has a column {name} of its own; rename this one" in loaded.output


def test_a_file_that_another_source_reads_is_not_passed_over(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "1.csv").write_text("order_id,ordered_at\n1,2024-01-01\n", encoding="utf-8")
    (tmp_path / "days" / "products.jsonl").write_text('{"product_id": "p"}\n', encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(
        "sources: {shop: {path: days, format: csv}, goods: {path: days/../days/products.jsonl}}\n"
        "tables: {orders: {source: shop}, products: {source: goods}}\n",
        encoding="utf-8",
    )
    loads = [shopper("load", tmp_path / "mapping.yml", "--only", "orders"), shopper("load", tmp_path / "mapping.yml")]
    (tmp_path / "days" / "2.csv").write_text("order_id,ordered_at\n2,2024-01-01\n", encoding="utf-8")
    loads.append(shopper("load", tmp_path / "mapping.yml"))
    assert [(one.code, "passed over" in one.output) for one in loads] == [(0, False)] * 3, loads


def test_what_is_passed_over_stops_no_load(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    """A name that is not UTF-8, and a list of names that is longer than any name."""
    (tmp_path / "days").mkdir()
    for name in (b"1.csv", b"Pr\xfcfung.txt"):
        (tmp_path / "days" / os.fsdecode(name)).write_text("order_id,ordered_at\n1,2024-01-01\n", encoding="utf-8")
    names = ",".join(f"orders_of_branch_{number:04}" for number in range(20))
    for path in ("days", f"days/{{{names},1}}.csv"):
        (tmp_path / "mapping.yml").write_text(
            f"sources: {{shop: {{path: '{path}', format: csv}}}}\ntables: {{orders: {{source: shop}}}}\n",
            encoding="utf-8",
        )
        loaded = shopper("load", tmp_path / "mapping.yml")
        assert loaded.code == 0, loaded.output
        assert ("Pr?fung.txt" in loaded.output) == (path == "days")
