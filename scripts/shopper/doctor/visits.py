"""Checks of visits: views sent twice, and click ids beside tags that say nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from shopper.doctor.facts import kept, mapped, money, order_facts, value
from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop
from shopper.sql import literal

_SHOWN: Final = 5
HOST: Final = (
    "nullif(regexp_extract(lower({}), '^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?:www[.])?([^/?#:]+)', 1), '')"
)
_SAYS_NOTHING: Final = "('direct', '(direct)', 'none', '(none)', '(not set)', '')"


def seed_rows(shop: Shop, name: str) -> list[dict[str, str]]:
    """The rows of a reference seed; none if the project does not have it."""
    path = shop.root / "seeds" / "reference" / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def check_repeated_views(shop: Shop) -> Iterator[Finding]:
    """Views of one address by one visitor within seconds of each other, which are one page view."""
    if not shop.has("events", "visitor_id", "event_type", "occurred_at", "page_url"):
        return
    views = {row["event_type"] for row in seed_rows(shop, "event_type_roles") if row["is_page_view"] == "true"}
    seconds = next((row.get("same_view_seconds") for row in seed_rows(shop, "session_rules")), None) or "2"
    product = "product_id" if shop.has("events", "product_id") else "null"
    names = ", ".join(literal(one) for one in sorted(views))
    repeated = shop.query(
        f"""
        with views as (
            select
                visitor_id, page_url, lower(event_type) as name, {mapped(shop, "events", "event_type")} as kind,
                {product}::varchar as product, {value(shop, "events", "occurred_at")} as occurred_at
            from {kept(shop, "events")}
            where page_url is not null
        ),
        neighbours as (
            select
                *,
                lag(name) over same_address as name_before,
                lag(kind) over same_address as kind_before,
                lag(product) over same_address as product_before,
                lag(occurred_at) over same_address as occurred_before
            from views where kind in ({names})
            window same_address as (partition by visitor_id, page_url order by occurred_at, name, product)
        )
        select least(name, name_before), greatest(name, name_before), count(*), (select count(*) from neighbours)
        from neighbours
        where occurred_at <= occurred_before + to_seconds({int(seconds)})
            and not (kind = 'product_view' and kind_before = 'product_view' and product is distinct from product_before)
        group by 1, 2 order by count(*) desc, 1, 2
        """
    )
    if not repeated:
        return
    rows, of_all = sum(int(row[2]) for row in repeated), int(repeated[0][3])
    message = (
        f"{rows:,} of {of_all:,} page views repeat a view of the same address by the same visitor within {seconds}"
        " seconds; each such page counts as one view, of its most specific type"
    )
    examples = tuple(
        f"{first} twice ({int(n):,})" if first == second else f"{first} and {second} ({int(n):,})"
        for first, second, n, _ in repeated[:_SHOWN]
    )
    fix = Fix("seeds/reference/session_rules.csv", (f"same_view_seconds: {seconds}; 0 counts only the same moment",))
    severity = severity_of(rows / of_all, many=WARNING, few=NOTE)
    yield Finding(severity, "repeated view", "events.page_url", message, rows, rows / of_all, examples, fix)


def check_arrivals(shop: Shop) -> Iterator[Finding]:
    """Paid click ids beside tags that tools fill in by themselves: such visits are paid."""
    if not shop.has("sessions", "session_id") or not (
        shop.has("sessions", "utm_source") or shop.has("sessions", "utm_medium")
    ):
        return
    parameters = [
        row for row in seed_rows(shop, "click_id_parameters")
        if row.get("is_paid", "true" if row["medium"] in {"cpc", "display", "paid"} else "false") == "true"
    ]  # fmt: skip
    visits = sessions_of(shop)
    cases = " ".join(
        f"when click_id = {literal(row['parameter'])}"
        + (f" or regexp_full_match(click_id, {literal(row['value_pattern'])})" if row["value_pattern"] else "")
        + f" or regexp_matches(landing_page, '[?&]{row['parameter']}=') then {literal(row['parameter'])}"
        for row in parameters
    )
    found = (
        f"(select visits.*, case {cases} end as parameter from {visits} as visits"
        f" where (utm_medium = 'organic' or utm_medium = 'referral' and contains(coalesce(utm_source, '.'), '.')"
        f" or coalesce(utm_source, '') in {_SAYS_NOTHING} and coalesce(utm_medium, '') in {_SAYS_NOTHING})"
        f" and coalesce(utm_source, utm_medium) is not null)"
    )
    rows = shop.query(
        f"select parameter, coalesce(utm_source, '-') || ' / ' || coalesce(utm_medium, '-'), count(*)"
        f" from {found} where parameter is not null group by all order by count(*) desc, 1, 2"
    )
    sessions = sum(int(row[2]) for row in rows)
    if not sessions:
        return
    share = sessions / shop.rows["sessions"]
    message = (
        f"{sessions:,} sessions{revenue_of(shop, found, 'parameter is not null')} have a paid click id beside tags that"
        " say nothing; they count as paid, by the click id"
    )
    examples = tuple(f"{parameter} beside {tags} ({int(number):,})" for parameter, tags, number in rows[:_SHOWN])
    used = {row[0] for row in rows}
    rows_used = [row for row in parameters if row["parameter"] in used][:_SHOWN]
    lines = tuple(",".join({**row, "is_paid": "false"}.values()) for row in rows_used)
    place = "seeds/reference/click_id_parameters.csv, if the tags are right"
    severity = severity_of(share, many=WARNING, few=NOTE)
    yield Finding(severity, "click id", "sessions.click_id", message, sessions, share, examples, Fix(place, lines))


def sessions_of(shop: Shop) -> str:
    """Sessions with tags in lower case, landing page, referrer and its host, and start."""
    texts = {
        "utm_source": "utm_source", "utm_medium": "utm_medium", "utm_campaign": "utm_campaign", "click_id": "click_id",
        "landing_page": "landing_page_url", "referrer": "referrer_url",
    }  # fmt: skip
    columns = ", ".join(
        f"{f'lower({column})' if shop.has('sessions', column) else 'null'}::varchar as {name}"
        for name, column in texts.items()
    )
    host = HOST.format("referrer_url") if shop.has("sessions", "referrer_url") else "null"
    started = value(shop, "sessions", "started_at")
    return (
        f"(select session_id, visitor_id, {columns}, {host}::varchar as host, {started} as started_at"
        f" from {kept(shop, 'sessions')})"
    )


def revenue_of(shop: Shop, sessions: str, where: str) -> str:
    """The orders of these sessions and their money, as the middle of a message."""
    if not shop.has("orders", "order_id", "session_id"):
        return ""
    facts = order_facts(shop)
    orders = (
        f"(select facts.* from {facts} as facts where not is_test and session_id in"
        f" (select session_id from {sessions} where {where}))"
    )
    number = int(shop.query(f"select count(*) from {orders}")[0][0])
    return f" ({number:,} orders, {money(shop, orders, 'worth')})" if number else ""
