"""Raw rows with every value that exports are known to get wrong, in every column of every table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from landing import RawRow
from shopper.contract import Contract, Table

_NUMBERS: Final = (
    "0", "-0", "+5", "-3", "001", "1e3", "1E-3", "1e308", "1e400", "1e-400", ".5", "5.", ".", "-", "2.5", "3.0",
    "1.0", "1,234.5", "1.234,50", "12d", "12f", "12L", "0x10", "1_000", "1 2", "1'000", "--1", "1-", "12%", "$5",
    "5 CAD", "\uff11\uff12", "\u0661", "\u221e", "NaN", "inf", "-Infinity", "99999999999.999999", "100000000000",
    "89999.9999999", "999999999999.9999995", "9223372036854775807", "9223372036854775808",
    "123456789012345678901234567890", "0.0000005", "0.0000004999999", "-0.0000005", "0.0005", "0.0000000000005",
    "1.00000000000000000001", "1e0", "1e",
)  # fmt: skip
_MOMENTS: Final = (
    "2024-02-10", "20240210", "2024-02-30", "2023-02-29", "20240230", "2024-2-1", "2024/02/10", "10.02.2024",
    "0000-01-01", "0001-01-01", "1969-12-31", "9999-12-31", "10000-01-01", "-2024-02-10", "20241301", "99999999",
    "00000000", "2024-02-10T08:26Z", "2024-02-10T08:26:01+08:00", "2024-02-10 08:26:01.123456789",
    "2024-02-10T08:26:01,5", "2024-02-10 24:00:00", "2024-02-10 23:59:60", "2024-02-10 08:26 UTC", "2024-02-10 8:26",
    "2024-02-10T08:26:01+0800", "2024-02-10T08:26:01+08", "2024-02-10T08:26:01-23:59", "2024-02-10T08:26:01+25:00",
    "2024-02-10T08:26:01 +08:00", "2024-02-10 08:26:01 Asia/Shanghai", "2024-02-10 08:26:01 PST", "2024-02-10 (BC)",
    "2024-02-10Z", "2024-02-10T", "2024-02-10T08", "2024-02-10  08:26:01", "2024-02-10t08:26:01z",
    "2024-02-10T08:26:01Z Z", "2024-02-10 08:61:01", "2024-02-10 25:00:01", "2024-02-10 08:26:01.",
    "2024-02-10 08:26:01.9999999", "2024-06-30T23:59:59.9999999Z", "1991-04-14 00:30:00", "1707523200",
    "1707523200000", "1707523200000000", "1707523200.5", "17075232000000000", "99999999999", "100000000000",
    "-1707523200", "Sat Feb 10 2024", "2024-W06-6", "2024-041", "08:26:01",
    "20240210082601", "202402100826", "45332", "45332.35", "631152000", "631151999", "4133980799999", "4133980800000",
    "4102444800", "1e-7", "-1e-7", "631151999.9999996", "4133980799.9999996",
)  # fmt: skip
_TEXTS: Final = (
    "", " ", "null", "NULL", "Undefined", "(not set)", "(Not Set)", "\u3000x\u3000", "\ufeffx", "x\u200b", "\u00a0",
    "\u2028", "\u1680x", "e\u0301", "\u00e9", "\u0130", "\u0131", "\u00df", "\u1e9e", "\u03a3\u0391\u03a3", "\u01c5",
    "\ufb01", "\u212b", "a\tb", "a\nb", "\r", "\\", "\\n", '"', "'", "''", '\\"', "`", "{}", '{"a": 1}', "[1]", "$1",
    "\\1", "%", "%zz", "%FF%FE", "%E4%BD%A0", "a+b", "%2B", "\U0001f600", "\u202e", "\ufffd", "x" * 300, "0",
    "undefined ", "a|b", "a,b", "\x1f", "\x7f",
)  # fmt: skip
_WORDS: Final = (
    "TRUE", "t", "yes", "Y", "on", "2", "false", "n", "0.0", "usd", " eur ", "US$", "XXX", "\uff35SD", "PAID",
    "paid ", "Canceled", "PV", "wonderful", "PURCHASE", "Media", "WEB", "not-a-code", "A B-c", "\u0130OS",
)  # fmt: skip
_LINKS: Final = (
    "https://x.example/?e=a@b.example&token=1#x", "/reset/abc123def?mail=a%40b.example",
    "HTTPS://X.EXAMPLE:443/P\u00e9", "https://x.example/?user%5Bpassword%5D=a;b&utm_source=x",
    "https://x.example/%E4%BD%A0?q=%FF%FE", "?", "//x.example", "https://x.example/eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.abc",
    "/" + "a1" * 20, "https://x.example/?q=\u00e4@\u00f6.example", "https://x.example/?TOKEN=\\\"a\\\"&b=1",
    "tel:+49 1", "https://x.example/verify/\u0661\u0662\u0663/", "a@b.c",
)  # fmt: skip
VALUES: Final = (None, *_NUMBERS, *_MOMENTS, *_TEXTS, *_WORDS, *_LINKS)


def bad_rows(contract: Contract, seeds: Path) -> dict[str, list[RawRow]]:
    """Rows by raw table: a row of the sample shop, and its copies with one odd value each.

    Where the key is one column, each value stands in a row with a key of its own, and in a version of a key of all
    values of its column. Where the key has several, all rows are versions of the keys that they make.
    """
    return {table.name: _rows(table, seeds / f"raw_{table.name}.csv") for table in contract.tables}


def _rows(table: Table, seed: Path) -> list[RawRow]:
    with seed.open(newline="", encoding="utf-8") as file:
        good = {name: value or None for name, value in next(csv.DictReader(file)).items()}
    rows: list[RawRow] = [good]
    for column in table.by_name:
        for number, value in enumerate(VALUES):
            key = {} if len(table.keys) > 1 else {table.keys[0]: f"{column}-{number}"}
            rows.append({**good, **key, column: value})
            if len(table.keys) == 1:
                rows.append({**good, table.keys[0]: f"{column}-versions", column: value})
    return rows
