"""Recipients, holdouts and discounts: clicks and orders at every edge of a campaign's days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from generated import END, FIRST, Cases
from order_cases import add_lines, add_order

_DAYS: Final = 5
_TYPES: Final = ["email", "E-mail", "sms", "push", "coupon", None]
_AGES_OF_CLICKS: Final = [
    timedelta(0), timedelta(seconds=1), timedelta(seconds=-1), timedelta(days=_DAYS), timedelta(days=_DAYS, seconds=1),
    timedelta(days=_DAYS, seconds=-1), timedelta(days=2), timedelta(days=20),
]  # fmt: skip
_BIRTHS: Final = [
    "2000-06-30", "2000-07-01", "1994-06-30", "1994-07-01", "2004-02-29", "1980-06-30", "1960-01-01", "2010-01-01",
    "2025-06-30", "2025-07-01", None,
]  # fmt: skip
_PROMOTION_TYPES: Final = ["time_limited", "满减", "gift", "member", "voucher", None]
_NOT_LANDED: Final = "g-nowhere"


def add_campaigns(cases: Cases, products: list[str], count: int) -> None:
    """Campaigns, promotions and their customers; some have two accounts, some are in holdouts."""
    campaigns, codes = _add_campaigns(cases), _add_promotions(cases)
    accounts: list[str] = []
    for _ in range(count):
        prefix, chance = cases.begin("g"), cases.chance
        account, other = f"{prefix}-c", f"{prefix}-d"
        cases.add(
            "customers", customer_id=account, gender=chance.choice(["female", "M", "other", None]),
            birth_date=chance.choice(_BIRTHS), registered_at=None,
        )  # fmt: skip
        if chance.random() < 0.2:
            cases.add("customers", customer_id=other, merged_into_customer_id=account, gender="female")
        names = [f"{prefix}-{number}" for number in range(chance.randint(0, 3))]
        orders = [_add_order(cases, name, account, codes, products) for name in names]
        for number in range(chance.randint(0, 4)):
            _add_message(cases, f"{prefix}-m{number}", chance.choice([account, account, other]), campaigns, orders)
        for number in range(chance.randint(0, 2)):
            cases.add(
                "sessions", session_id=f"{prefix}-s{number}", visitor_id=f"{prefix}-v",
                customer_id=chance.choice([account, None]), started_at=cases.moment(),
            )  # fmt: skip
        accounts += [account, other]
    _add_holdouts(cases, campaigns, accounts)


def _add_campaigns(cases: Cases) -> list[str]:
    """Campaigns with any start and end, also just before the as-of date, with every kind of cost and currency."""
    chance, campaigns = cases.chance, []
    last_days = [END - timedelta(days=_DAYS, seconds=seconds) for seconds in (-1, 0, 1)]
    for number in range(40):
        campaign, start = f"g-k{number:02d}", cases.moment(FIRST, END - timedelta(days=40))
        cases.add(
            "campaigns", campaign_id=campaign, campaign_name=campaign, campaign_type=chance.choice(_TYPES),
            started_at=chance.choice([start, start, start, None, END + timedelta(days=9)]),
            ended_at=chance.choice([start + timedelta(days=chance.randint(0, 40)), None, *last_days]),
            cost=chance.choice([None, 0, cases.money(), cases.money()]),
            currency=chance.choice(["CNY", None, "USD", "KWD", "XYZ"]),
        )  # fmt: skip
        campaigns.append(campaign)
    return [*campaigns, _NOT_LANDED]


def _add_promotions(cases: Cases) -> list[str]:
    """Short and long promotions, some at the ends of the shop's period; two codes are not landed."""
    chance, codes = cases.chance, []
    for number in range(40):
        code, length = f"G{number:02d}", chance.choice([0, 1, 3, 7, 20, 61, 62])
        earliest, latest = FIRST + timedelta(days=28), END - timedelta(days=57 + length)
        start = chance.choice([cases.moment(), cases.moment(earliest, latest), earliest, latest])
        starts_at = chance.choice([start] * 8 + [None])
        ends_at = chance.choice([start + timedelta(days=length)] * 8 + [None, start - timedelta(days=1)])
        cases.add(
            "promotions", promotion_code=code, promotion_name=code, starts_at=starts_at, ends_at=ends_at,
            promotion_type=chance.choice(_PROMOTION_TYPES),
        )  # fmt: skip
        codes.append(code)
    return [*codes, "G-nowhere", "g00"]


def _add_order(cases: Cases, prefix: str, account: str, codes: list[str], products: list[str]) -> datetime:
    chance = cases.chance
    order_id, ordered_at = add_order(
        cases, prefix, customer_id=account, status=chance.choice(["paid"] * 6 + ["cancelled"]),
        currency=chance.choice(["CNY", "USD"]), discount_amount=chance.choice([None, cases.money(0, 40)]),
        promotion_code=chance.choice([None, chance.choice(codes)]),
    )  # fmt: skip
    add_lines(cases, prefix, order_id, products, chance.randint(0, 2))
    return ordered_at


def _add_message(cases: Cases, message_id: str, account: str, campaigns: list[str], orders: list[datetime]) -> None:
    """A message, clicked at an edge of the attribution window or only sent; outcomes may lack earlier ones."""
    chance = cases.chance
    clicked = chance.choice(orders) - chance.choice(_AGES_OF_CLICKS) if orders and chance.random() < 0.7 else None
    sent = clicked - timedelta(hours=chance.choice([0, 1, 30])) if clicked and chance.random() < 0.9 else cases.moment()
    cases.add(
        "messages", message_id=message_id, campaign_id=chance.choice(campaigns[:6] + campaigns), customer_id=account,
        sent_at=sent, delivered_at=chance.choice([None, sent, sent]), opened_at=chance.choice([None, sent]),
        clicked_at=clicked, unsubscribed_at=chance.choice([None] * 6 + [sent]),
        bounced_at=chance.choice([None] * 5 + [sent]),
    )  # fmt: skip


def _add_holdouts(cases: Cases, campaigns: list[str], accounts: list[str]) -> None:
    """Holdouts, finished or running, with two or three variants, balanced or not, with many units or none."""
    chance = cases.chance
    for number in range(24):
        experiment, start = f"g-x{number:02d}", cases.moment(FIRST, END - timedelta(days=60))
        end = chance.choice([*[start + timedelta(days=50)] * 2, END, END + timedelta(seconds=1), None])
        campaign = campaigns[number % 12]
        variants = chance.choice([["out", "sent"], ["out", "sent"], ["out", "red", "blue"]])
        for variant in variants:
            cases.add(
                "experiment_variants", experiment_id=experiment, variant=variant, is_control=variant == "out",
                planned_share=round(1 / len(variants), 3), unit_type="customer", started_at=start, ended_at=end,
                campaign_id=campaign if variant == "out" else chance.choice([None, campaign]),
            )  # fmt: skip
        is_broken = chance.random() < 0.2
        for account in chance.sample(accounts, chance.choice([0, 1, 1, 2, 2, 5, 60, 200])):
            cases.add(
                "experiment_assignments", experiment_id=experiment, unit_id=account, assigned_at=start,
                variant="sent" if is_broken else chance.choice(variants),
            )  # fmt: skip
