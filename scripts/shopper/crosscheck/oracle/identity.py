"""Identity: merged accounts, and the customers of visitors."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shopper.crosscheck.oracle.settings import Row

UNKNOWN: Final = "unknown"
VISITOR_PREFIX: Final = "visitor:"


def canonical_customers(customers: Iterable[Row]) -> dict[str, str]:
    """The canonical account of each merged account, by following merges. A cycle resolves to its smallest id.

    Accounts that were not merged are not keys.
    """
    merged = {
        row["customer_id"]: row["merged_into_customer_id"]
        for row in customers
        if row["merged_into_customer_id"] not in {None, row["customer_id"]}
    }
    return {account: _end_of(account, merged) for account in merged}


def _end_of(account: str, merged: Mapping[str, str]) -> str:
    path = [account]
    while path[-1] in merged:
        following = merged[path[-1]]
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]


@dataclass(frozen=True)
class Identification:
    """A time at which a visitor is known to be a (canonical) customer."""

    visitor_id: str
    identified_at: datetime
    customer_id: str


class Identities:
    """The canonical customers of accounts and, depending on time, of visitors."""

    def __init__(self, canonical: Mapping[str, str], identifications: Iterable[Identification] = ()) -> None:
        self._canonical = canonical
        self._moments: dict[str, list[tuple[datetime, str]]] = {}
        for identification in identifications:
            self._moments.setdefault(identification.visitor_id, []).append(
                (identification.identified_at, identification.customer_id)
            )
        for moments in self._moments.values():
            moments.sort()

    def customer(self, account: str | None) -> str | None:
        """The canonical customer of an account; None for None."""
        return None if account is None else self._canonical.get(account, account)

    def of_visitor(self, visitor_id: str | None, moment: datetime) -> str | None:
        """The next identified customer of the visitor at or after the time, else the latest before it; ties by id."""
        moments = self._moments.get(visitor_id or "", [])
        place = bisect_left(moments, (moment, ""))
        if place < len(moments):
            return moments[place][1]
        if not moments:
            return None
        last = moments[-1][0]
        return moments[bisect_left(moments, (last, ""))][1]


def identifications(
    identities: Identities,
    sessions: Iterable[Row],
    events: Iterable[Row],
    orders: Iterable[Row],
    visitors: Mapping[str, str],
) -> list[Identification]:
    """Every time at which a session, an event or an order links a visitor to an account.

    `visitors`: visitor by order.
    """
    named = [
        *((row["visitor_id"], row["started_at"], row["customer_id"]) for row in sessions),
        *((row["visitor_id"], row["occurred_at"], row["customer_id"]) for row in events),
        *((visitors.get(row["order_id"]), row["ordered_at"], row["customer_id"]) for row in orders),
    ]
    return [
        Identification(visitor_id, moment, identities.customer(account) or account)
        for visitor_id, moment, account in named
        if visitor_id is not None and account is not None
    ]
