"""Reviews, surveys and tickets as raw rows."""

from __future__ import annotations

from collections.abc import Iterable

from shopper.generate.clock import local_text, utc_text
from shopper.generate.rows.texts import Row, boolean_text
from shopper.generate.shop import Shop


def review_rows(shop: Shop) -> Iterable[Row]:
    """Reviews, by time of order."""
    for place, one in enumerate(shop.reviews, 1):
        yield {
            "review_id": f"w{place:04d}",
            "order_id": one.order.order_id,
            "product_id": one.product.product_id,
            "customer_id": one.order.person.customer_id,
            "rating": one.rating,
            "review_text": one.text or None,
            "reviewed_at": utc_text(one.at),
        }


def survey_rows(shop: Shop) -> Iterable[Row]:
    """Surveys, by invitation."""
    for place, one in enumerate(shop.surveys, 1):
        yield {
            "response_id": f"q{place:04d}",
            "customer_id": one.order.person.customer_id,
            "order_id": one.order.order_id,
            "survey_type": one.kind,
            "aspect": one.aspect,
            "invited_at": utc_text(one.invited_at),
            "score": one.score,
            "comment": one.comment or None,
            "responded_at": utc_text(one.responded_at),
        }


def ticket_rows(shop: Shop) -> Iterable[Row]:
    """Tickets, by opening."""
    for place, one in enumerate(sorted(shop.tickets, key=lambda one: one.opened_at), 1):
        yield {
            "ticket_id": f"t{place:04d}",
            "customer_id": one.person.customer_id,
            "order_id": one.order.order_id if one.order else None,
            "topic": one.topic,
            "contact_channel": one.contact,
            "handled_by": one.handled_by,
            "is_complaint": boolean_text(one.is_complaint),
            "opened_at": local_text(one.opened_at),
            "first_response_at": local_text(one.first_response_at),
            "resolved_at": local_text(one.resolved_at),
            "satisfaction_score": one.satisfaction,
        }
