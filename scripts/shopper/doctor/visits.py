"""Checks of visits: views sent twice, click ids beside tags that say nothing, visits that continue another one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from shopper.doctor.facts import kept, mapped, money, order_facts, value
from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop
from shopper.sql import literal

_SHOWN: Final = 5
_HOST: Final = (
    "nullif(regexp_extract(lower({}), '^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?:www[.])?([^/?#:]+)', 1), '')"
)
_SAYS_NOTHING: Final = "('direct', '(direct)', 'none', '(none)', '(not set)', '')"
_STEPS: Final = ("begin_checkout", "place_order", "pay_order", "purchase", "login")
_STEP_PAGES: Final = ("checkout", "payment", "account")
_LANDING: Final = "(checkout|payment|thank[-_]?you|order[-_]?(received|complete|confirm)|confirmation|success)"
_FEWEST = 2


def _seed(shop: Shop, name: str) -> list[dict[str, str]]:
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
    views = {row["event_type"] for row in _seed(shop, "event_type_roles") if row["is_page_view"] == "true"}
    seconds = next((row.get("same_view_seconds") for row in _seed(shop, "session_rules")), None) or "2"
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
        row for row in _seed(shop, "click_id_parameters")
        if row.get("is_paid", "true" if row["medium"] in {"cpc", "display", "paid"} else "false") == "true"
    ]  # fmt: skip
    visits = _sessions(shop)
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
        f"{sessions:,} sessions{_revenue(shop, found, 'parameter is not null')} have a paid click id beside tags that"
        " say nothing; they count as paid, by the click id"
    )
    examples = tuple(f"{parameter} beside {tags} ({int(number):,})" for parameter, tags, number in rows[:_SHOWN])
    used = {row[0] for row in rows}
    rows_used = [row for row in parameters if row["parameter"] in used][:_SHOWN]
    lines = tuple(",".join({**row, "is_paid": "false"}.values()) for row in rows_used)
    place = "seeds/reference/click_id_parameters.csv, if the tags are right"
    severity = severity_of(share, many=WARNING, few=NOTE)
    yield Finding(severity, "click id", "sessions.click_id", message, sessions, share, examples, Fix(place, lines))


def _sessions(shop: Shop) -> str:
    """Sessions with tags in lower case, landing page, host of the referrer, and start."""
    texts = {
        "utm_source": "utm_source", "utm_medium": "utm_medium", "utm_campaign": "utm_campaign", "click_id": "click_id",
        "landing_page": "landing_page_url", "referrer": "referrer_url",
    }  # fmt: skip
    columns = ", ".join(
        f"{f'lower({column})' if shop.has('sessions', column) else 'null'}::varchar as {name}"
        for name, column in texts.items()
    )
    host = _HOST.format("referrer_url") if shop.has("sessions", "referrer_url") else "null"
    started = value(shop, "sessions", "started_at")
    return (
        f"(select session_id, visitor_id, {columns}, {host}::varchar as host, {started} as started_at"
        f" from {kept(shop, 'sessions')})"
    )


def _revenue(shop: Shop, sessions: str, where: str) -> str:
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


def check_continuations(shop: Shop) -> Iterator[Finding]:
    """Sessions that go on with what the person was doing, by the host that they come back from."""
    if not shop.has("sessions", "session_id", "visitor_id", "started_at", "referrer_url"):
        return
    minutes = 2 * int(shop.variables.get("session_timeout_minutes") or 30)
    untagged = " and ".join(f"{name} is null" for name in ("utm_source", "utm_medium", "utm_campaign", "click_id"))
    steps = _steps(shop)
    relation = "shop.continuations"
    shop.query(
        f"""
        create or replace table {relation} as
        with visits as (select * from {_sessions(shop)} where host is not null and {untagged}),
        own as ({_own_hosts(shop)}),
        listed as ({_listed_hosts(shop)}),
        steps as ({steps}),
        last_steps as (
            select visits.*, steps.occurred_at as step_at
            from visits asof left join steps
                on steps.visitor_id = visits.visitor_id and steps.occurred_at < visits.started_at
        )
        select
            last_steps.*,
            own.host is not null as is_own,
            exists (
                select 1 from listed
                where last_steps.host = listed.host or ends_with(last_steps.host, '.' || listed.host)
            ) as is_listed,
            coalesce(step_at >= started_at - to_minutes({minutes}), false)
            or coalesce(regexp_matches(landing_page, {literal(_LANDING)}), false) as is_continued
        from last_steps left join own on own.host = last_steps.host
        """
    )
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
        f"{sessions:,} sessions{_revenue(shop, relation, where)} go on with a visit (the shop's own hosts, payment and"
        f" sign-in pages, or within {minutes} minutes of a checkout); they keep the channel of the session before"
    )
    kinds = {True: "own", False: "unlisted"}
    examples = tuple(
        f"{host}, {'listed' if listed else kinds[own]} ({int(number):,})"
        for host, number, own, listed, *_ in hosts[:_SHOWN]
    )
    fix = None
    new = [row for row in hosts if not row[2] and not row[3] and row[4] >= _FEWEST and row[4] >= 0.5 * row[5]]
    if new:
        more = sum(int(row[5]) - int(row[4]) for row in new)
        message += f"; with the lines below {more:,} more do"
        header = list(_seed(shop, "payment_gateway_domains")[0])
        fix = Fix(
            "seeds/reference/payment_gateway_domains.csv",
            tuple(",".join([row[0], *("<name>" for _ in header[1:])]) for row in new[:_SHOWN]),
        )
    severity = severity_of(share, many=WARNING, few=NOTE) if new else NOTE
    yield Finding(severity, "continuation", "sessions.referrer_url", message, sessions, share, examples, fix)


def _own_hosts(shop: Shop) -> str:
    """SQL for the hosts of the shop's own pages."""
    columns = [("sessions", "landing_page_url"), ("events", "page_url")]
    parts = [
        f"select distinct {_HOST.format(column)} as host from shop.{table}"
        for table, column in columns if shop.has(table, column)
    ]  # fmt: skip
    parts += [f"select {literal(next(iter(row.values())))} as host" for row in _seed(shop, "own_domains")]
    return " union ".join(parts) or "select null::varchar as host where false"


def _listed_hosts(shop: Shop) -> str:
    """SQL for the domains of payment gateways and sign-in pages in the reference seeds."""
    names = ("payment_gateway_domains", "sign_in_domains")
    domains = sorted({next(iter(row.values())) for name in names for row in _seed(shop, name)})
    return f"select unnest([{', '.join(literal(one) for one in domains)}]::varchar[]) as host"


def _steps(shop: Shop) -> str:
    """SQL for the moments of checkout, sign-in and payment, by visitor."""
    if not shop.has("events", "visitor_id", "event_type", "occurred_at"):
        return "select null::varchar as visitor_id, null::timestamp as occurred_at where false"
    page = f"coalesce({mapped(shop, 'events', 'page_type')}, '')"
    listed = [", ".join(literal(one) for one in names) for names in (_STEPS, _STEP_PAGES)]
    return (
        f"select visitor_id, {value(shop, 'events', 'occurred_at')}::timestamp as occurred_at"
        f" from {kept(shop, 'events')} where ({mapped(shop, 'events', 'event_type')}) in ({listed[0]})"
        f" or {page} in ({listed[1]})"
    )
