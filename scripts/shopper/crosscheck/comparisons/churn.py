"""Churn: RFM history, churn signals, win-back, loyalty, activity, referrals."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.churn import (
    SIGNALS,
    ChurnAssessment,
    ObservedActivity,
    Rules,
    active_windows,
    backtest,
    churn_assessments,
    last_year_spend,
    month_ends,
    observed_activity,
    person_of,
    rfm_at,
    score_of,
    transitions,
    winback_reason,
    winback_tier,
)
from shopper.crosscheck.oracle.customers import Rfm
from shopper.crosscheck.oracle.efficiency import REPURCHASE_DAYS, ratio
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.settings import month_of
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

CHANNELS: Final = ("email", "sms", "push")


def _period(shop: Shop) -> tuple[date, date]:
    period = shop.staged.period
    assert period.first_date and period.as_of_date
    return period.first_date, period.as_of_date


def _rules(reader: Reader) -> Rules:
    return Rules.of_seeds(
        reader.rows("churn_signal_rules", "reference"),
        reader.rows("churn_risk_levels", "reference"),
        reader.rows("churn_definition", "reference")[0],
    )


def _history(shop: Shop, reader: Reader) -> dict[date, dict[str, Rfm]]:
    """RFM of all customers by month end."""
    segments = reader.rows("rfm_segments", "reference")
    least = int(reader.rows("customer_rules", "reference")[0]["min_scored_customers"])
    customers, window = list(shop.customers.values()), shop.staged.settings.rfm_window_days
    return {day: rfm_at(customers, shop.refunds, day, window, segments, least) for day in month_ends(*_period(shop))}


def _rfm_history(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "recency_days", "frequency", "monetary", "net_revenue", "r_score", "f_score", "m_score", "rfm_segment",
        "customer_tier",
    )  # fmt: skip
    expected: Rows = {
        (one.customer_id, day): (
            one.recency_days, one.frequency, one.monetary, one.net_revenue, *(one.scores or (None, None, None)),
            one.rfm_segment, one.customer_tier,
        )
        for day, population in _history(shop, reader).items()
        for one in population.values()
    }  # fmt: skip
    return columns, expected, keyed(reader.rows("customer_rfm_history"), ["customer_id", "month_end_date"], columns)


def _transitions(shop: Shop, reader: Reader) -> Sides:
    columns = ("customers", "net_revenue")
    expected: Rows = dict(transitions(_history(shop, reader), shop.customers.values()))
    rows = reader.rows("rfm_segment_transitions")
    return columns, expected, keyed(rows, ["month", "from_segment", "to_segment"], columns)


def _observed_activity(shop: Shop) -> dict[str, ObservedActivity]:
    return observed_activity(shop.sessions, shop.staged.settings)


def _churn_assessments(
    shop: Shop, people: dict[str, ObservedActivity], rules: Rules, cutoff: date
) -> dict[str, ChurnAssessment]:
    return churn_assessments(shop.customers.values(), people, rules, cutoff, shop.staged.settings)


def _signals(shop: Shop, reader: Reader) -> Sides:
    columns = (
        *(f"has_{name}" for name in SIGNALS),
        "churn_score", "churn_risk", "days_overdue", "is_active", "recent_aov", "earlier_aov",
    )  # fmt: skip
    rules = _rules(reader)
    expected: Rows = {
        one.customer_id: (
            *(one.signals[name] for name in SIGNALS), None if one.score is None else float(one.score),
            rules.risk(one.score), one.days_overdue, one.is_active, *one.means,
        )
        for one in _churn_assessments(shop, _observed_activity(shop), rules, _period(shop)[1]).values()
    }  # fmt: skip
    return columns, expected, keyed(reader.rows("customer_churn_signals"), ["customer_id"], columns)


def _backtest(shop: Shop, reader: Reader) -> Sides:
    columns = ("customers", "customers_with", "churned_with", "customers_without", "churned_without", "lift")
    rules, people = _rules(reader), _observed_activity(shop)
    expected: Rows = {}
    for cutoff in rules.cutoffs(*_period(shop)):
        counts = backtest(_churn_assessments(shop, people, rules, cutoff).values(), rules)
        for name, (customers, given, churned, others, others_churned) in counts.items():
            if customers:
                lift = ratio(churned * others, given * others_churned)
                expected[name, cutoff] = (customers, given, churned, others, others_churned, lift)
    return columns, expected, keyed(reader.rows("churn_signal_backtest"), ["signal", "cutoff_date"], columns)


def profiles(shop: Shop, name: str) -> dict[str, Any]:
    """A profile field by customer: of the canonical account, else of the newest merged account that has a value."""
    identities = shop.staged.identities
    accounts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in shop.staged.rows["customers"]:
        accounts[identities.customer(row["customer_id"]) or row["customer_id"]].append(row)
    found = {}
    for customer_id, rows in accounts.items():
        rows.sort(key=lambda row: row["customer_id"])
        rows.sort(key=lambda row: row["updated_at"] or datetime.min, reverse=True)
        rows.sort(key=lambda row: row["customer_id"] != customer_id)
        found[customer_id] = next((row[name] for row in rows if row[name] is not None), None)
    return found


def _open_channels(shop: Shop) -> dict[str, set[str]]:
    """Channels with an opt-in and no later opt-out, by customer."""
    identities = shop.staged.identities
    kinds = {row["campaign_id"]: row["campaign_type"] for row in shop.staged.rows["campaigns"]}
    allowed: dict[str, set[str]] = defaultdict(set)
    for channel in CHANNELS:
        for customer_id, is_in in profiles(shop, f"{channel}_opt_in").items():
            if is_in:
                allowed[customer_id].add(channel)
    for row in shop.staged.rows["messages"]:
        if row["unsubscribed_at"] is not None:
            kind = kinds.get(row["campaign_id"])
            refused = {kind} if kind in CHANNELS else set(CHANNELS)
            allowed[identities.customer(row["customer_id"]) or row["customer_id"]] -= refused
    return allowed


def _winback(shop: Shop, reader: Reader) -> Sides:
    """Win-back candidates and their reason. Any channel with an opt-in is accepted."""
    columns = ("winback_tier", "reason", "value_at_stake", "best_channel")
    rules, allowed = _rules(reader), _open_channels(shop)
    days = int(reader.rows("customer_rules", "reference")[0]["winback_spend_days"])
    actual = keyed(reader.rows("winback_candidates"), ["customer_id"], columns)
    expected: Rows = {}
    for one in _churn_assessments(shop, _observed_activity(shop), rules, _period(shop)[1]).values():
        reason = winback_reason(one, rules)
        if reason and allowed.get(one.customer_id):
            spend = last_year_spend(shop.customers[one.customer_id], days)
            actual_channel = actual.get(one.customer_id, (None,) * 4)[3]
            channel = actual_channel if actual_channel in allowed[one.customer_id] else "one that is open"
            expected[one.customer_id] = (winback_tier(spend), reason, max(spend, type(spend)(0)), channel)
    return columns, expected, actual


_LOYALTY_PARTS: Final = ("purchase_frequency", "purchase_amount", "repurchase", "brand_intent", "complaints")


def _loyalty(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "window_orders", "window_spend", "repeat_order_days", "intent_answers", "complaints",
        *(f"{part}_score" for part in _LOYALTY_PARTS), "known_weight", "loyalty_score",
    )  # fmt: skip
    weights = {row["part"]: int(row["weight"]) for row in reader.rows("loyalty_rules", "reference")}
    least = int(reader.rows("customer_rules", "reference")[0]["min_scored_customers"])
    penalty = max(int(row["points_per_complaint"] or 0) for row in reader.rows("loyalty_rules", "reference"))
    owners = {order.order_id: order.customer_id for order in shop.orders}
    identities, rows = shop.staged.identities, shop.staged.rows

    def owner(row: dict[str, Any]) -> str | None:
        return identities.customer(row["customer_id"]) or owners.get(row["order_id"])

    intents: dict[str | None, list[Fraction]] = defaultdict(list)
    for row in rows["survey_responses"]:
        if row["survey_type"] == "brand_intent" and row["score"] is not None and 1 <= row["score"] <= 5:
            intents[owner(row)].append(Fraction(row["score"]))
    complaints: dict[str | None, int] = defaultdict(int)
    for row in rows["support_tickets"]:
        complaints[owner(row)] += bool(row["is_complaint"])
    orders = {name: (shop.rfm[name].frequency if name in shop.rfm else 0) for name in shop.customers}
    money = {name: (shop.rfm[name].monetary if name in shop.rfm else 0) for name in shop.customers}
    repeats = {name: len({order.order_date for order in one.orders}) - 1 for name, one in shop.customers.items()}
    scales = [sorted(part.values()) for part in (orders, money, repeats)]
    expected: Rows = {}
    for name in shop.customers:
        parts: dict[str, Fraction | int | None] = {
            "purchase_frequency": score_of(orders[name], scales[0], least),
            "purchase_amount": score_of(money[name], scales[1], least),
            "repurchase": score_of(repeats[name], scales[2], least),
            "brand_intent": sum(intents[name], Fraction(0)) / len(intents[name]) if intents[name] else None,
            "complaints": max(1, 5 - penalty * complaints[name]) if rows["support_tickets"] else None,
        }
        known = {part: value for part, value in parts.items() if value is not None}
        points = sum(weights[part] * (Fraction(value) - 1) for part, value in known.items())
        weight = sum(weights[part] for part in known)
        expected[name] = (
            orders[name], money[name], repeats[name], len(intents[name]),
            complaints[name] if rows["support_tickets"] else None, *(parts[part] for part in _LOYALTY_PARTS), weight,
            ratio(25 * points, weight),
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("customer_loyalty"), ["customer_id"], columns)


def _activity(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "daily_active", "weekly_active", "monthly_active", "new_visitors", "daily_active_customers",
        "weekly_active_customers", "monthly_active_customers", "new_customers",
        "logins", "wishlists", "follows", "shares",
    )  # fmt: skip
    counted = ("login", "add_to_wishlist", "follow", "share")
    buyers = {order.customer_id for order in shop.orders} | {refund.customer_id for refund in shop.refunds}
    visitors: dict[date, set[str]] = defaultdict(set)
    customers: dict[date, set[str]] = defaultdict(set)
    events: dict[tuple[date, str], int] = defaultdict(int)
    for session in shop.sessions:
        if not session.is_bot:
            visitors[session.session_date].add(session.visitor_id)
            if session.customer_id or person_of(session) in buyers:
                customers[session.session_date].add(person_of(session))
            for event in session.events:
                events[shop.staged.settings.local_date(event["occurred_at"]), event["event_type"]] += 1
    for order in shop.orders:
        if order.is_valid and order.customer_id != UNKNOWN:
            customers[order.order_date].add(order.customer_id)
    days = sorted(shop.days)
    by_visitor, by_customer = active_windows(visitors, days), active_windows(customers, days)
    seen = bool(shop.staged.rows["sessions"] or shop.staged.rows["events"])
    has_events = bool(shop.staged.rows["events"])
    expected: Rows = {
        day: (
            *(count if seen else None for count in by_visitor[day]),
            *by_customer[day],
            *(events[day, kind] if has_events else None for kind in counted),
        )
        for day in days
    }
    rows = reader.rows("customer_activity_daily", where=f"date >= date '{days[0]}'")
    return columns, expected, keyed(rows, ["date"], columns)


def _referrals(shop: Shop, reader: Reader) -> Sides:
    columns = ("sharers", "shares", "referred_customers", "matured_buyers", "repurchasing_buyers")
    settings, identities, as_of = shop.staged.settings, shop.staged.identities, _period(shop)[1]
    staged = shop.staged.rows
    sharers: dict[date, list[str]] = defaultdict(list)
    for session in shop.sessions:
        for event in session.events if not session.is_bot else ():
            if event["event_type"] == "share":
                sharers[month_of(settings.local_date(event["occurred_at"]))].append(person_of(session))
    registered = profiles(shop, "registered_at")
    referred: dict[date, list[str]] = defaultdict(list)
    for name, referrer in profiles(shop, "referrer_customer_id").items():
        if referrer and (identities.customer(referrer) or referrer) != name:
            if registered[name]:
                referred[month_of(settings.local_date(registered[name]))].append(name)
            elif name in shop.customers:
                referred[month_of(shop.customers[name].first_order_date)].append(name)
    expected: Rows = {}
    for month in {month_of(day) for day in shop.days}:
        mature = [
            [(order.order_date - one.first_order_date).days for order in one.orders]
            for one in (shop.customers[name] for name in referred[month] if name in shop.customers)
            if (as_of - one.first_order_date).days >= REPURCHASE_DAYS
        ]
        again = sum(any(1 <= days <= REPURCHASE_DAYS for days in ages) for ages in mature)
        people = sharers[month]
        shared = (len(set(people)), len(people)) if staged["events"] else (None, None)
        brought = (len(referred[month]), len(mature), again) if staged["customers"] else (None, None, None)
        expected[month] = (*shared, *brought)
    rows = reader.rows("referrals", where=f"month >= date '{min(expected)}'")
    return columns, expected, keyed(rows, ["month"], columns)


CHECKS: Final = (
    Check(
        "rfm",
        "measures, scores, segment, tier at every month end",
        "marts",
        "customer_rfm_history",
        _rfm_history,
        "monetary",
    ),
    Check("rfm", "moves between segments", "marts", "rfm_segment_transitions", _transitions, "net_revenue"),
    Check("churn", "signals, score, risk", "marts", "customer_churn_signals", _signals),
    Check("churn", "signals at past cut-offs", "marts", "churn_signal_backtest", _backtest),
    Check(
        "churn",
        "candidates, reason, channel with opt-in",
        "marts",
        "winback_candidates",
        _winback,
        "value_at_stake",
    ),
    Check("loyalty", "parts and score", "marts", "customer_loyalty", _loyalty),
    Check("activity", "people active in 1, 7, 30 days", "marts", "customer_activity_daily", _activity),
    Check("activity", "sharing and referred customers", "marts", "referrals", _referrals),
)
