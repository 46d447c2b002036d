"""`shopper doctor` on visits: views sent twice, paid click ids beside tags that say nothing, continued visits."""

from __future__ import annotations

from diagnosing import Diagnose


def event(number: int, kind: str, second: int, url: str = "https://shop.example/a", **more: str) -> dict[str, str]:
    """An event of visitor v, so many seconds after 10:00."""
    when = f"2024-03-01 10:{second // 60:02}:{second % 60:02}"
    return {
        "event_id": f"e{number}", "visitor_id": "v", "event_type": kind, "occurred_at": when, "page_url": url, **more,
    }  # fmt: skip


def session(name: str, minute: int, **columns: str | None) -> dict[str, str | None]:
    """A session of visitor v, so many minutes after 10:00."""
    when = f"2024-03-01 {10 + minute // 60}:{minute % 60:02}:00"
    return {"session_id": name, "visitor_id": "v", "started_at": when, **columns}


def order_of(name: str) -> dict[str, str]:
    """An order of 50.00 in this session."""
    return {
        "order_id": f"o-{name}", "session_id": name, "ordered_at": "2024-03-01 11:00:00", "total_amount": "50",
    }  # fmt: skip


def test_views_sent_twice_are_counted_by_their_tags(diagnose: Diagnose) -> None:
    """Another address, another visitor or a later view is another view; so is a second product at one address."""
    found = diagnose(
        events=[
            event(1, "page_view", 0),
            event(2, "view_item", 0, product_id="p"),
            event(3, "page_view", 0, url="https://shop.example/b"),
            {**event(4, "page_view", 1), "visitor_id": "other"},
            event(5, "page_view", 30),
            event(6, "page_view", 32),
            event(7, "page_view", 60),
            event(8, "view_item", 90, url="https://shop.example/list", product_id="p"),
            event(9, "view_item", 91, url="https://shop.example/list", product_id="q"),
            event(10, "add_to_cart", 90, url="https://shop.example/list"),
        ]
    )["repeated view", "events.page_url"]
    assert found["rows"] == 2
    assert "2 of 9 page views" in found["message"]
    assert sorted(found["examples"]) == ["page_view and view_item (1)", "page_view twice (1)"]


def test_paid_click_ids_beside_tags_that_say_nothing_are_named_with_their_orders(diagnose: Diagnose) -> None:
    google = {"utm_source": "google", "utm_medium": "organic"}
    found = diagnose(
        sessions=[
            session("organic", 0, **google, click_id="gclid"),
            session("direct", 1, utm_source="(direct)", utm_medium="(none)", landing_page_url="https://a.example/?x=1&gclid=A1"),
            session("campaign", 2, utm_source="google", utm_medium="cpc", click_id="gclid"),
            session("newsletter", 3, utm_source="news", utm_medium="email", click_id="gclid"),
            session("unpaid", 4, utm_source="(direct)", utm_medium="(none)", landing_page_url="https://a.example/?fbclid=A1"),
            session("untagged", 5, click_id="gclid"),
            session("plain", 6, **google),
        ],
        orders=[order_of("organic"), order_of("campaign")],
    )["click id", "sessions.click_id"]  # fmt: skip
    assert found["rows"] == 2
    assert "2 sessions (1 orders, 50.00 EUR)" in found["message"]
    assert sorted(found["examples"]) == ["gclid beside (direct) / (none) (1)", "gclid beside google / organic (1)"]
    assert found["fix"]["lines"][0].startswith("1,gclid,google,cpc,")
    assert found["fix"]["lines"][0].endswith(",false")


def test_continued_visits_are_named_by_the_host_that_they_come_back_from(diagnose: Diagnose) -> None:
    """A return within an hour of the checkout goes on with it, whatever its host; hours later it does not."""
    bank, shop = "https://secure.unheard-bank.example/3ds", "https://shop.example"
    partner = session("partner", 0, referrer_url="https://p.example/", landing_page_url=f"{shop}/checkout")
    by_a_tool = {"utm_source": "unheard-bank.example", "utm_medium": "referral"}
    found = diagnose(
        sessions=[
            session("mail", 0, utm_source="news", utm_medium="email", landing_page_url=f"{shop}/"),
            session("bank", 50, referrer_url=bank),
            session("bank again", 55, referrer_url=bank),
            session("tagged by a tool", 56, referrer_url=bank, **by_a_tool),
            session("paypal", 20, referrer_url="https://www.paypal.com/checkoutnow"),
            session("sign-in", 21, referrer_url="https://www.facebook.com/login/?next=x"),
            session("own", 30, referrer_url=f"{shop}/faq"),
            session("search", 52, referrer_url="https://www.google.de/"),
            session("banner", 51, referrer_url=bank, utm_source="bank", utm_medium="display"),
            session("late", 9 * 60, referrer_url=bank),
            session("post", 8 * 60, referrer_url="https://www.facebook.com/groups/1"),
            session("thanks", 8 * 60, referrer_url="https://x.example/", landing_page_url=f"{shop}/checkout/thank-you"),
            {**partner, "visitor_id": "w"},
        ],
        events=[event(1, "begin_checkout", 60), event(2, "begin_checkout", 600)],
        orders=[order_of("bank"), order_of("late")],
    )["continuation", "sessions.referrer_url"]  # fmt: skip
    assert found["rows"] == 7
    assert "7 sessions (1 orders, 50.00 EUR)" in found["message"]
    assert set(found["examples"]) == {
        "secure.unheard-bank.example, unlisted (3)",
        "facebook.com, listed (1)",
        "paypal.com, listed (1)",
        "shop.example, own (1)",
        "x.example, unlisted (1)",
    }
    assert found["fix"]["lines"] == ["secure.unheard-bank.example,<name of the payment service or bank>"]
    assert "with the lines below 1 more do" in found["message"]
