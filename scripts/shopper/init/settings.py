"""Date patterns and decimal separators of a file's first values, found with the checks of `shopper doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.doctor.values import best_decimal, best_format
from shopper.init.drafting import Draft
from shopper.load.quality import MOMENTS
from shopper.sql import literal

_NUMBERS = frozenset({"money", "rate", "number", "share", "quantity", "integer"})


def add_settings(drafts: Sequence[Draft], root: Path) -> None:
    """Add `format` or `decimal` to columns of the drafts whose values do not cast otherwise."""
    rules = CastRules(root)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for one in drafts:
            for target, name in one.columns.items():
                column_type, values = one.table.by_name[target].type, one.file.columns[name]
                if column_type not in MOMENTS | _NUMBERS or not values:
                    continue
                rows = ", ".join(f"({literal(value)})" for value in values)
                cleaned = f"(select {rules.clean('given')} as value from (values {rows}) as sample (given))"
                uncast = f"{rules.typed('value', column_type)} is null"
                failed = f"(select value from {cleaned} where value is not null and {uncast})"
                look, setting = (best_format, "format") if column_type in MOMENTS else (best_decimal, "decimal")
                found = look(connection, failed)
                if found:
                    one.settings[target] = {setting: found}
