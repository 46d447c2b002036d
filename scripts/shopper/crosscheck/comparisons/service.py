"""Service: fulfilment, return reasons, satisfaction, support, and later orders by satisfaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.comparisons.churn import profiles
from shopper.crosscheck.oracle.churn import month_ends, rfm_at
from shopper.crosscheck.oracle.customers import Rfm
from shopper.crosscheck.oracle.efficiency import quotient, ratio
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import ZERO, cents, total
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.service import (
    UNKNOWN_VALUE,
    Delivery,
    Feedback,
    Interval,
    OrderReturns,
    Rules,
    Ticket,
    delivery,
    feedback,
    first_opinions,
    mean_interval,
    median_of,
    mentions,
    net_interval,
    newcombe,
    ninth_decile,
    order_returns,
    refund_parts,
    tickets,
    wilson,
)
from shopper.crosscheck.oracle.settings import month_of
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_DAY: Final = 86_400
_FOLLOWING_DAYS: Final = 90


def _rules(reader: Reader) -> Rules:
    return Rules.of_seed(reader.rows("service_rules", "reference")[0])


def _as_of(shop: Shop) -> date:
    assert shop.staged.period.as_of_date
    return shop.staged.period.as_of_date


def _days(seconds: Fraction | int | None) -> float | None:
    return None if seconds is None else float(Fraction(seconds) / _DAY)


def _fulfilment(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "placed", "completed", "cancelled", "failed", "matured_orders", "matured_completed", "completion_rate",
        "shipped", "delivered", "median_delivery_days", "p90_delivery_days", "eligible_promises", "kept_promises",
        "on_time_rate", "on_time_rate_low", "on_time_rate_high", "matured_valid_orders", "returned_orders",
        "return_rate", "exchanged_orders", "exchange_rate", "refunded_amount", "refund_share", "shipping_cost",
        "shipping_cost_per_order",
    )  # fmt: skip
    rules, as_of = _rules(reader), _as_of(shop)
    as_of_end = shop.staged.period.as_of_end_at
    assert as_of_end
    parcels: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in shop.staged.rows["shipments"]:
        parcels[row["order_id"]].append(row)
    sent = {name: delivery(rows, shop.staged.settings, as_of_end) for name, rows in parcels.items()}
    back = order_returns(shop, rules, as_of)
    groups: dict[tuple[date, str, str], list[Order]] = defaultdict(list)
    for order in shop.orders:
        if not order.is_test:
            method = sent[order.order_id].method if order.order_id in sent else "none" if sent else UNKNOWN_VALUE
            groups[month_of(order.order_date), order.sales_channel or UNKNOWN_VALUE, method].append(order)
    raw = {row["order_id"]: row for row in shop.staged.rows["orders"]}
    expected: Rows = {
        key: (
            len(orders), *_completion(orders, raw, lambda one: (as_of - one.order_date).days >= rules.order_days),
            *_deliveries([(one, sent[one.order_id]) for one in orders if one.order_id in sent], bool(sent)),
            *_return_cells([(one, back[one.order_id]) for one in orders if one.order_id in back]),
            *_costs([sent[one.order_id].cost for one in orders if one.order_id in sent]),
        )
        for key, orders in groups.items()
    }  # fmt: skip
    rows = reader.rows("order_fulfilment")
    return columns, expected, keyed(rows, ["month", "sales_channel", "delivery_method"], columns)


def _completion(
    orders: Sequence[Order], raw: dict[str, dict[str, Any]], is_matured: Callable[[Order], bool]
) -> tuple[Any, ...]:
    """completed, cancelled, failed, matured_orders, matured_completed, completion_rate."""
    has_status = any(row["status"] for row in raw.values())
    placed = [{**raw[order.order_id], "reason": order.invalid_reason} for order in orders]
    is_known = has_status or any(row["completed_at"] and not row["is_test"] for row in raw.values())
    done = {
        row["order_id"]
        for row in placed
        if (row["status"] == "completed" or row["completed_at"]) and row["reason"] not in {"cancelled", "failed"}
    }
    old = [order.order_id for order in orders if is_known and is_matured(order)]
    old_done = sum(name in done for name in old)
    counts = Counter("cancelled" if row["reason"] == "cancelled" else row["status"] for row in placed)
    return (
        len(done) if is_known else None,
        counts["cancelled"] if has_status or any(row["cancelled_at"] for row in raw.values()) else None,
        counts["failed"] if has_status else None,
        len(old),
        old_done,
        ratio(old_done, len(old)),
    )


def _deliveries(sent: Sequence[tuple[Order, Delivery]], is_landed: bool) -> tuple[Any, ...]:
    """shipped, delivered, median and p90 in days, decided and kept promises, their rate and its interval."""
    arrived = [(order, one.delivered_at) for order, one in sent if one.delivered_at]
    seconds = [int((at - order.ordered_at).total_seconds()) for order, at in arrived if at >= order.ordered_at]
    decided = [one.is_on_time for _, one in sent if one.is_on_time is not None]
    counts = (len(decided), sum(decided)) if is_landed else (None, None)
    return (
        *((len(sent), len(arrived)) if is_landed else (None, None)),
        _days(median_of(seconds) if seconds else None), _days(ninth_decile(seconds) if seconds else None),
        *counts, ratio(sum(decided), len(decided)), *wilson(sum(decided), len(decided)),
    )  # fmt: skip


def _return_cells(decided: Sequence[tuple[Order, OrderReturns]]) -> tuple[Any, ...]:
    """matured_valid_orders, returned and exchanged with their rates, refunded_amount, refund_share."""
    amounts = [one.amount for _, one in decided if one.amount is not None]
    amount = total(amounts) if amounts else None
    revenue = total(order.net_revenue for order, _ in decided)
    found: list[Any] = [len(decided)]
    for flags in ([one.is_returned for _, one in decided], [one.is_exchanged for _, one in decided]):
        known = [flag for flag in flags if flag is not None]
        found += [sum(known) if known else None, ratio(sum(known), len(known))]
    return (*found, amount, None if amount is None else ratio(amount, revenue))


def _costs(costs: Sequence[Decimal | None]) -> tuple[Decimal | None, Decimal | None]:
    known = [cost for cost in costs if cost is not None]
    return (total(known), quotient(total(known), len(known))) if known else (None, None)


def _reasons(shop: Shop, reader: Reader) -> Sides:
    columns = ("refunds", "returns", "category_returns", "share", "exchanges", "amount", "category_amount")
    raw = {row["refund_id"]: row for row in shop.staged.rows["refunds"]}
    orders = {order.order_id: order for order in shop.orders}
    categories = {row["product_id"]: row["category"] or UNKNOWN_VALUE for row in shop.staged.rows["products"]}
    says_return = any(row["is_return"] is not None for row in raw.values())
    says_exchange = any(row["is_exchange"] is not None for row in raw.values())
    cells: dict[tuple[date, str, str], list[tuple[dict[str, Any], Decimal]]] = defaultdict(list)
    wholes: dict[tuple[date, str], list[tuple[dict[str, Any], Decimal]]] = defaultdict(list)
    for refund in shop.refunds:
        row = raw[refund.refund_id]
        if refund.order_id is None or orders[refund.order_id].is_valid:
            for category, amount in refund_parts(refund, row, orders, categories).items():
                month = month_of(refund.refund_date)
                cells[month, category, (row["reason"] or UNKNOWN_VALUE).lower()].append((row, amount))
                wholes[month, category].append((row, amount))
    expected: Rows = {}
    for (month, category, reason), parts in cells.items():
        returns = sum(bool(row["is_return"]) for row, _ in parts)
        exchanges = sum(bool(row["is_exchange"]) for row, _ in parts)
        whole = sum(bool(row["is_return"]) for row, _ in wholes[month, category])
        expected[month, category, reason] = (
            len(parts), returns if says_return else None, whole if says_return else None, ratio(returns, whole),
            exchanges if says_exchange else None, total(amount for _, amount in parts),
            total(amount for _, amount in wholes[month, category]),
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("return_reasons"), ["month", "category", "reason"], columns)


def _month_end_rfm(shop: Shop, reader: Reader) -> Callable[[str, date], Rfm | None]:
    """Function that returns the RFM of a customer at the month end before a day; None outside the RFM window."""
    segments, window = reader.rows("rfm_segments", "reference"), shop.staged.settings.rfm_window_days
    least = int(reader.rows("customer_rules", "reference")[0]["min_scored_customers"])
    first = shop.staged.period.first_date
    assert first
    ends = set(month_ends(first, _as_of(shop)))

    @cache
    def at(day: date) -> dict[str, Rfm]:
        return rfm_at(shop.customers.values(), shop.refunds, day, window, segments, least) if day in ends else {}

    return lambda customer_id, day: at(day).get(customer_id)


def _age_bands(shop: Shop, reader: Reader) -> dict[str, str]:
    """Age band on the as-of date by customer."""
    bands, as_of = reader.rows("age_bands", "reference"), _as_of(shop)
    found = {}
    for customer_id, born in profiles(shop, "birth_date").items():
        if born and born <= as_of:
            age = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
            found[customer_id] = next(
                row["age_band"]
                for row in bands
                if row["age_from"] <= age and (row["age_below"] is None or age < row["age_below"])
            )
    return found


def _scores(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "invited", "responses", "matured_invited", "matured_responses", "response_rate", "satisfied",
        "neutral", "dissatisfied", "score", "score_low", "score_high", "rating",
    )  # fmt: skip
    rules, as_of, rfm_on = _rules(reader), _as_of(shop), _month_end_rfm(shop, reader)
    topics = reader.rows("review_topics", "reference")
    genders, ages = profiles(shop, "gender"), _age_bands(shop, reader)
    groups: dict[tuple[Any, ...], list[Feedback]] = defaultdict(list)
    for one in feedback(shop, reader.rows("satisfaction_bands", "reference")):
        owner = one.customer_id or UNKNOWN
        rfm = rfm_on(owner, date.fromordinal(month_of(one.day).toordinal() - 1))
        splits = (
            ("sales_channel", one.sales_channel), ("age_band", ages.get(owner, UNKNOWN_VALUE)),
            ("gender", genders.get(owner) or UNKNOWN_VALUE),
            ("customer_tier", UNKNOWN_VALUE if owner == UNKNOWN else rfm.customer_tier if rfm else "none"),
        )  # fmt: skip
        for aspect in {one.aspect} | mentions(one.text, topics):
            for split in splits:
                groups[month_of(one.day), one.survey_type, aspect, *split].append(one)
    expected: Rows = {key: _score_row(key, members, rules, as_of) for key, members in groups.items()}
    keys = ["month", "survey_type", "aspect", "dimension", "level"]
    rows = [
        {**row, "dimension": "sales_channel", "level": row["sales_channel"]}
        for row in reader.rows("satisfaction_scores")
    ] + reader.rows("satisfaction_by_group")
    return columns, expected, keyed(rows, keys, columns)


def _score_row(key: tuple[Any, ...], members: Sequence[Feedback], rules: Rules, as_of: date) -> tuple[Any, ...]:
    kind, aspect = key[1:3]
    values = [one.score for one in members if one.score is not None]
    bands = Counter(one.band for one in members if one.band)
    good, bad = bands["satisfied"], bands["dissatisfied"]
    invited = sum(one.invited_date is not None for one in members)
    old = [one for one in members if one.invited_date and (as_of - one.invited_date).days >= rules.answer_days]
    answered = sum(one.score is not None for one in old)
    mean = ratio(sum(values, Fraction(0)), len(values))
    score, interval = _score(kind, aspect, values, good, bad)
    if kind in {"nps", "ces", "brand_intent"} and len(values) < rules.interval_answers_from:
        interval = (None, None)
    return (
        invited or None, len(values), len(old) or None, answered if old else None, ratio(answered, len(old)),
        good, bands["neutral"], bad, score, *interval, mean if kind == "rating" else None,
    )  # fmt: skip


def _score(kind: str, aspect: str, values: Sequence[Fraction], good: int, bad: int) -> tuple[float | None, Interval]:
    """The score of a survey and its interval, for any number of answers."""
    if kind == "nps":
        return ratio(100 * (good - bad), len(values)), net_interval(good, bad, len(values))
    if kind == "csat" or (kind == "rating" and aspect == "overall"):
        return ratio(good, len(values)), wilson(good, len(values))
    if kind == "rating":
        return None, (None, None)
    return ratio(sum(values, Fraction(0)), len(values)), mean_interval(values)


def _support(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "aspect", "tickets", "month_tickets", "topic_share", "complaints", "month_orders", "complaints_per_order",
        "answered_tickets", "median_first_response_minutes", "p90_first_response_minutes", "eligible_tickets",
        "tickets_within_5_minutes", "share_within_5_minutes", "share_within_5_minutes_low",
        "share_within_5_minutes_high", "resolved_tickets", "resolution_hours", "median_resolution_hours",
        "rated_tickets", "satisfaction",
    )  # fmt: skip
    as_of_end = shop.staged.period.as_of_end_at
    assert as_of_end
    aspects = {row["topic"]: row["aspect"] for row in reader.rows("complaint_topics", "reference")}
    everything = tickets(shop, as_of_end)
    in_month = Counter(one.month for one in everything)
    orders = Counter(month_of(order.order_date) for order in shop.orders if order.is_valid)
    groups: dict[tuple[date, str, str], list[Ticket]] = defaultdict(list)
    for one in everything:
        groups[one.month, one.topic, one.handled_by].append(one)
    expected: Rows = {
        key: (
            aspects.get(key[1]), len(members), in_month[key[0]], ratio(len(members), in_month[key[0]]),
            *_complaints(members, orders[key[0]]), *_times(members),
        )
        for key, members in groups.items()
    }  # fmt: skip
    return columns, expected, keyed(reader.rows("support_performance"), ["month", "topic", "handled_by"], columns)


def _complaints(members: Sequence[Ticket], orders: int) -> tuple[Any, ...]:
    known = [one.is_complaint for one in members if one.is_complaint is not None]
    complaints = sum(known) if known else None
    return complaints, orders or None, None if complaints is None else ratio(complaints, orders)


def _times(members: Sequence[Ticket]) -> tuple[Any, ...]:
    """The columns from answered_tickets to satisfaction."""
    responses = [one.response_seconds for one in members if one.response_seconds is not None]
    resolutions = [one.resolution_seconds for one in members if one.resolution_seconds is not None]
    quick = [one.is_quick for one in members if one.is_quick is not None]
    scores = [one.score for one in members if one.score is not None]
    return (
        len(responses), float(median_of(responses) / 60) if responses else None,
        float(Fraction(ninth_decile(responses), 60)) if responses else None,
        len(quick), sum(quick) if quick else None, ratio(sum(quick), len(quick)), *wilson(sum(quick), len(quick)),
        len(resolutions), ratio(sum(resolutions), 3600 * len(resolutions)),
        float(median_of(resolutions) / 3600) if resolutions else None,
        len(scores), ratio(sum(scores, Fraction(0)), len(scores)),
    )  # fmt: skip


def _by_value(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "customers", "matured_customers", "repurchased_customers", "repurchase_rate_90d", "repurchase_rate_90d_low",
        "repurchase_rate_90d_high", "active_customers", "churned", "churn_rate", "net_revenue", "revenue_per_customer",
        "repurchase_gap", "repurchase_gap_low", "repurchase_gap_high", "revenue_gap_per_customer", "revenue_at_stake",
    )  # fmt: skip
    rfm_on, as_of = _month_end_rfm(shop, reader), _as_of(shop)

    def segment(customer_id: str, day: date) -> str:
        rfm = rfm_on(customer_id, day)
        return (rfm.rfm_segment or "unscored") if rfm else "none"

    churn = reader.rows("churn_definition", "reference")[0]
    cells: dict[tuple[str, str], list[tuple[str, date]]] = defaultdict(list)
    signs = feedback(shop, reader.rows("satisfaction_bands", "reference"))
    for (customer_id, name), (day, band) in first_opinions(signs, segment).items():
        cells[name, band].append((customer_id, day))
    rows = {key: _outcome(members, shop, as_of, churn) for key, members in cells.items()}
    expected: Rows = {
        key: (*row, *_gaps(row, rows.get((key[0], "satisfied")) if key[1] != "satisfied" else None))
        for key, row in rows.items()
    }
    actual = keyed(reader.rows("satisfaction_by_value"), ["rfm_segment", "satisfaction_band"], columns)
    return columns, _coarse(expected), _coarse(actual)


def _coarse(rows: Rows) -> Rows:
    """Round the ends of the gap to six places: they are differences of rates rounded to nine."""
    return {
        key: (*row[:12], *(None if end is None else round(end, 6) for end in row[12:14]), *row[14:])
        for key, row in rows.items()
    }


def _outcome(members: Sequence[tuple[str, date]], shop: Shop, as_of: date, churn: dict[str, Any]) -> tuple[Any, ...]:
    """Orders and churn of the customers of a cell after their day."""
    matured = repurchased = active = churned = 0
    revenue = ZERO
    for customer_id, day in members:
        orders = shop.customers[customer_id].orders if customer_id in shop.customers else []
        after = [((order.order_date - day).days, order.net_revenue) for order in orders]
        if (as_of - day).days >= _FOLLOWING_DAYS:
            matured += 1
            repurchased += any(1 <= days <= _FOLLOWING_DAYS for days, _ in after)
            revenue += total(amount for days, amount in after if 1 <= days <= _FOLLOWING_DAYS)
        was_active = any(0 <= -days < churn["active_days"] for days, _ in after)
        if was_active and (as_of - day).days >= churn["churn_days"]:
            active += 1
            churned += not any(1 <= days <= churn["churn_days"] for days, _ in after)
    return (
        len(members), matured, repurchased, ratio(repurchased, matured), *wilson(repurchased, matured), active,
        churned if active else None, ratio(churned, active), revenue if matured else None, quotient(revenue, matured),
    )  # fmt: skip


def _gaps(row: tuple[Any, ...], satisfied: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """Difference of the repurchase rate to satisfied customers with its interval; their additional revenue, per
    customer and in total.
    """
    if satisfied is None or not row[1] or not satisfied[1]:
        return (None,) * 5
    gap = Fraction(row[2], row[1]) - Fraction(satisfied[2], satisfied[1])
    money = satisfied[10] - row[10]
    return float(gap), *newcombe(row[2], row[1], satisfied[2], satisfied[1]), money, cents(money * row[1])


CHECKS: Final = (
    Check("service", "shipments, punctuality, returns", "marts", "order_fulfilment", _fulfilment, "shipping_cost"),
    Check("service", "refunds by reason", "marts", "return_reasons", _reasons, "amount"),
    Check(
        "service",
        "scores, shares, means with intervals",
        "marts",
        "satisfaction_scores",
        _scores,
        also=("satisfaction_by_group",),
    ),
    Check("service", "tickets, times, complaints", "marts", "support_performance", _support),
    Check("service", "later orders by satisfaction", "marts", "satisfaction_by_value", _by_value, "net_revenue"),
)
