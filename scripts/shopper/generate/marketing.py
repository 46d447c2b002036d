"""Spend, campaigns and their messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shopper.generate.chance import Chance, apportioned
from shopper.generate.clock import DAY_SECONDS, MONTHS, day_of, local_hour, moment, month_days
from shopper.generate.entities import Person

_MINI_PROGRAM_CAC: Final = 84.0
"""CNY per new customer. The app's value follows from the planted ratio."""
_MEDIA_DAYS: Final = (1, 8, 15, 22)
_CLICK_DAYS: Final = 5
_BEST_HOURS: Final = {"female": (20, 21), "male": (12, 13)}


@dataclass(frozen=True, slots=True)
class Budget:
    """Cost of a channel: CNY per new customer, split into spend rows by share."""

    channel: str
    cost: float
    platform: str
    parts: tuple[tuple[str, str | None, str | None, str | None, float], ...]
    """(cost type, utm source, utm medium, utm campaign, share)"""


@dataclass(frozen=True, slots=True)
class SpendRow:
    day: int
    platform: str
    source: str | None
    medium: str | None
    campaign: str | None
    cost_type: str
    cents: int
    impressions: int | None
    clicks: int | None
    claimed: int | None
    claimed_revenue: float | None


def budgets(app_ratio: float) -> tuple[Budget, ...]:
    """Budgets by channel.

    Spend for the app and the mini-program has no paid source, since it would then belong to the paid channel.
    """
    own = (("agency", None, None, None, 0.3), ("sales", None, None, None, 0.25), ("subsidy", None, None, None, 0.45))
    return (
        Budget("app", _MINI_PROGRAM_CAC * app_ratio, "app", own),
        Budget("mini_program", _MINI_PROGRAM_CAC, "mini_program", own),
        Budget("marketplace", 46.0, "marketplace", (("sales", None, None, None, 1.0),)),
        Budget("paid_search", 112.0, "web", (
            ("media", "baidu", "cpc", "brand", 0.35), ("media", "baidu", "cpc", "generic", 0.5),
            ("agency", "baidu", "cpc", None, 0.15),
        )),
        Budget("paid_social", 128.0, "web", (
            ("media", "douyin", "paid_social", "always-on", 0.6), ("media", "xiaohongshu", "paid_social", "notes", 0.3),
            ("agency", "douyin", "paid_social", None, 0.1),
        )),
        Budget("display", 150.0, "web", (("media", "toutiao", "display", "prospecting", 1.0),)),
        Budget("affiliates", 72.0, "web", (("media", "smzdm", "affiliate", None, 1.0),)),
        Budget("email", 30.0, "web", (("agency", "newsletter", "email", None, 1.0),)),
    )  # fmt: skip


def plan_spend(chance: Chance, new_customers: Counter[tuple[str, int]], app_ratio: float) -> list[SpendRow]:
    """Spend of the whole period: exactly cost x new customers per channel. For the app and the mini-program only in
    months with new customers, for other channels in every month.

    new_customers: number by channel and month.
    """
    rows = []
    for budget in budgets(app_ratio):
        monthly = Counter({month: new_customers[(budget.channel, month)] for month in MONTHS})
        cents = round(budget.cost * sum(monthly.values()) * 100)
        floor = 0.0 if budget.channel in ("app", "mini_program") else 0.5
        by_month = apportioned(cents, {month: monthly[month] + floor for month in MONTHS if monthly[month] + floor > 0})
        for month, amount in by_month.items():
            rows += _month_rows(chance, budget, month, amount, monthly[month])
    return sorted(rows, key=lambda row: (row.day, row.platform, row.source or "", row.campaign or "", row.cost_type))


def _month_rows(chance: Chance, budget: Budget, month: int, cents: int, new_customers: int) -> list[SpendRow]:
    days = month_days(month)
    rows = []
    parts = apportioned(cents, {number: part[4] for number, part in enumerate(budget.parts)})
    for number, amount in parts.items():
        cost_type, source, medium, campaign, _ = budget.parts[number]
        dates = _MEDIA_DAYS if cost_type == "media" else (1,)
        for when, piece in apportioned(amount, {when: chance.uniform(0.8, 1.2) for when in dates}).items():
            is_media = cost_type == "media"
            clicks = round(piece / 100 / chance.uniform(0.9, 1.6)) if is_media else None
            claimed = (1 if chance.yes(0.4) else 0) + new_customers // 3 if is_media else None
            rows.append(
                SpendRow(
                    day=days[when - 1],
                    platform=budget.platform,
                    source=source,
                    medium=medium,
                    campaign=campaign,
                    cost_type=cost_type,
                    cents=piece,
                    impressions=clicks * chance.randint(28, 60) if clicks is not None else None,
                    clicks=clicks,
                    claimed=claimed,
                    claimed_revenue=round(claimed * chance.uniform(300, 520), 2) if claimed is not None else None,
                )
            )
    return rows


