"""Match unknown files with contract tables and columns by name, as parts of a mapping that a person checks."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from shopper.contract import Contract, Table
from shopper.init.editing import scalar
from shopper.init.matching import Fit, fits
from shopper.init.near import OF_ORDERS, most_like, unplaced
from shopper.init.sniffing import Sniffed
from shopper.sql import quoted

_OFFSET = re.compile(r"\d{2}:\d{2}.*(Z|UTC|[+-]\d{2}(:?\d{2})?)$|^\d{9,16}$")


@dataclass
class Draft:
    """A file matched with a table. `columns`: file column by contract column; `settings`: what its values need.

    source: the relation of the part; grouped_by: the file's column of the order if the relation has a row an order.
    """

    source: str
    file: Sniffed
    table: Table
    columns: dict[str, str]
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    grouped_by: str | None = None

    @property
    def missing(self) -> list[str]:
        """Required columns of the table that match no column of the file."""
        return [column for column in self.table.must_be_mapped if column not in self.columns]

    def query(self, source: str) -> str:
        """SQL of one row an order over the lines of a file. The columns are the same on all lines of an order."""
        own = [name for name in dict.fromkeys(self.columns.values()) if name != self.grouped_by]
        key = quoted(str(self.grouped_by))
        selected = "".join(f",\n        min({quoted(name)}) as {quoted(name)}" for name in own)
        return f"select {key}{selected}\n      from {source}\n      where {key} is not null\n      group by {key}"


@dataclass(frozen=True)
class LeftOut:
    """A file that fits no table well enough; what it would need to, and the contract columns near to its own."""

    file: Sniffed
    reason: str


def draft(files: Sequence[Sniffed], contract: Contract, taken: Collection[str]) -> tuple[list[Draft], list[LeftOut]]:
    """A draft for each file that fits a table. If several fit the same, the first one gets it; `taken`: names of
    relations that are already there.
    """
    used = set(taken)
    filled: dict[str, Sniffed] = {}
    drafts: list[Draft] = []
    left_out = []
    for file in files:
        found = fits(file, contract)
        lines = _order_lines(found)
        chosen = lines or [one for one in found if one.is_sensible and one.table.name not in filled][:1]
        if not chosen or any(one.table.name in filled for one in lines):
            # One column says little: words of other languages may then tell more.
            telling = [one for one in found if len(one.columns) > 1]
            reason, columns = _reason(telling, filled), _columns(file, telling, contract)
            left_out.append(LeftOut(file, f"{reason}. Its columns: {columns}"))
            continue
        for one in chosen:
            filled[one.table.name] = file
            drafts.append(Draft(_free(one.table.name, used), file, one.table, one.columns))
        if lines:
            drafts[-1].columns, drafts[-1].grouped_by = _order_columns(*lines), lines[0].columns["order_id"]
    return drafts, left_out


def part_text(one: Draft, zone: str | None) -> str:
    """The text of a draft as a part of its table. `zone`: whether the shop has a time zone for local times."""
    lines = [f"source: {one.source}", "columns:"]
    for column in one.table.columns:
        if column.name in one.columns:
            lines.append(f"  {column.name}: {_definition(one, column.name, column.type, zone)}")
        elif column.name in one.missing:
            lines.append(f"  {column.name}: <required: a column of the file>")
    return "\n".join(lines)


def unused(drafts: Sequence[Draft]) -> list[str]:
    """The columns of a file that none of its drafts uses, each with the nearest free contract column."""
    used = {name for one in drafts for name in one.columns.values()}
    taken = {(one.table.name, column) for one in drafts for column in one.columns}
    left = [name for name in drafts[0].file.columns if name not in used]
    return unplaced(left, [one.table for one in drafts], taken)


def flow(entry: dict[str, str]) -> str:
    """A mapping of texts as YAML on one line."""
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in entry.items()) + "}"


def _order_lines(found: Sequence[Fit]) -> list[Fit]:
    """The fits for order_items and orders of a file with a row a line: it has the columns of both."""
    by_name = {one.table.name: one for one in found}
    items, orders = by_name.get("order_items"), by_name.get("orders")
    is_both = items and orders and not items.missing and not orders.missing and "order_id" in orders.columns
    if not (items and orders and is_both) or found[0].table.name not in {"orders", "order_items"}:
        return []
    return [items, orders]


def _order_columns(items: Fit, orders: Fit) -> dict[str, str]:
    """Columns of the order: those that are no line's, and are the same on all lines of an order."""
    key = items.columns["order_id"]
    of_lines = set(items.columns.values())
    return {"order_id": key} | {
        column: name
        for column, name in orders.columns.items()
        if column != "order_id"
        and name not in of_lines
        and _is_of_order(items.file, key, name, items.table.by_name.get(column) or orders.table.by_name[column])
    }


def _is_of_order(file: Sniffed, key: str, name: str, column: object) -> bool:
    """Whether all lines of an order have the same value. For an amount, orders of several lines must show it."""
    is_amount = getattr(column, "type", "") == "money"
    if file.beginning is None:
        return not is_amount
    names = list(file.columns)
    at, place = names.index(key), names.index(name)
    values: dict[str, list[str]] = {}
    for row in file.beginning.rows[file.beginning.header_row + 1 :]:
        if len(row) == len(names) and row[at] and row[place]:
            values.setdefault(row[at], []).append(row[place])
    is_same = all(len(set(found)) == 1 for found in values.values())
    return is_same and (not is_amount or any(len(found) > 1 for found in values.values()))


def _reason(found: Sequence[Fit], filled: dict[str, Sniffed]) -> str:
    """Why a file is no table: the table that it is most like, and what it lacks."""
    if not found:
        return "matches no table of the input contract; map it by hand"
    best = _best(found)
    name = best.table.name
    if name in filled:
        return f"looks like {name}, as {filled[name].path.name} does; map it by hand"
    needed = [column for column in (*best.table.must_be_mapped, *best.table.keys) if column not in best.columns]
    lacks = f"lacks {', '.join(dict.fromkeys(needed))}" if needed else f"has only {', '.join(best.columns)} of it"
    return f"is most like {name}, but {lacks}; map it by hand"


def _best(found: Sequence[Fit]) -> Fit:
    return max(found, key=lambda one: (len(one.columns), one.score))


def _columns(file: Sniffed, found: Sequence[Fit], contract: Contract) -> str:
    """All columns of a file, each with the nearest of the table that it is most like; orders are with their items."""
    names = list(file.columns)
    table = _best(found).table.name if found else most_like(names, contract)
    chosen = OF_ORDERS if table in OF_ORDERS else (table,)
    return ", ".join(unplaced(names, [contract.by_name[name] for name in chosen if name]))


def _definition(one: Draft, target: str, column_type: str, zone: str | None) -> str:
    name = one.columns[target]
    values = one.file.columns[name]
    settings = dict(one.settings.get(target, {}))
    if zone and column_type == "timestamp" and values and not _OFFSET.search(values[0].strip()):
        settings["timezone"] = "shop"
    text = flow({"column": name, **settings}) if settings else scalar(name)
    return f"{text}  # such as {_shown(values[0])}" if values else text


def _free(name: str, used: set[str]) -> str:
    free, number = name, 2
    while free in used:
        free, number = f"{name}_{number}", number + 1
    used.add(free)
    return free


def _shown(value: str) -> str:
    """An example value for a comment: one short line; e-mail addresses are hidden."""
    text = re.sub(r"\S+@\S+", "...@...", " ".join(value.split()))
    return text if len(text) <= 40 else text[:37] + "..."
