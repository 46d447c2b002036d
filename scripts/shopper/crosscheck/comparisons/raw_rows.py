"""The outcome of every raw row."""

from __future__ import annotations

from typing import Final

from shopper.crosscheck.check import Check, Reader, Sides
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import Key, keyed


def _ledger(shop: Shop, reader: Reader) -> Sides:
    columns = ("rows_in", "staged", "duplicates", "quarantined")
    expected = {
        table: (ledger.rows_in, ledger.staged, ledger.duplicates, ledger.quarantined)
        for table, ledger in shop.staged.ledgers.items()
    }
    return columns, expected, keyed(reader.rows("row_ledger", "audit"), ["table_name"], columns)


def _quarantine(shop: Shop, reader: Reader) -> Sides:
    expected = {
        (table, reason): (count,)
        for table, ledger in shop.staged.ledgers.items()
        for reason, count in ledger.reasons.items()
    }
    counts: dict[Key, int] = {}
    for row in reader.rows("quarantined_rows", "audit"):
        key = row["table_name"], row["rejection_reason"]
        counts[key] = counts.get(key, 0) + 1
    return ("rows",), expected, {key: (count,) for key, count in counts.items()}


CHECKS: Final = (
    Check("raw rows", "rows in, staged, duplicates, quarantined by table", "audit", "row_ledger", _ledger, "rows_in"),
    Check("raw rows", "quarantined rows by table and reason", "audit", "quarantined_rows", _quarantine, "rows"),
)