@dataclass(frozen=True, slots=True)
class Campaign:
    campaign_id: str
    name: str
    subject: str
    kind: str
    objective: str
    first_day: int
    days: int
    cost: float
    recipients: int


HOLDOUT_CAMPAIGN: Final = "cmp-12"
"""Campaign whose recipients are the treated units of an experiment."""
CAMPAIGNS: Final = tuple(
    Campaign(
        f"cmp-{number:02d}", name, subject, kind, objective, day_of(date.fromisoformat(first)), days, cost, recipients
    )
    for number, (name, subject, kind, objective, first, days, cost, recipients) in enumerate(
        (
            (
                "Spring Festival 2024",
                "年货到家 Gifts for the New Year",
                "email",
                "seasonal",
                "2024-01-18",
                14,
                240.0,
                30,
            ),
            ("Women's Day", "女神节 Beauty picks, 3 days only", "push", "promotion", "2024-03-05", 7, 180.0, 70),
            ("Mid-year preview", "618 预售 Early access", "email", "promotion", "2024-05-28", 20, 380.0, 110),
            ("Back to school", "开学季 Books and laptops", "email", "seasonal", "2024-08-20", 18, 260.0, 120),
            ("We miss you", "好久不见 A coupon to come back", "sms", "win_back", "2024-10-08", 14, 320.0, 90),
            ("Singles' Day", "双11 狂欢 Up to 18% off", "push", "promotion", "2024-11-01", 12, 520.0, 160),
            ("Members first", "会员专享 Member prices tonight", "push", "vip", "2024-12-06", 10, 210.0, 90),
            ("Spring Festival 2025", "蛇年年货 New Year boxes", "email", "seasonal", "2025-01-08", 16, 300.0, 150),
            ("Welcome series", "欢迎加入 15% off your first order", "email", "welcome", "2025-02-10", 90, 120.0, 80),
            ("Coupon drop", "满减券 30 off 300", "coupon", "promotion", "2025-03-14", 14, 280.0, 150),
            ("Mid-year festival", "618 开抢 Starts at 20:00", "push", "promotion", "2025-06-01", 18, 560.0, 170),
            ("Spring refresh", "春日焕新 Ideas for your home", "email", "win_back", "2025-04-08", 42, 420.0, 0),
        ),
        1,
    )
)


@dataclass(slots=True, eq=False)
class Message:
    campaign: Campaign
    person: Person
    sent_at: int
    delivered_at: int | None = None
    opened_at: int | None = None
    clicked_at: int | None = None
    unsubscribed_at: int | None = None
    bounced_at: int | None = None


def send_messages(chance: Chance, accounts: Sequence[Person], treated: Mapping[str, Sequence[Person]]) -> list[Message]:
    """Messages to customers registered by then. `treated`: the recipients of campaigns with a holdout."""
    messages = []
    for campaign in CAMPAIGNS:
        known = [person for person in accounts if person.registered_at < moment(campaign.first_day)]
        recipients = treated.get(campaign.campaign_id) or chance.some(known, campaign.recipients)
        for person in sorted(recipients, key=lambda one: one.number):
            messages.append(_message(chance, campaign, person))
    return messages


def _message(chance: Chance, campaign: Campaign, person: Person) -> Message:
    best = _BEST_HOURS.get(person.gender or "")
    hour = chance.choice(best) if best and chance.yes(0.5) else chance.choice([9, 10, 11, 15, 16, 18, 19])
    sent = moment(campaign.first_day, hour * 3600 + chance.randrange(1800))
    message = Message(campaign, person, sent)
    if chance.yes(0.02):
        message.bounced_at = sent + 30
        return message
    message.delivered_at = sent + chance.randint(2, 90)
    order = next((one for one in person.orders if 0 < one.placed_at - sent <= _CLICK_DAYS * DAY_SECONDS), None)
    is_good_hour = best is not None and local_hour(sent) in best
    if order is not None and chance.yes(0.7) and order.placed_at - sent > 700:
        message.opened_at = sent + chance.randint(100, 300)
        message.clicked_at = message.opened_at + chance.randint(20, 200)
    elif chance.yes(0.44 if is_good_hour else 0.26):
        message.opened_at = sent + chance.randint(120, 30_000)
        if chance.yes(0.2):
            message.clicked_at = message.opened_at + chance.randint(10, 300)
        elif chance.yes(0.03):
            message.unsubscribed_at = message.opened_at + 60
    return message
