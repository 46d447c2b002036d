"""The complete second computation, from raw tables to the numbers of the marts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from shopper.contract import load_contract
from shopper.crosscheck.oracle.channels import (
    DIRECT,
    UNATTRIBUTED,
    ChannelRules,
    acquisition_channels,
    assign_channels,
    signup_channel,
    spend_channel,
)
from shopper.crosscheck.oracle.continuations import CheckoutPages, checkout_moments, mark_continuations
from shopper.crosscheck.oracle.contract import ORDER_CHILDREN
from shopper.crosscheck.oracle.coverage import Coverage, coverage
from shopper.crosscheck.oracle.customers import CohortCell, Customer, Rfm, buyers, retention_cohorts, rfm
from shopper.crosscheck.oracle.efficiency import (
    ChannelKey,
    Day,
    Efficiency,
    Known,
    Landed,
    channel_months,
    efficiency,
    kpi_days,
    spend_facts,
)
from shopper.crosscheck.oracle.funnel import (
    FunnelKey,
    StepCount,
    count_steps,
    observed_steps,
    read_steps,
    session_entries,
    session_moments,
    visitor_entries,
)
from shopper.crosscheck.oracle.identity import VISITOR_PREFIX, Identities, canonical_customers, identifications
from shopper.crosscheck.oracle.money import Rates
from shopper.crosscheck.oracle.orders import (
    Order,
    Refund,
    known_refunds,
    order_facts,
    order_visitors,
    refund_facts,
)
from shopper.crosscheck.oracle.period import Period, run_period
from shopper.crosscheck.oracle.raw import read_raw, read_seed
from shopper.crosscheck.oracle.sessions import Session, SessionFinder, all_sessions, session_customer
from shopper.crosscheck.oracle.settings import Row, Settings
from shopper.crosscheck.oracle.staging import Base, Ledger, Mappings, check_rows, cut_at_as_of
from shopper.crosscheck.oracle.validity import verdicts_of

# Table, its moment, and the columns that name a person, best first.
_ACTIVITY = (
    ("orders", "ordered_at", ("customer_id", "visitor_id", "order_id")),
    ("sessions", "started_at", ("visitor_id",)),
    ("events", "occurred_at", ("visitor_id",)),
)


@dataclass
class Staged:
    """Staged rows by table, ledger by table, and the period. Missing tables have no rows."""

    settings: Settings
    period: Period
    rows: dict[str, list[Row]]
    ledgers: dict[str, Ledger]
    rates: Rates
    identities: Identities


def stage(connection: duckdb.DuckDBPyConnection, project: Path, settings: Settings) -> Staged:
    """Read, check and deduplicate every raw table of the warehouse, and cut it at the as-of date."""
    contract = {table.name: table.columns for table in load_contract(project).tables}
    mappings = read_mappings(connection)
    bases: dict[str, Base] = {}
    first_rates: dict[str, date] = {}
    parents: set[str] = set()
    # Exchange rates must come before rows with a currency; orders before their items, payments, refunds and shipments.
    for table in ("exchange_rates", "orders", *(one for one in contract if one not in {"exchange_rates", "orders"})):
        raw = read_raw(connection, settings.raw_data, table, contract[table]) or []
        bases[table] = check_rows(table, raw, contract[table], settings, mappings, parents, first_rates)
        if table == "exchange_rates":
            first_rates = _first_days(bases[table].current)
        elif table == "orders":
            parents = {row["order_id"] for row in bases[table].current}
    activity = {
        table: [(row[time], next((row[name] for name in people if row[name]), None)) for row in bases[table].rows]
        for table, time, people in _ACTIVITY
    }
    period = run_period(activity, settings, read_seed(connection, "as_of_rules")[0])
    late_orders = {
        row["order_id"]
        for row in bases["orders"].current
        if period.as_of_end_at and row["ordered_at"] >= period.as_of_end_at
    }
    rows, ledgers = {}, {}
    for table, base in bases.items():
        waiting = late_orders if table in ORDER_CHILDREN else set()
        rows[table], ledgers[table] = cut_at_as_of(table, base, settings, period.as_of_date, waiting)
    canonical = Identities(canonical_customers(rows["customers"]))
    visitors = order_visitors(rows["orders"], rows["sessions"], rows["events"])
    known = identifications(canonical, rows["sessions"], rows["events"], rows["orders"], visitors)
    return Staged(
        settings, period, rows, ledgers,
        Rates(rows["exchange_rates"], settings.reporting_currency),
        Identities(canonical_customers(rows["customers"]), known),
    )  # fmt: skip


def read_mappings(connection: duckdb.DuckDBPyConnection) -> Mappings:
    """Canonical value by enumeration and raw value (lower case). Event types to be dropped have None."""
    mappings: dict[str, dict[str, str | None]] = {}
    for row in read_seed(connection, "enumerations"):
        mappings.setdefault(row["enumeration"], {})[row["raw_value"]] = row["value"]
    mappings["event_type"] = {row["raw_value"]: row["value"] for row in read_seed(connection, "event_type_mapping")}
    statuses = read_seed(connection, "order_status_mapping")
    mappings["order_status"] = {row["raw_value"].lower(): row["value"] for row in statuses}
    mappings["product_event_names"] = {
        row["raw_value"].lower(): row["otherwise"] for row in read_seed(connection, "product_event_names")
    }
    return mappings


def _first_days(rates: list[Row]) -> dict[str, date]:
    """The first day with a rate, by currency."""
    first: dict[str, date] = {}
    for row in rates:
        first[row["currency"]] = min(row["rate_date"], first.get(row["currency"], row["rate_date"]))
    return first


@dataclass
class Shop:
    """Everything that the oracle computes for a warehouse."""

    staged: Staged
    orders: list[Order]
    refunds: list[Refund]
    sessions: list[Session]
    order_sessions: dict[str, Session]
    order_channels: dict[str, str]
    customers: dict[str, Customer]
    rfm: dict[str, Rfm]
    acquisition_channels: dict[str, str]
    funnel: dict[FunnelKey, StepCount]
    channel_efficiency: dict[ChannelKey, Efficiency]
    cohorts: dict[tuple[date, int, str], CohortCell]
    days: dict[date, Day]
    acquisition_rules: Row
    coverage_rules: Row
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def tells_sources(self) -> bool:
        """Whether visits tell where they come from: sessions are landed, or one of events alone has a channel."""
        return bool(self.staged.rows["sessions"]) or any(session.own_channel != DIRECT for session in self.sessions)

    def placed_orders(self) -> dict[int, list[Order]]:
        """Orders by session number, without test orders."""
        return _session_orders([order for order in self.orders if not order.is_test], self.order_sessions)

    def session_orders(self) -> dict[int, list[Order]]:
        """Valid orders by session number."""
        return _session_orders([order for order in self.orders if order.is_valid], self.order_sessions)


def compute(connection: duckdb.DuckDBPyConnection, project: Path, settings: Settings) -> Shop:
    """Compute everything for a warehouse, from its raw tables and reference seeds."""
    staged = stage(connection, project, settings)
    rules = ChannelRules(
        read_seed(connection, "channel_rules"),
        read_seed(connection, "traffic_source_categories"),
        read_seed(connection, "click_id_parameters"),
        read_seed(connection, "payment_gateway_domains"),
        read_seed(connection, "own_domains"),
        read_seed(connection, "sign_in_pages"),
    )
    rows, identities = staged.rows, staged.identities
    rules.learn_own_hosts(
        [row["landing_page_url"] for row in rows["sessions"]] + [row["page_url"] for row in rows["events"]]
    )
    verdicts = verdicts_of(rows, settings, staged.rates, staged.period.as_of_end_at)
    rows["staged_refunds"] = rows["refunds"]
    rows["refunds"] = known_refunds(rows, verdicts)
    orders = order_facts(rows, settings, staged.rates, identities, verdicts)
    refunds = refund_facts(rows["refunds"], orders, settings, staged.rates, identities, rows["products"])
    renewals = {row["order_id"] for row in rows["orders"] if row["is_renewal"]}
    for event in rows["events"]:
        event["is_renewal"] = event["order_id"] in renewals
    sessions = all_sessions(
        rows["sessions"], rows["events"], settings,
        read_seed(connection, "bot_user_agents"), rules.click_parameters,
        int(read_seed(connection, "session_rules")[0]["same_view_seconds"]),
    )  # fmt: skip
    finder = SessionFinder(sessions, timedelta(minutes=settings.session_timeout_minutes))
    found = {
        row["order_id"]: finder.of_order(row["order_id"], row["session_id"], row["visitor_id"], row["ordered_at"])
        for row in rows["orders"]
        if not row["is_renewal"]
    }
    order_sessions = {order_id: session for order_id, session in found.items() if session}
    _identify(sessions, rows["orders"], order_sessions, identities)
    _set_channels(connection, staged, sessions, rules, order_sessions)
    for order in orders:
        if order.is_valid and order.order_id in order_sessions:
            order_sessions[order.order_id].has_order = True
    shop = Shop(
        staged, orders, refunds, sessions, order_sessions, _order_channels(orders, order_sessions),
        buyers(orders, refunds), {}, {}, {}, {}, {}, {}, read_seed(connection, "acquisition_rules")[0],
        read_seed(connection, "coverage_rules")[0],
    )  # fmt: skip
    if staged.period.as_of_date:
        least = int(read_seed(connection, "customer_rules")[0]["min_scored_customers"])
        segments, steps = read_seed(connection, "rfm_segments"), read_seed(connection, "funnel_steps")
        _measure(shop, rules, segments, least, steps)
    return shop


def _set_channels(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    sessions: list[Session],
    rules: ChannelRules,
    order_sessions: dict[str, Session],
) -> None:
    """Set source, continuation and channel of every session."""
    rows, settings = staged.rows, staged.settings
    pages = CheckoutPages(read_seed(connection, "checkout_pages"), read_seed(connection, "event_type_roles"))
    visitors = order_visitors(rows["orders"], rows["sessions"], rows["events"])
    for session in sessions:
        session.source = rules.source_of(session)
    mark_continuations(
        sessions, rules, pages, checkout_moments(rows, visitors, pages),
        {session.number for session in order_sessions.values()},
        2 * timedelta(minutes=settings.session_timeout_minutes),
    )  # fmt: skip
    assign_channels(sessions, rules, timedelta(days=settings.attribution_window_days))


def _identify(
    sessions: list[Session], orders: list[Row], order_sessions: dict[str, Session], identities: Identities
) -> None:
    """Set the customer of every session."""
    made: dict[int, list[Row]] = defaultdict(list)
    for row in orders:
        if row["order_id"] in order_sessions:
            made[order_sessions[row["order_id"]].number].append(row)
    for session in sessions:
        session.customer_id = session_customer(session, made.get(session.number, []), identities)


def _measure(shop: Shop, rules: ChannelRules, segments: list[Row], least: int, steps: list[Row]) -> None:
    """Compute customers, channels, funnel, cohorts and days of a shop with data."""
    settings, period = shop.staged.settings, shop.staged.period
    assert period.first_date and period.as_of_date and period.as_of_end_at
    customers = list(shop.customers.values())
    shop.rfm = rfm(customers, period.as_of_date, settings.rfm_window_days, segments, least)
    shop.acquisition_channels = _acquisition(shop, rules)
    shop.cohorts = retention_cohorts(customers, shop.acquisition_channels, period.as_of_date)
    converting = set(shop.session_orders())
    spend = spend_facts(
        shop.staged.rows["marketing_spend"],
        [spend_channel(row, rules) for row in shop.staged.rows["marketing_spend"]],
        shop.staged.rates,
    )
    groups = channel_months(
        shop.sessions, spend, customers, shop.orders, shop.acquisition_channels, shop.order_channels
    )
    visitor_orders = _visitor_orders(shop)
    landed = Landed(bool(shop.orders), bool(shop.sessions), bool(spend), bool(shop.refunds))
    shop.coverage = coverage(shop.staged.rows, settings, period.as_of_date, shop.coverage_rules)
    shop.channel_efficiency = {
        key: efficiency(
            group,
            period.as_of_date,
            converting,
            visitor_orders,
            landed,
            Known.of(key, groups, shop.tells_sources),
            shop.coverage,
            shop.acquisition_rules,
        )
        for key, group in groups.items()
    }
    shop.days = kpi_days(
        period.first_date,
        period.as_of_date,
        shop.orders,
        shop.refunds,
        shop.sessions,
        spend,
        shop.customers,
        converting,
        landed,
        shop.coverage,
    )
    shop.funnel = _funnel(shop, steps)


def _funnel(shop: Shop, rows: list[Row]) -> dict[FunnelKey, StepCount]:
    """Counts of the purchase funnel in both scopes, without the steps that never occur in the shop's data."""
    settings, period = shop.staged.settings, shop.staged.period
    assert period.as_of_end_at
    all_steps = read_steps(rows)
    placed = shop.placed_orders()
    moments = {one.number: session_moments(one, placed.get(one.number, []), all_steps) for one in shop.sessions}
    steps = observed_steps(moments.values(), all_steps)
    visitors = visitor_entries(moments, shop.sessions, steps, settings, period.as_of_end_at)
    return {
        **count_steps(session_entries(moments, shop.sessions, steps), steps, "session", settings),
        **count_steps(visitors, steps, "visitor", settings),
    }


