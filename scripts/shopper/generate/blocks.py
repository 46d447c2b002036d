"""Blocks of customers: larger shops repeat the sample's block with other ids and shared dimension tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shopper.generate.cases import cases
from shopper.generate.chance import Chance
from shopper.generate.faults import faults
from shopper.generate.marketing import plan_spend
from shopper.generate.rows import SHARED, raw_rows
from shopper.generate.rows.marketing import spend_rows
from shopper.generate.shop import build
from shopper.planted_truths import planted

ID_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "customers": ("customer_id", "referrer_customer_id", "merged_into_customer_id"),
    "orders": ("order_id", "customer_id", "visitor_id", "session_id", "subscription_id"),
    "order_items": ("order_item_id", "order_id", "parent_order_item_id"),
    "order_discounts": ("order_discount_id", "order_id"),
    "payments": ("payment_id", "order_id"),
    "refunds": ("refund_id", "order_id", "customer_id", "order_item_id"),
    "shipments": ("shipment_id", "order_id"),
    "sessions": ("session_id", "visitor_id", "customer_id"),
    "events": ("event_id", "session_id", "visitor_id", "customer_id", "order_id"),
    "messages": ("message_id", "customer_id"),
    "experiment_assignments": ("unit_id",),
    "reviews": ("review_id", "order_id", "customer_id"),
    "survey_responses": ("response_id", "customer_id", "order_id"),
    "support_tickets": ("ticket_id", "customer_id", "order_id"),
}
"""Columns whose ids get the prefix of the block. Other tables are shared by all blocks."""

_GROWING: Final = {"inventory_snapshots": ("on_hand_quantity", "on_order_quantity"), "campaigns": ("cost",)}
"""Columns of shared tables that are multiplied by the number of blocks. Spend is computed for all blocks."""


Cells = list[str | None]

TEMPLATES: Final = 4
"""Number of different blocks. Further blocks repeat them with other ids."""


@dataclass(frozen=True, slots=True)
class Template:
    """The rows of a block without faults, as text by table, with cells in the contract's order."""

    cells: dict[str, list[Cells]]
    new_customers: Counter[tuple[str, int]]

    @property
    def events(self) -> int:
        """Number of events in the block."""
        return len(self.cells["events"])


@dataclass(frozen=True, slots=True)
class Templates:
    """The different blocks, and the spend of the shop for all of them."""

    seed: int
    columns: dict[str, tuple[str, ...]]
    built: list[Template]

    def of(self, block: int) -> Template:
        """The template of a block."""
        return self.built[block % len(self.built)]

    def events(self, blocks: int) -> int:
        """Number of events in `blocks` blocks."""
        return sum(self.of(block).events for block in range(blocks))

    def blocks_for(self, events: int) -> int:
        """The least number of blocks with at least `events` events."""
        rounds, left = divmod(events, self.events(len(self.built)))
        blocks = rounds * len(self.built)
        while left > 0:
            left -= self.of(blocks).events
            blocks += 1
        return blocks

    def spend(self, blocks: int) -> list[Cells]:
        """Spend in proportion to the new customers of `blocks` blocks."""
        new_customers: Counter[tuple[str, int]] = Counter()
        for place, template in enumerate(self.built):
            repeats = len(range(place, blocks, len(self.built)))
            new_customers.update({key: count * repeats for key, count in template.new_customers.items()})
        rows = spend_rows(plan_spend(Chance(self.seed, "spend"), new_customers, planted("app_cac_ratio")))
        return [as_cells(row, self.columns["marketing_spend"]) for row in rows]


def make_templates(seed: int, columns: dict[str, tuple[str, ...]], count: int) -> Templates:
    """The first `count` blocks of a seed (at most four), as text."""
    return Templates(seed, columns, [_template(seed, block, columns) for block in range(min(count, TEMPLATES))])


def _template(seed: int, block: int, columns: dict[str, tuple[str, ...]]) -> Template:
    shop = build(seed, block)
    rows = raw_rows(shop, seed, block)
    return Template(
        {table: [as_cells(row, columns[table]) for row in rows.get(table, ())] for table in columns}, shop.new_customers
    )


def as_cells(row: Mapping[str, object], columns: Iterable[str]) -> Cells:
    """Values as text, in the order of the columns; None stays None."""
    return [None if row.get(column) is None else str(row[column]) for column in columns]


def prefix_of(block: int) -> str:
    """Prefix of the ids of a block; empty for the first block, which is the sample."""
    return f"b{block}-" if block else ""


def block_rows(templates: Templates, table: str, block: int) -> Iterator[Cells]:
    """Rows of a block in a table that is not shared, with the ids of the block."""
    prefix = prefix_of(block)
    places = {templates.columns[table].index(column) for column in ID_COLUMNS[table]}
    for cells in templates.of(block).cells[table]:
        yield [f"{prefix}{cell}" if place in places and cell is not None else cell for place, cell in enumerate(cells)]


def shared_rows(templates: Templates, table: str, blocks: int) -> Iterator[Cells]:
    """Rows of a shared table. Spend, stock and costs increase with the number of blocks."""
    if table == "marketing_spend":
        yield from templates.spend(blocks)
        return
    growing = {templates.columns[table].index(column) for column in _GROWING.get(table, ())}
    for cells in templates.built[0].cells[table]:
        yield [
            _times(cell, blocks) if place in growing and cell is not None else cell for place, cell in enumerate(cells)
        ]


def fault_rows(columns: dict[str, tuple[str, ...]], table: str) -> list[Cells]:
    """The rows of faults and cases of a table, in the order of their lists. Only the first block has them."""
    faulty = [row for fault in faults() if fault.table == table for row in fault.rows]
    exported = [row for case in cases() for row in case.rows.get(table, ())]
    return [as_cells(row, columns[table]) for row in (*faulty, *exported)]


def is_shared(table: str) -> bool:
    """Whether the table is shared by all blocks."""
    return table in SHARED


def _times(text: str, factor: int) -> str:
    """Multiply a decimal number in text exactly."""
    if "." not in text:
        return str(int(text) * factor)
    whole, fraction = text.split(".")
    scaled = str(int(whole + fraction) * factor).zfill(len(fraction) + 1)
    return f"{scaled[: -len(fraction)]}.{scaled[-len(fraction) :]}"
