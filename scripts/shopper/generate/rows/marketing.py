"""Spend, campaigns, promotions and experiments as raw rows."""

from __future__ import annotations

from collections.abc import Iterable

from shopper.generate.catalogue import PROMOTIONS
from shopper.generate.clock import DAY_SECONDS, date_of, moment, utc_text
from shopper.generate.marketing import CAMPAIGNS, SpendRow
from shopper.generate.rows.texts import Row, boolean_text, money
from shopper.generate.shop import Shop


def spend_rows(spend: Iterable[SpendRow]) -> Iterable[Row]:
    """The spend of all blocks together."""
    for row in spend:
        yield {
            "spend_date": date_of(row.day),
            "platform": row.platform,
            "utm_source": row.source,
            "utm_medium": row.medium,
            "utm_campaign": row.campaign,
            "cost_type": row.cost_type,
            "spend": f"{row.cents / 100:.2f}",
            "currency": "CNY",
            "impressions": row.impressions,
            "clicks": row.clicks,
            "claimed_conversions": row.claimed,
            "claimed_revenue": money(row.claimed_revenue) if row.claimed_revenue is not None else None,
        }


def campaign_rows() -> Iterable[Row]:
    """Campaigns."""
    for one in CAMPAIGNS:
        yield {
            "campaign_id": one.campaign_id,
            "campaign_name": one.name,
            "subject": one.subject,
            "campaign_type": one.kind,
            "objective": one.objective,
            "started_at": utc_text(moment(one.first_day)),
            "ended_at": utc_text(moment(one.first_day + one.days)),
            "cost": money(one.cost),
            "currency": "CNY",
        }


def message_rows(shop: Shop) -> Iterable[Row]:
    """Messages, campaign by campaign."""
    for place, one in enumerate(shop.messages, 1):
        yield {
            "message_id": f"m{place:05d}",
            "campaign_id": one.campaign.campaign_id,
            "customer_id": one.person.customer_id,
            "sent_at": utc_text(one.sent_at),
            "delivered_at": utc_text(one.delivered_at),
            "opened_at": utc_text(one.opened_at),
            "clicked_at": utc_text(one.clicked_at),
            "unsubscribed_at": utc_text(one.unsubscribed_at),
            "bounced_at": utc_text(one.bounced_at),
        }


def promotion_rows() -> Iterable[Row]:
    """Promotions."""
    for one in PROMOTIONS:
        yield {
            "promotion_code": one.code,
            "promotion_name": one.name,
            "promotion_type": one.kind,
            "starts_at": utc_text(moment(one.first_day)),
            "ends_at": utc_text(moment(one.last_day, DAY_SECONDS - 1)),
            "discount_rate": one.rate,
            "threshold_amount": one.threshold,
        }


def variant_rows(shop: Shop) -> Iterable[Row]:
    """Variants of the experiments."""
    for test in shop.tests:
        for place, (variant, planned, _) in enumerate(test.variants):
            yield {
                "experiment_id": test.experiment_id,
                "variant": variant,
                "is_control": boolean_text(place == 0),
                "planned_share": planned,
                "unit_type": test.unit,
                "campaign_id": test.campaign_id,
                "started_at": utc_text(moment(test.first_day)),
                "ended_at": utc_text(moment(test.end_day)),
            }


def assignment_rows(shop: Shop) -> Iterable[Row]:
    """Units assigned to variants."""
    for one in shop.assignments:
        unit = one.person.customer_id if one.experiment.unit == "customer" else one.person.visitor_id
        yield {
            "experiment_id": one.experiment.experiment_id,
            "unit_id": unit,
            "assigned_at": utc_text(one.at),
            "variant": one.variant,
        }
