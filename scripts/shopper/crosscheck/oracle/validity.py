"""Which orders are valid, how they were paid, and which count as refunded without a refund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from shopper.crosscheck.oracle.money import Rates, product
from shopper.crosscheck.oracle.settings import Row, Settings

_SUCCEEDED: Final = frozenset({"succeeded", "refunded"})
_SENT: Final = frozenset({"shipped", "completed", "refunded"})
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Verdict:
    """Why an order is invalid (None: it is valid), and what is known about its payment."""

    invalid_reason: str | None
    payment_method: str | None
    paid_at: datetime | None
    is_partly_paid: bool | None
    refunded_at: datetime | None


def verdicts_of(
    staged: Mapping[str, list[Row]], settings: Settings, rates: Rates, as_of_end_at: datetime | None
) -> dict[str, Verdict]:
    """The verdict on every staged order."""
    attempts: dict[str, list[Row]] = defaultdict(list)
    for row in staged["payments"]:
        attempts[row["order_id"]].append(row)
    orders = staged["orders"]
    since = min(_evidence(orders, staged["payments"]), default=None)
    order_of_line = {row["order_item_id"]: row["order_id"] for row in staged["order_items"]}
    refunded = {row["order_id"] or order_of_line.get(row["order_item_id"]) for row in staged["refunds"]}
    verdicts = {}
    for row in orders:
        rows = attempts[row["order_id"]]
        paid = [one for one in rows if one["status"] in _SUCCEEDED]
        partly = _is_partly_paid(row, paid)
        is_silent = row["status"] is None and not rows and (since is None or row["ordered_at"] < since)
        reason = _called_off(row) or (None if is_silent or _is_paid(row, rows, paid, partly) else "unpaid")
        is_back = row["status"] == "refunded" or _is_paid_back(paid)
        verdicts[row["order_id"]] = Verdict(
            reason,
            _method(paid, settings, rates),
            row["paid_at"] or min((one["attempted_at"] for one in paid), default=None),
            partly,
            _refund_time(row, paid, as_of_end_at)
            if reason is None and is_back and row["order_id"] not in refunded
            else None,
        )
    return verdicts


def _called_off(row: Row) -> str | None:
    """The reason that does not depend on payment."""
    if row["is_test"]:
        return "test"
    cancelled, later = row["cancelled_at"], (row["paid_at"], row["completed_at"])
    is_reinstated = cancelled is not None and any(moment is not None and moment > cancelled for moment in later)
    if row["status"] == "cancelled" or (cancelled is not None and not is_reinstated):
        return "cancelled"
    if row["status"] == "failed":
        return "failed"
    return "unknown_status" if row["is_status_unknown"] else None


def _evidence(orders: Iterable[Row], payments: Iterable[Row]) -> Iterator[datetime]:
    """When the shop lands something about payment. An order before all of it cannot show that it is paid."""
    for row in orders:
        if row["paid_at"] is not None:
            yield row["paid_at"]
        if row["status"] is not None or row["is_status_unknown"]:
            yield row["ordered_at"]
    for row in payments:
        yield row["attempted_at"]


def _is_paid(row: Row, rows: Sequence[Row], paid: Sequence[Row], partly: bool | None) -> bool:
    """Paid in time, by payment, or by status: without payments, for a deposit, and for goods that are paid later."""
    if row["paid_at"] is not None or row["total_amount"] == 0:
        return True
    if paid and not partly:
        return True
    pays_later = row["payment_terms"] in {"on_delivery", "invoice"}
    says_paid = row["status"] in _SENT or (row["status"] == "paid" and not pays_later)
    return says_paid and (not rows or bool(paid) or pays_later)


def _is_partly_paid(row: Row, paid: Sequence[Row]) -> bool | None:
    """Whether less than the total was paid. None if an amount is unknown or in another currency."""
    if not paid:
        return False
    amounts = [one["amount"] for one in paid]
    if row["total_amount"] is None or None in amounts or {one["currency"] for one in paid} != {row["currency"]}:
        return None
    return bool(sum(amounts) + _CENT < row["total_amount"])


def _is_paid_back(paid: Sequence[Row]) -> bool:
    """Whether the last payment was refunded, and no larger one stands. Of two at one moment, the refunded counts."""
    last = max(((one["attempted_at"], one["status"] == "refunded") for one in paid), default=(None, False))
    known = [one for one in paid if one["amount"] is not None]
    signed = [-one["amount"] if one["status"] == "succeeded" else one["amount"] for one in known]
    return bool(last[1]) and (not signed or sum(signed) >= 0)


def _refund_time(row: Row, paid: Sequence[Row], as_of_end_at: datetime | None) -> datetime:
    """When an order without refunds was refunded: by its status, else by its last payment, else when it was placed."""
    by_status = row["updated_at"] if row["status"] == "refunded" else None
    if by_status and as_of_end_at and by_status >= as_of_end_at:
        by_status = None
    ordered_at: datetime = row["ordered_at"]
    by_payment = max((one["attempted_at"] for one in paid), default=None) if _is_paid_back(paid) else None
    return max(by_status or by_payment or ordered_at, ordered_at)


def _method(paid: Sequence[Row], settings: Settings, rates: Rates) -> str | None:
    """The method with the largest amount of the payments at the first moment; equal ones by name."""
    if not paid:
        return None
    first = min(one["attempted_at"] for one in paid)
    amounts: dict[str | None, Decimal | None] = {}
    for one in paid:
        if one["attempted_at"] == first:
            rate = rates.on(one["currency"], settings.local_date(first))
            before = amounts.get(one["payment_method"])
            if one["amount"] is None or rate is None:
                amounts[one["payment_method"]] = before
            else:
                amounts[one["payment_method"]] = (before or Decimal(0)) + product(one["amount"], rate)
    return min(amounts, key=lambda name: (amounts[name] is None, -(amounts[name] or 0), name is None, name or ""))