def _session_orders(orders: list[Order], order_sessions: dict[str, Session]) -> dict[int, list[Order]]:
    """Orders by session number."""
    found: dict[int, list[Order]] = defaultdict(list)
    for order in orders:
        if order.order_id in order_sessions:
            found[order_sessions[order.order_id].number].append(order)
    return dict(found)


def _acquisition(shop: Shop, rules: ChannelRules) -> dict[str, str]:
    """Acquisition channel by customer, for every customer with a valid order."""
    first_orders = {}
    for customer in shop.customers.values():
        order = customer.orders[0]
        session = shop.order_sessions.get(order.order_id)
        first_orders[customer.customer_id] = (session.channel if session else None, order.sales_channel)
    first_sessions: dict[str, str] = {}
    for session in sorted(shop.sessions, key=lambda one: (one.started_at, one.name)):
        if not session.is_bot:
            customer_id = session.customer_id or VISITOR_PREFIX + session.visitor_id
            first_sessions.setdefault(customer_id, session.channel)
    identities = shop.staged.identities
    signups: dict[str, str] = {}
    accounts = sorted(
        shop.staged.rows["customers"],
        key=lambda row: (row["registered_at"] is None, row["registered_at"], row["customer_id"]),
    )
    for row in accounts:
        channel = signup_channel(row["signup_channel"], rules)
        if channel:
            signups.setdefault(identities.customer(row["customer_id"]) or "", channel)
    return acquisition_channels(first_orders, first_sessions, signups)


def _order_channels(orders: list[Order], order_sessions: dict[str, Session]) -> dict[str, str]:
    """Channel by order: that of its session, else its sales channel unless that is the web, else unattributed."""
    channels = {}
    for order in orders:
        session = order_sessions.get(order.order_id)
        own = order.sales_channel if order.sales_channel not in {None, "web"} else None
        channels[order.order_id] = (session.channel if session else None) or own or UNATTRIBUTED
    return channels


def _visitor_orders(shop: Shop) -> dict[str, list[Order]]:
    """Valid orders by visitor."""
    found: dict[str, list[Order]] = defaultdict(list)
    for order in shop.orders:
        if order.is_valid and not order.is_renewal and order.visitor_id is not None:
            found[order.visitor_id].append(order)
    return dict(found)
