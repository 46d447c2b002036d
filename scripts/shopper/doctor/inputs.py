"""Checks of missing tables and columns, with the marts that stay empty without them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shopper.doctor.findings import NOTE, STOPS, WARNING, Finding, Fix
from shopper.doctor.shop import Shop
from shopper.suggestions import closest

_ACTIVITY = ("orders", "sessions", "events")


@cache
def effects() -> dict[str, Any]:
    """The effect of each missing table or column on the marts, from `effects.yml`."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("effects.yml").read_text(encoding="utf-8"))
    return loaded


def check_inputs(shop: Shop) -> Iterator[Finding]:
    """Missing tables and columns, tables without rows, columns outside the contract, unreadable lines."""
    if shop.rejects:
        message = f"{shop.rejects:,} lines can't be read; `shopper load` lists them and stops"
        yield Finding(STOPS, "rejects", "files", message, shop.rejects)
    if not any(shop.rows.get(table) for table in _ACTIVITY):
        yield Finding(STOPS, "inputs", "raw", "none of orders, sessions and events has rows; at least one is needed")
    for table in shop.contract.tables:
        if not shop.rows.get(table.name):
            is_there = table.name in shop.columns
            yield _absent_table(table.name, is_there)
        if table.name in shop.columns:
            yield from _columns(shop, table.name)


def _absent_table(table: str, is_there: bool) -> Finding:
    effect = effects()["tables"][table]
    empty = f"; empty: {', '.join(effect['empty'])}" if effect.get("empty") else ""
    state = "has no rows" if is_there else "is absent"
    return Finding(NOTE, "inputs", table, f"{state}: {effect['without']}{empty}")


def _columns(shop: Shop, name: str) -> Iterator[Finding]:
    table, present = shop.contract.by_name[name], set(shop.columns[name])
    unknown = sorted(present - set(table.by_name))
    lacking = [column.name for column in table.columns if column.name not in present]
    for column in lacking:
        similar = closest(column, unknown, limit=1)
        fix = shop.table_fix(name, f"{column}: {similar[0] if similar else '<a column of your source>'}")
        subject = f"{name}.{column}"
        if column in table.must_be_mapped:
            yield Finding(STOPS, "inputs", subject, "is required, but missing", shop.rows[name], fix=fix)
        elif similar:
            yield Finding(WARNING, "inputs", subject, f"is missing, but there is a column {similar[0]}", fix=fix)
        elif subject in effects()["columns"]:
            yield Finding(NOTE, "inputs", subject, f"is absent: {effects()['columns'][subject]}", fix=fix)
    if unknown:
        yield Finding(NOTE, "inputs", name, f"columns outside the input contract are ignored: {', '.join(unknown)}")
    if shop.rows[name]:
        counted = shop.query(
            f"select {', '.join(f'count({one.name})' for one in shop.present(table)) or 'count(*)'} from shop.{name}"
        )[0]
        for column_there, values in zip(shop.present(table), counted, strict=False):
            if values == 0:
                subject = f"{name}.{column_there.name}"
                effect = effects()["columns"].get(subject)
                message = f"has no value in any row{f': {effect}' if effect else ''}"
                severity = WARNING if column_there.type in {"id", "person_id"} else NOTE
                severity = STOPS if column_there.name in table.must_be_mapped else severity
                yield Finding(
                    severity, "empty column", subject, message, shop.rows[name], 1.0, fix=_mapping_fix(shop, subject)
                )


def _mapping_fix(shop: Shop, subject: str) -> Fix:
    table, column = subject.split(".")
    return shop.table_fix(table, f"{column}: <another column of your source>")
