"""Marketing spend of every kind: paid sources, platforms, cost types, currencies, channels without visits."""

from __future__ import annotations

from datetime import timedelta

from generated import AS_OF, FIRST, Cases


def add_spend(cases: Cases, count: int) -> None:
    """Rows of marketing spend; some keys are duplicates, some days are after the as-of date."""
    chance = cases.chance
    for _ in range(count):
        day = FIRST.date() + timedelta(days=chance.randint(0, (AS_OF - FIRST.date()).days + 2))
        cases.add(
            "marketing_spend", spend_date=day.isoformat(),
            platform=chance.choice([None, "web", "App", "mini-program", "marketplace", "store"]),
            utm_source=chance.choice([None, "google", "Baidu", "weibo", "tmall", "podcast"]),
            utm_medium=chance.choice([None, "cpc", "social", "display", "audio"]),
            utm_campaign=chance.choice([None, "spring", "Cross-Network 1"]),
            cost_type=chance.choice([None, "media", "agency", "subsidy", "Ads"]),
            spend=cases.money(0, 900), currency=chance.choice(["CNY", None, "USD", "KWD", "XYZ"]),
            impressions=chance.choice([None, 100, 5000]), clicks=chance.choice([None, 3, 40]),
        )  # fmt: skip
