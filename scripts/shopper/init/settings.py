"""Date patterns and decimal separators of a file's values, found with the checks of `shopper doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.doctor.values import best_decimal, best_format
from shopper.init.drafting import Draft
from shopper.init.whole_files import RELATION, whole_file
from shopper.load.quality import MOMENTS
from shopper.sql import quoted

_NUMBERS = frozenset({"money", "rate", "number", "share", "quantity", "integer"})


def add_settings(drafts: Sequence[Draft], root: Path) -> None:
    """Add `format` or `decimal` to columns of the drafts where values of the file do not cast otherwise.

    Raises BadInput for a file that the loader could not read.
    """
    rules = CastRules(root)
    for one in drafts:
        typed = [
            (target, name)
            for target, name in one.columns.items()
            if one.table.by_name[target].type in MOMENTS | _NUMBERS
        ]
        if typed:
            with whole_file(one.file) as connection:
                for target, name in typed:
                    setting = _setting(connection, rules, one.table.by_name[target].type, name)
                    if setting:
                        one.settings[target] = setting


def _setting(
    connection: duckdb.DuckDBPyConnection, rules: CastRules, column_type: str, name: str
) -> dict[str, str] | None:
    """The pattern that reads the values that do not cast, or the decimal sign of all; None if none is needed."""
    values = f"(select {rules.clean(f'cast({quoted(name)} as varchar)')} as value from {RELATION})"
    failed = f"(select value from {values} where value is not null and {rules.typed('value', column_type)} is null)"
    if not connection.execute(f"select 1 from {failed} limit 1").fetchone():
        return None
    if column_type in MOMENTS:
        found, setting = best_format(connection, failed), "format"
    else:
        found, setting = best_decimal(connection, values), "decimal"
    return {setting: found} if found else None
