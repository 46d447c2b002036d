"""Rules of the input contract that are not in the sources YAML."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from shopper.contract import Column
from shopper.crosscheck.oracle.settings import Row

# The column with the time of a row. Rows after the as-of date are quarantined.
TIMES: Final = {
    "customers": "registered_at",
    "inventory_snapshots": "snapshot_date",
    "competitor_prices": "price_date",
    "orders": "ordered_at",
    "payments": "attempted_at",
    "refunds": "refunded_at",
    "shipments": "shipped_at",
    "exchange_rates": "rate_date",
    "sessions": "started_at",
    "events": "occurred_at",
    "marketing_spend": "spend_date",
    "messages": "sent_at",
    "experiment_assignments": "assigned_at",
    "reviews": "reviewed_at",
    "survey_responses": "invited_at",
    "support_tickets": "opened_at",
}
# Timestamps of later events of a row. They become null if they are after the as-of date.
LATER_FACTS: Final = {
    "orders": ("paid_at", "completed_at", "cancelled_at"),
    "shipments": ("delivered_at",),
    "sessions": ("ended_at",),
    "messages": ("delivered_at", "opened_at", "clicked_at", "unsubscribed_at", "bounced_at"),
    "survey_responses": ("responded_at",),
    "support_tickets": ("first_response_at", "resolved_at"),
}
# Columns that are only known together with such a timestamp, such as a score with the time of the answer.
KNOWN_WITH: Final = {
    ("survey_responses", "responded_at"): "score",
    ("support_tickets", "resolved_at"): "satisfaction_score",
}
ORDER_CHILDREN: Final = frozenset({"order_items", "order_discounts", "payments", "refunds", "shipments"})
# The column with the day of the exchange rate of a row. None (products): any rate is enough.
RATE_DAYS: Final = {
    "orders": "ordered_at",
    "payments": "attempted_at",
    "refunds": "refunded_at",
    "competitor_prices": "price_date",
    "marketing_spend": "spend_date",
    "campaigns": "started_at",
}
# A row without any of these amounts needs no rate.
RATE_AMOUNTS: Final = {"products": ("list_price", "unit_cost"), "campaigns": ("cost",)}
MAY_BE_NEGATIVE: Final = {
    "customers": {"points_balance"},
    "inventory_snapshots": {"on_hand_quantity"},
    "orders": {"discount_amount", "shipping_discount_amount"},
    "order_items": {"quantity", "unit_price", "discount_amount"},
    "order_discounts": {"amount"},
    "refunds": {"quantity", "amount", "goods_amount", "shipping_amount", "tax_amount"},
}
# Amounts that count in either sign.
_UNSIGNED: Final = {
    "orders": ("discount_amount", "shipping_discount_amount"),
    "order_items": ("discount_amount",),
    "order_discounts": ("amount",),
    "refunds": ("quantity", "amount", "goods_amount", "shipping_amount", "tax_amount"),
}
_SCORES: Final = {"nps": (0, 10), "ces": (1, 7)}


def is_key(column: Column) -> bool:
    """Whether the column is part of the table's key."""
    return column.presence in {"key", "key_nullable"}


def can_fail(column: Column) -> bool:
    """Whether text in this column can fail to cast."""
    return column.type not in {"text", "label", "id", "person_id", "code", "url", "url_text", "currency"}


def _rate_not_positive(row: Row) -> str | None:
    return "rate_not_positive" if row["rate"] <= 0 else None


def _parts_above_amount(row: Row) -> str | None:
    parts = abs(row["shipping_amount"] or Decimal(0)) + abs(row["tax_amount"] or Decimal(0))
    return "parts_above_amount" if parts > abs(row["amount"]) else None


def _negative_without_value(row: Row) -> str | None:
    """A line below 0 is a discount, if it has a value."""
    for column, other in (("quantity", "unit_price"), ("unit_price", "quantity")):
        if row[column] < 0 and row[other] == 0:
            return f"{column}_negative"
    return None


def refunds_taken_back(rows: list[Row]) -> list[bool]:
    """By row, whether it is a negative refund beside the same positive amount of its order in another refund."""
    given: dict[tuple[str, Decimal], set[str]] = {}
    for row in rows:
        if row["order_id"] is not None and row["amount"] is not None and row["amount"] > 0:
            given.setdefault((row["order_id"], row["amount"]), set()).add(row["refund_id"])
    return [
        row["amount"] is not None
        and row["amount"] < 0
        and bool(given.get((row["order_id"], -row["amount"]), set()) - {row["refund_id"]})
        for row in rows
    ]


def with_signs(table: str, row: Row) -> Row:
    """The row with its amounts in the sign that counts: a line below 0 has a price below 0 and a quantity above."""
    changed = {name: abs(row[name]) for name in _UNSIGNED.get(table, ()) if row[name] is not None}
    if table == "order_items":
        is_discount = row["quantity"] * row["unit_price"] < 0
        price = abs(row["unit_price"])
        changed |= {"quantity": abs(row["quantity"]), "unit_price": -price if is_discount else price}
    return {**row, **changed} if changed else row


def _rating_out_of_range(row: Row) -> str | None:
    return None if 1 <= row["rating"] <= 5 else "rating_out_of_range"


def _score_out_of_range(row: Row) -> str | None:
    low, high = _SCORES.get(row["survey_type"], (1, 5))
    return None if row["score"] is None or low <= row["score"] <= high else "score_out_of_range"


CHECKS: Final[dict[str, Callable[[Row], str | None]]] = {
    "exchange_rates": _rate_not_positive,
    "order_items": _negative_without_value,
    "refunds": _parts_above_amount,
    "reviews": _rating_out_of_range,
    "survey_responses": _score_out_of_range,
}
