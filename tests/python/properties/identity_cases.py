"""Generated people: merged accounts, visitors who become customers, guests."""

from __future__ import annotations

from datetime import timedelta

from generated import Cases
from order_cases import add_lines, add_order


def add_merges(cases: Cases, products: list[str], count: int) -> None:
    """Random merge graphs of up to six accounts: chains, trees, cycles, self-merges, unknown ones; one order each."""
    for _ in range(count):
        prefix, chance = cases.begin("m"), cases.chance
        accounts = [f"{prefix}-{letter}" for letter in chance.sample("abcdefAB", chance.randint(1, 6))]
        for account in accounts:
            if chance.random() < 0.9:
                target = chance.choice([None, *accounts, *accounts, f"{prefix}-gone"])
                cases.add(
                    "customers", customer_id=account, merged_into_customer_id=target, registered_at=cases.moment()
                )
        for account in accounts:
            order_id, _moment = add_order(cases, f"{prefix}-{account[-1]}", customer_id=account)
            add_lines(cases, f"{prefix}-{account[-1]}", order_id, products, 1)


def add_guests(cases: Cases, products: list[str], count: int) -> None:
    """Visitors on one or two devices who are identified before, at or after their guest orders."""
    for _ in range(count):
        prefix, chance = cases.begin("g"), cases.chance
        start = cases.moment()
        visitors = [f"{prefix}-v{number}" for number in range(chance.randint(1, 2))]
        people = [f"{prefix}-c{number}" for number in range(chance.randint(0, 2))]
        hours = [0, 0, 1, 2, 24, 48]
        for number in range(chance.randint(0, 3)):
            began = start + timedelta(hours=chance.choice(hours))
            visitor = chance.choice(visitors)
            cases.add(
                "sessions", session_id=f"{prefix}-s{number}", visitor_id=visitor, started_at=began,
                customer_id=chance.choice([None, *people]),
            )  # fmt: skip
            if chance.random() < 0.6:
                cases.add(
                    "events", event_id=f"{prefix}-e{number}", session_id=f"{prefix}-s{number}", visitor_id=visitor,
                    event_type="login", occurred_at=began + timedelta(minutes=chance.randint(0, 9)),
                    customer_id=chance.choice([None, "0", *people]),
                )  # fmt: skip
        for number in range(chance.randint(1, 3)):
            order_id, _moment = add_order(
                cases, f"{prefix}-{number}", ordered_at=start + timedelta(hours=chance.choice(hours)),
                customer_id=chance.choice([None, None, *people]), visitor_id=chance.choice([None, *visitors]),
                session_id=chance.choice([None, None, f"{prefix}-s0", f"{prefix}-nowhere"]),
            )  # fmt: skip
            add_lines(cases, f"{prefix}-{number}", order_id, products, 1)
