"""Visits that go on with another one: back from payment and sign-in pages, from the shop's own hosts, to a checkout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shopper.doctor.facts import kept, mapped, value
from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop
from shopper.doctor.visits import HOST, revenue_of, seed_rows, sessions_of
from shopper.sql import literal

_SHOWN: Final = 5
_PATH: Final = "regexp_extract({}, '^(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*([^?#]*)', 1)"
_NONE: Final = "select null::varchar as {} where false"
_FEWEST = 2
_MOSTLY = 0.5


def check_continuations(shop: Shop) -> Iterator[Finding]:
    """Sessions that go on with what the person was doing, by the host that they come back from."""
    if not shop.has("sessions", "session_id", "visitor_id", "started_at", "referrer_url"):
        return
    minutes = 2 * int(shop.variables.get("session_timeout_minutes") or 30)
    relation = _returns(shop, minutes)
    where = "is_own or is_listed or is_continued"
    hosts = shop.query(
        f"""
        select
            host, count(*) filter (where {where}), bool_or(is_own), bool_or(is_listed),
            count(*) filter (where is_continued), count(*)
        from {relation} group by host having count(*) filter (where {where}) > 0
        order by 2 desc, host
        """
    )
    sessions = sum(int(row[1]) for row in hosts)
    if not sessions:
        return
    share = sessions / shop.rows["sessions"]
    message = (
        f"{sessions:,} sessions{revenue_of(shop, relation, where)} go on with a visit (from the shop's own hosts,"
        f" payment or sign-in pages, or within {minutes} minutes of a checkout)"
        "; they keep the channel of the visit before"
    )
    kinds = {True: "own", False: "unlisted"}
    examples = tuple(
        f"{host}, {'listed' if listed else kinds[own]} ({int(number):,})"
        for host, number, own, listed, *_ in hosts[:_SHOWN]
    )
    fix = None
    new = [row for row in hosts if not row[2] and not row[3] and row[4] >= _FEWEST and row[4] >= _MOSTLY * row[5]]
    if new:
        more = sum(int(row[5]) - int(row[4]) for row in new)
        message += f"; with the lines below {more:,} more do"
        lines = tuple(f"{row[0]},<name of the payment service or bank>" for row in new[:_SHOWN])
        fix = Fix("seeds/reference/payment_gateway_domains.csv", lines)
    severity = severity_of(share, many=WARNING, few=NOTE) if new else NOTE
    yield Finding(severity, "continuation", "sessions.referrer_url", message, sessions, share, examples, fix)


def _returns(shop: Shop, minutes: int) -> str:
    """The name of a table of untagged sessions with a referrer: whether it is the shop's own, listed, or the session
    goes on with a checkout. Search engines are never only passed through.
    """
    relation, listed = "shop.continuations", _listed(shop)
    own_domains = [row["domain"] for row in seed_rows(shop, "own_domains")]
    untagged = (
        "click_id is null and coalesce(utm_campaign, 'referral') in ('referral', '(referral)', '(not set)')"
        " and (utm_medium = 'referral' and contains(coalesce(utm_source, host), '.')"
        " or utm_source is null and utm_medium is null)"
    )
    shop.query(
        f"""
        create or replace table {relation} as
        with visits as (
            select
                *, {_PATH.format("referrer")} as path, {_PATH.format("landing_page")} as landing_path,
                row_number() over (partition by visitor_id order by started_at, session_id) as visit_number
            from {sessions_of(shop)}
        ),
        untagged as (select * from visits where host is not null and {untagged}),
        own as ({_own_hosts(shop)}),
        moments as ({_moments(shop)}),
        last_moments as (
            select untagged.*, moments.occurred_at as moment
            from untagged asof left join moments
                on moments.visitor_id = untagged.visitor_id and moments.occurred_at < untagged.started_at
        )
        select
            last_moments.*,
            own.host is not null or {_is_below("last_moments.host", own_domains)} as is_own,
            {listed} as is_listed,
            not {_is_below("last_moments.host", _search_engines(shop))}
            and (coalesce(moment >= started_at - to_minutes({minutes}), false) or {_lands_on_checkout(shop)})
            as is_continued
        from last_moments left join own on own.host = last_moments.host
        """
    )
    return relation


def _is_below(host: str, domains: list[str]) -> str:
    """SQL for whether a host is one of these domains or a subdomain of one; a name without a dot is any country's."""
    names = "|".join(sorted(domain.replace(".", "[.]") + ("" if "." in domain else "[.].*") for domain in domains))
    return f"regexp_full_match({host}, {literal(f'(.*[.])?({names})')})" if names else "false"


def _search_engines(shop: Shop) -> list[str]:
    return [row["site"] for row in seed_rows(shop, "traffic_source_categories") if row["source_category"] == "search"]


def _listed(shop: Shop) -> str:
    """SQL for whether the referrer is a payment gateway or a sign-in page of the reference seeds."""
    pages = seed_rows(shop, "sign_in_pages")
    domains = [row["domain"] for row in seed_rows(shop, "payment_gateway_domains")]
    domains += [row["domain"] for row in pages if not row["path_pattern"]]
    parts = [_is_below("last_moments.host", domains)]
    parts += [
        f"(last_moments.host = {literal(row['domain'])} and regexp_full_match(path, {literal(row['path_pattern'])}))"
        for row in pages
        if row["path_pattern"]
    ]
    return f"({' or '.join(parts)})"


def _lands_on_checkout(shop: Shop) -> str:
    """SQL for whether the session lands on a page of the checkout; a visitor's first visit may begin at a checkout."""
    parts = [
        f"(regexp_full_match(landing_path, {literal(row['path_pattern'])})"
        f"{' and visit_number > 1' if row['page_kind'] == 'checkout' else ''})"
        for row in seed_rows(shop, "checkout_pages")
        if row["is_landing"] == "true"
    ]
    return f"coalesce({' or '.join(parts) or 'false'}, false)"


def _own_hosts(shop: Shop) -> str:
    """SQL for the hosts seen as pages of the shop."""
    columns = (("sessions", "landing_page_url"), ("events", "page_url"))
    parts = [
        f"select distinct {HOST.format(column)} as host from shop.{table}"
        for table, column in columns
        if shop.has(table, column)
    ]
    return " union ".join(parts) or _NONE.format("host")


def _moments(shop: Shop) -> str:
    """SQL for the moments of checkout, sign-in, payment and order, by visitor."""
    parts = []
    if shop.has("events", "visitor_id", "event_type", "occurred_at"):
        steps = [row["event_type"] for row in seed_rows(shop, "event_type_roles") if row["is_checkout_step"] == "true"]
        pages = [row["page_type"] for row in seed_rows(shop, "checkout_pages") if row["page_type"]]
        kinds, types = (", ".join(literal(one) for one in names) for names in (steps, pages))
        parts.append(
            f"select visitor_id, {value(shop, 'events', 'occurred_at')}::timestamp as occurred_at"
            f" from {kept(shop, 'events')} where ({mapped(shop, 'events', 'event_type')}) in ({kinds})"
            f" or ({mapped(shop, 'events', 'page_type')}) in ({types})"
        )
    if shop.has("orders", "visitor_id", "ordered_at"):
        parts.append(
            f"select visitor_id, {value(shop, 'orders', 'ordered_at')}::timestamp as occurred_at"
            f" from {kept(shop, 'orders')} where visitor_id is not null"
        )
    return " union all ".join(parts) or "select null::varchar as visitor_id, null::timestamp as occurred_at where false"
