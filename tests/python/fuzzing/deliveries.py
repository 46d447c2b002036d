"""Files that nobody would send, and mappings that nobody would write: encodings, delimiters, quotes, shapes, names."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import dataclass
from typing import Any, Final

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

_HEADERS: Final = (
    "order_id", "customer_id", "ordered_at", "total_amount", "status", "Order_ID", " order_id ", "", "a b", 'a"b', "é",
    "_file_key", "select", "rowid", "x" * 300, "\ufeff", "\u00a0", "\n", "${HOME}", "{{ 1 }}", "a.b", "1", "null",
)  # fmt: skip
_CELLS: Final = (
    "1", "2", "001", "2024-01-31", "2024-02-30", "31/12/2024 25:61", "12.50", "1.234,50", "1,5", "5 CAD", "NaN", "inf",
    "1e308", "-0", "", " ", '"', '""', "'", "\\", ";", ",", "\t", "\r", "\n", "\x00", "\x1a", "=cmd()", "\u202e",
    "\U0001f600", "a" * 5000, "12%", "https://x.example/?reset_token=1&e=a@b.c", "[1]", "{}", "true", "\ud7ff",
    "\uff19", "1704067200000",
)  # fmt: skip
_ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "gb18030", "shift_jis",
                     "utf-7", "cp037")  # fmt: skip
_NAMED: Final = (*_ENCODINGS, "rot13", "hex", "base64", "zlib", "uu", "quopri", "idna", "punycode", "unicode_escape",
                 "raw_unicode_escape", "undefined", "mbcs", "none", "utf-8\x00", "x" * 300)  # fmt: skip
_SIGNS: Final = (",", ";", "\t", "|", '"', "'", "\\", "\n", "\r", " ", "\x00", "é", "€", "a", "", ",,", "#")
_NAMES: Final = (
    "orders", "Bestellungen é", "a b", "a'b", 'a"b', "[a]", "*", "?", "{a,b}", "${HOME}", "{{ x }}", "%s", "-o", "~",
    "lost\nfound", "\u202eabc", "x" * 200, "status=paid", "a;b", "#1", "C:", "@", "\u00e9", "e\u0301", "CON", "--",
)  # fmt: skip
_TEXTS = st.one_of(st.sampled_from(_CELLS), st.text(max_size=12))
_HEADER = st.lists(st.one_of(st.sampled_from(_HEADERS), st.text(max_size=8)), max_size=6).map(
    lambda found: ["order_id", "ordered_at", *found] if len(found) % 2 else found
)


@dataclass(frozen=True)
class Delivery:
    """A file with its name, and the entries of its source and of its table."""

    name: str
    content: bytes
    options: dict[str, Any]
    table: dict[str, Any]


@st.composite
def _separated(draw: st.DrawFn) -> bytes:
    """Delimited text: any delimiter, quote, line end and encoding, with rows that need not fit the header."""
    delimiter, quote = draw(st.sampled_from(",;\t|")), draw(st.sampled_from("\"'"))
    rows = [draw(_HEADER), *draw(st.lists(st.lists(_TEXTS, max_size=6), max_size=8))]
    text = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    if draw(st.booleans()):
        quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator=end, quoting=quoting).writerows(rows)
    else:
        text.write(end.join(delimiter.join(row) for row in rows))
    lines_above = draw(st.sampled_from(["", "", "Report of a tool\n\n", "\n"]))
    return (lines_above + text.getvalue()).encode(draw(st.sampled_from(_ENCODINGS)), "replace")


def _objects() -> st.SearchStrategy[Any]:
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _TEXTS, st.just(10**400))
    values = st.recursive(
        leaves, lambda more: st.lists(more, max_size=3) | st.dictionaries(st.sampled_from(_HEADERS), more, max_size=3)
    )
    return st.dictionaries(st.sampled_from(_HEADERS), values, max_size=5)


_JSON_LINES = st.lists(_objects(), max_size=5).map(lambda found: "\n".join(map(json.dumps, found)).encode())
_JSON = st.one_of(
    st.lists(_objects(), max_size=5).map(lambda found: json.dumps(found).encode()),
    _objects().map(lambda found: json.dumps({"data": {"orders": [found]}}).encode()),
    st.sampled_from([b"[" * 100_000, b'{"a":' * 100_000, b'{"a": 1, "a": 2}', b'"\\ud800"', b"[NaN]", b"null"]),
)


@st.composite
def _parquet(draw: st.DrawFn) -> bytes:
    names = draw(st.lists(st.sampled_from(_HEADERS), min_size=1, max_size=5, unique=True))
    kinds: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
        (pa.string(), _TEXTS), (pa.int64(), st.integers(-(2**62), 2**62)), (pa.float64(), st.floats()),
        (pa.binary(), st.binary(max_size=9)), (pa.bool_(), st.booleans()), (pa.list_(pa.int32()), st.just([1])),
        (pa.decimal128(38, 4), st.decimals(-(10**20), 10**20, places=4)), (pa.date32(), st.dates()),
        (pa.timestamp("ns"), st.integers(-(2**60), 2**60)), (pa.time64("us"), st.just(1)), (pa.null(), st.none()),
        (pa.struct([("a", pa.int8())]), st.just({"a": 1})), (pa.duration("s"), st.just(5)),
    ]  # fmt: skip
    rows = draw(st.integers(0, 3))
    columns = []
    for _ in names:
        kind, values = draw(st.sampled_from(kinds))
        columns.append(pa.array([draw(st.none() | values) for _ in range(rows)], kind))
    file = io.BytesIO()
    pq.write_table(pa.table(columns, names=names), file)
    return file.getvalue()


@st.composite
def _workbook(draw: st.DrawFn) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = draw(st.sampled_from(["Sheet", "Orders", "a'b", "é"]))
    printable = _TEXTS.filter(lambda text: not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(text) and len(text) < 99)
    cells = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.dates(), printable, st.just("=1/0"))
    for row in draw(st.lists(st.lists(cells, max_size=5), max_size=6)):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@st.composite
def _damaged(draw: st.DrawFn, contents: st.SearchStrategy[bytes]) -> bytes:
    """A content that may be cut off, or have bytes put in."""
    content = draw(contents)
    if draw(st.integers(0, 3)):
        return content
    place = len(content) * draw(st.integers(0, 1000)) // 1000  # a workbook's length depends on the clock
    return content[:place] + draw(st.binary(max_size=5)) + (content[place:] if draw(st.booleans()) else b"")


_KINDS: Final[dict[str, st.SearchStrategy[bytes]]] = {
    "csv": _separated(), "tsv": _separated(), "txt": _separated(), "csv.gz": _separated().map(gzip.compress),
    "csv.zst": _separated().map(lambda content: pa.compress(content, codec="zstd", asbytes=True)),
    "jsonl": _JSON_LINES, "json": _JSON, "parquet": _parquet(), "xlsx": _workbook(),
}  # fmt: skip
_VALUES = st.one_of(st.sampled_from(_SIGNS), st.sampled_from(_HEADERS), st.integers(-1, 10**9), st.none(), st.just([]))
_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "format": st.sampled_from(["csv", "jsonl", "json", "parquet", "xlsx", "xls", "", 1]),
        "encoding": st.sampled_from(_NAMED),
        "delimiter": st.sampled_from(_SIGNS),
        "quote": st.sampled_from(_SIGNS),
        "decimal": st.sampled_from([",", ".", ";", ""]),
        "skip": st.sampled_from(["until header", 0, 1, 5, -1, "x", 10**30]),
        "skip_after": _VALUES,
        "records": st.sampled_from(["data.orders", "data", "", ".", "a..b"]),
        "sheet": st.sampled_from(["Orders", "", "é"]),
        "needs": st.lists(st.sampled_from(_HEADERS), max_size=3) | _VALUES,
        "may_have": st.lists(st.sampled_from(_HEADERS), max_size=3) | _VALUES,
        "names": st.dictionaries(st.sampled_from(_HEADERS), st.lists(_TEXTS, max_size=2), max_size=2) | _VALUES,
        "types": st.dictionaries(st.sampled_from(_HEADERS), st.sampled_from(["varchar[]", "int", "x", ""]), max_size=2),
        "key": st.lists(st.sampled_from(_HEADERS), max_size=2) | _VALUES,
        "path": st.sampled_from(
            ["", "\x00", "x" * 9000, "~nosuchuser/a.csv", "..", "${NO_SUCH_NAME}", "[", "a\udcff.csv"]
        ),
    },
)
# Most files get options that are valid, so that they are read.
_FITTING = st.fixed_dictionaries(
    {},
    optional={
        "encoding": st.sampled_from(_ENCODINGS),
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quote": st.sampled_from(["'", ""]),
        "needs": st.just(["order_id", "ordered_at"]),
        "may_have": st.just(["total_amount"]),
    },
)
_COLUMNS = st.dictionaries(
    st.sampled_from(["order_id", "ordered_at", "total_amount", "colour"]),
    st.one_of(
        st.sampled_from(_HEADERS),
        st.fixed_dictionaries({"column": st.sampled_from(_HEADERS)}, optional={
            "format": st.sampled_from(["%d/%m/%Y", "%", "%Q", "\x00", ""]),
            "timezone": st.sampled_from(["Europe/Paris", "Mars/Base", "shop", ""]),
            "decimal": st.sampled_from([",", ".", "x"]),
        }),
        st.fixed_dictionaries({"expression": st.sampled_from([
            "1", "order_id", "1; drop table x", "(select 1", "--", "/*", "", "\x00", "cast('x' as int)", "1 / 0",
            "error('x')", "number_of(order_id)", "count(*)", "row_number() over ()", "unnest([1, 2])",
        ])}),
        st.fixed_dictionaries({"value": _VALUES}),
    ),
    max_size=4,
)  # fmt: skip


@st.composite
def _sound(draw: st.DrawFn) -> Delivery:
    """A file that its options describe: only its values and its name are odd."""
    delimiter, encoding = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(_ENCODINGS))
    names = st.sampled_from(["customer_id", "total_amount", "status", "a b", "é"])
    more = draw(st.lists(names, max_size=3, unique=True))
    header = ["order_id", "ordered_at", *more]
    width = len(header)
    rows = draw(st.lists(st.lists(_TEXTS, min_size=width, max_size=width), max_size=8))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([header, *rows])
    options = {"encoding": encoding, "delimiter": delimiter}
    return Delivery(f"{draw(st.sampled_from(_NAMES))}.csv", text.getvalue().encode(encoding, "replace"), options, {})


@st.composite
def _odd(draw: st.DrawFn) -> Delivery:
    """A file of any kind, perhaps damaged, perhaps of another kind than its name says, with options at random."""
    kind = draw(st.sampled_from(sorted(_KINDS)))
    content = draw(st.one_of(_damaged(_KINDS[kind]), _damaged(_KINDS[kind]), st.binary(max_size=60)))
    suffix = kind if draw(st.integers(0, 5)) else draw(st.sampled_from([*sorted(_KINDS), "CSV", "xls", "zip", ""]))
    options = draw(_OPTIONS) if draw(st.integers(0, 4)) == 0 else draw(_FITTING)
    fitting = {"order_id": {"value": "1"}, "ordered_at": {"value": "2024-01-31"}}
    table = {"columns": {**fitting, **draw(_COLUMNS)}} if draw(st.integers(0, 3)) == 0 else {}
    if draw(st.integers(0, 5)) == 0:
        conditions = ["true", "1", "x = 1", "1; select 2", "--", "order_id in (from range(3))", "\x00"]
        table["where"] = draw(st.sampled_from(conditions))
    return Delivery(f"{draw(st.sampled_from(_NAMES))}.{suffix}", content, options, table)


def deliveries() -> st.SearchStrategy[Delivery]:
    """Odd files, and files that are sound but for their values and names."""
    return _odd() | _sound()
