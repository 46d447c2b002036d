"""Sessions and events as raw rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shopper.generate import agents
from shopper.generate.chance import Chance
from shopper.generate.clock import millis_text, utc_text
from shopper.generate.entities import Event, Session
from shopper.generate.journeys import PAGE_KINDS
from shopper.generate.rows.texts import Row
from shopper.generate.shop import Shop

_MARKETPLACE_KINDS: Final = {"product_view": "view_item", "category_view": "view_item_list"}
"""Marketplaces use GA4 event names."""


def session_row(session: Session, chance: Chance) -> Row:
    """A session."""
    person, first = session.person, session.events[0]
    source, medium, campaign = chance.choice(agents.SOURCES.get(session.channel, ((None, None, None),)))
    system = session.system
    platform, browser, agent = "web", agents.BROWSERS[system], agents.WEB_AGENTS[system]
    if session.platform == "app":
        platform = "ios_app" if system == "iOS" else "android_app"
        browser, agent = "Shopper App", agents.APP_AGENTS[system]
    elif session.platform == "mini_program":
        platform, browser, agent = "mini_program", "WeChat", agents.MINI_AGENT
    elif session.platform == "marketplace":
        platform, browser, agent = "marketplace", "Marketplace App", "Marketplace/11.2"
    is_search = session.channel == "paid_search"
    return {
        "session_id": session.session_id,
        "visitor_id": person.visitor_id,
        "customer_id": person.customer_id if session.is_known else None,
        "started_at": utc_text(session.start),
        "ended_at": utc_text(session.end),
        "platform": platform,
        "device_type": session.device,
        "operating_system": system,
        "browser": browser,
        "user_agent": agent,
        "referrer_url": chance.choice(agents.REFERRERS[session.channel])
        if session.channel in agents.REFERRERS
        else None,
        "landing_page_url": f"{agents.SITE}{page_path(first)}",
        "utm_source": source,
        "utm_medium": medium,
        "utm_campaign": campaign,
        "utm_term": first.search_term if is_search and first.search_term else "网购" if is_search else None,
        "click_id": f"bd{chance.randrange(16**8):08x}" if is_search else None,
        "country": "CN",
        "region": person.region or None,
        "city": person.city or None,
    }


def page_path(event: Event) -> str:
    """Path of the page of an event."""
    kind, _, part = (event.page or "other").partition("/")
    if kind == "home":
        return "/"
    if kind == "category":
        return f"/c/{part}"
    if kind == "product" and event.product is not None:
        return f"/p/{(event.anchor or event.product).product_id}"
    return f"/content/{event.content}" if kind == "content" else f"/{kind}"


def event_rows(shop: Shop, chance: Chance) -> Iterable[Row]:
    """Events of all sessions, by time."""
    happened = [
        (event.at, place, step, session, event)
        for place, session in enumerate(shop.sessions)
        for step, event in enumerate(session.events)
    ]
    happened.sort(key=lambda row: row[:3])
    for place, (at, _, _, session, event) in enumerate(happened, 1):
        kind = event.kind
        if session.platform == "marketplace":
            kind = _MARKETPLACE_KINDS.get(kind, kind)
        says_who = kind == "login" or (event.order is not None and session.is_known)
        yield {
            "event_id": f"e{place:05d}",
            "session_id": session.session_id,
            "visitor_id": session.person.visitor_id,
            "customer_id": session.person.customer_id if says_who else None,
            "event_type": kind,
            "occurred_at": utc_text(at),
            "received_at": millis_text(at, chance.randint(80, 1_900)),
            "page_type": (event.page or "other").partition("/")[0],
            "page_url": page_path(event) if event.kind in PAGE_KINDS else None,
            "product_id": event.product.product_id if event.product else None,
            "order_id": event.order.order_id if event.order else None,
            "quantity": event.quantity,
            "search_term": event.search_term,
            "search_result_count": event.results,
            "sort_order": event.sort,
            "content_category": event.content,
            "page_load_ms": event.load_ms,
            "payment_methods_offered": event.methods_offered,
            "promised_delivery_days": event.promised_days,
            "placement": event.placement,
            "anchor_product_id": event.anchor.product_id if event.anchor else None,
        }
