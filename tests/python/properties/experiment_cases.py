"""Small experiments with events at every edge of their period, and some large enough for a verdict."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from generated import END, Cases
from order_cases import add_order

_SECOND: Final = timedelta(seconds=1)
_SHARES: Final = ["0.5", "0.5", "0.5", "0.34", "0.2", "0", "1", "0.333333"]


def add_experiments(cases: Cases, count: int) -> None:
    """Experiments of one to four variants with few units: exposed twice, merged, too early, too late, unplanned."""
    for _ in range(count):
        prefix, chance = cases.begin("x-exp"), cases.chance
        started = cases.moment(datetime(2024, 6, 1), datetime(2025, 6, 1))
        ended = chance.choice(
            [None, END, END + _SECOND, END - _SECOND, started, *[started + timedelta(days=20, seconds=1)] * 6]
        )
        unit_type = chance.choice(["customer", "visitor", "Visitor", None])
        variants = chance.sample(["a", "b", "c", "d"], chance.choice([1, 2, 2, 2, 3, 4]))
        control = chance.choice([variants[0]] * 5 + ["none", "all"])
        for variant in variants:
            cases.add(
                "experiment_variants", experiment_id=prefix, variant=variant, planned_share=chance.choice(_SHARES),
                is_control=control in (variant, "all"), campaign_id=chance.choice([None, "k1", "k1", "k2"]),
                unit_type=chance.choice([unit_type] * 12 + [None, "customer"]),
                started_at=chance.choice([started] * 5 + [started - timedelta(days=1)]),
                ended_at=chance.choice([ended] * 8 + [None, END]),
            )  # fmt: skip
        for number in range(chance.choice([0, 1, 5, 12])):
            _add_unit(cases, prefix, f"{prefix}-{number}", variants, started, ended)


def _add_unit(
    cases: Cases, experiment_id: str, unit_id: str, variants: list[str], started: datetime, ended: datetime | None
) -> None:
    """A unit that is both visitor and customer, with exposures and orders at the edges of the period."""
    chance = cases.chance
    edges = [started, started - _SECOND, started + timedelta(days=3), started + timedelta(days=9), ended or END]
    account = unit_id
    if chance.random() < 0.25:
        account = f"{unit_id}-old"
        cases.add("customers", customer_id=account, merged_into_customer_id=unit_id)
    for number in range(chance.choice([0, 0, 1, 2])):
        cases.add(
            "sessions", session_id=f"{unit_id}-s{number}", visitor_id=unit_id, started_at=started,
            customer_id=chance.choice([None, account]), user_agent=chance.choice([None, "curl/8.4.0", "curl/8.4.0"]),
        )  # fmt: skip
    seen = []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        at = min(chance.choice([*edges, *edges[2:4], *edges[2:4]]), END + _SECOND)
        seen.append(at)
        cases.add(
            "experiment_assignments", experiment_id=chance.choice([experiment_id] * 15 + [f"{experiment_id}-lost"]),
            unit_id=chance.choice([unit_id, account]), assigned_at=at,
            variant=chance.choice([*variants[:1] * 4, *variants, *variants, "not-planned"]),
        )  # fmt: skip
    for number in range(chance.choice([0, 0, 1, 2, 3])):
        at = chance.choice([*seen, seen[0] + _SECOND, seen[0] + timedelta(days=1), (ended or END) - _SECOND, *edges])
        _add_purchase(cases, f"{unit_id}-{number}", chance.choice([unit_id, account, None]), unit_id, at)


def _add_purchase(cases: Cases, prefix: str, customer: str | None, visitor: str, at: datetime) -> None:
    chance = cases.chance
    order_id, _moment = add_order(
        cases, prefix, customer_id=customer, visitor_id=chance.choice([visitor, visitor, None]), ordered_at=at,
        status=chance.choice(["paid"] * 6 + ["cancelled"]),
    )  # fmt: skip
    cases.add(
        "order_items", order_item_id=f"{prefix}-i", order_id=order_id, product_id=chance.choice(["p001", "p002"]),
        quantity=chance.choice([1, 2]), unit_price=cases.money(),
    )  # fmt: skip


def add_verdicts(cases: Cases, count: int) -> None:
    """Experiments whose variants sell much more, much less or as much as the control; balanced or broken splits."""
    started, ended = datetime(2025, 3, 1), datetime(2025, 4, 1)
    for _ in range(count):
        prefix, chance = cases.begin("y-exp"), cases.chance
        rates = {"control": chance.choice([0.4, 0.9, 1.0]), "up": 0.9, "down": 0.1, "same": chance.choice([0.4, 1.0])}
        chosen = ["control", *chance.sample(["up", "down", "same"], chance.randint(1, 3))]
        for variant in chosen:
            cases.add(
                "experiment_variants", experiment_id=prefix, variant=variant, is_control=variant == "control",
                planned_share=1 / len(chosen), unit_type="visitor", started_at=started, ended_at=ended,
            )  # fmt: skip
        even = chance.random() < 0.7
        for variant in chosen:
            for number in range(40 if even or variant == "control" else 8):
                unit = f"{prefix}-{variant}-{number}"
                at = started + timedelta(hours=chance.randint(0, 200))
                cases.add("experiment_assignments", experiment_id=prefix, unit_id=unit, assigned_at=at, variant=variant)
                if chance.random() < rates[variant]:
                    _add_purchase(cases, unit, None, unit, at + timedelta(hours=1))
