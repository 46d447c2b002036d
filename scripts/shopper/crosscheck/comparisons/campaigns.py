"""Campaigns, promotions, promotion sensitivity, and best hours to send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.comparisons.churn import profiles
from shopper.crosscheck.oracle.campaigns import (
    NOT_TOLD,
    Deviation,
    Effect,
    Lift,
    Promotion,
    age_band,
    best_start,
    campaign_cost,
    credited_orders,
    hours,
    is_final,
    landed_outcomes,
    lifts,
    messages,
    order_codes,
    orders_without,
    promotion_effects,
    promotions,
)
from shopper.crosscheck.oracle.efficiency import ratio
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import CENT, ZERO, total
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_MESSAGE_COLUMNS: Final = (
    "sent", "recipients", "delivered", "bounced", "opened", "clicked", "unsubscribed", "delivery_rate", "bounce_rate",
    "open_rate", "click_rate", "click_to_open_rate", "unsubscribe_rate",
)  # fmt: skip
_RESULT_COLUMNS: Final = (
    "campaign_name", "attributed_orders", "attributed_customers", "attributed_revenue", "attributed_margin",
    "attributed_covered_revenue", "margin_covered_share", "cost", "roi", "is_known", "is_complete",
)  # fmt: skip
_LIFT_COLUMNS: Final = (
    "holdout_experiment_id", "treated_units", "treated_buyers", "treated_conversion_rate", "holdout_units",
    "holdout_buyers", "holdout_conversion_rate", "incremental_conversion_rate", "incremental_conversion_rate_low",
    "incremental_conversion_rate_high", "incremental_orders", "incremental_orders_low", "incremental_orders_high",
)  # fmt: skip
_REVENUE_COLUMNS: Final = ("incremental_revenue", "incremental_revenue_low", "incremental_revenue_high")
_NOBODY: Final[Row] = dict.fromkeys(("campaign_name", "started_at", "ended_at", "cost", "currency"))


def _cents(amount: Fraction | float) -> Decimal:
    """Round to cents, half away from zero."""
    exact = Fraction(amount)
    units = (abs(exact) * 200 + 1) // 2
    return (units if exact >= 0 else -units) * CENT


def _mean(amount: Decimal, count: int) -> Decimal | None:
    return _cents(Fraction(amount) / count) if count else None


class _Margins:
    """Margin and covered revenue by order, read from the warehouse."""

    def __init__(self, shop: Shop, reader: Reader) -> None:
        self._rows = {row["order_id"]: row for row in reader.rows("orders")}
        rows = shop.staged.rows
        self.has_costs = bool(rows["order_items"]) and any(
            row["unit_cost"] is not None for table in ("order_items", "products") for row in rows[table]
        )

    def covered(self, orders: Iterable[Order]) -> Decimal:
        return total(self._rows[order.order_id]["covered_net_revenue"] for order in orders)

    def covered_margin(self, orders: Iterable[Order]) -> Decimal:
        return total(self._rows[order.order_id]["covered_gross_margin"] or ZERO for order in orders)

    def margin(self, orders: list[Order]) -> Decimal | None:
        """The margin of the orders; None if the cost of all revenue, or any cost of the shop, is unknown."""
        rows = [self._rows[order.order_id] for order in orders]
        is_known = any(row["covered_net_revenue"] or row["covered_gross_margin"] for row in rows)
        return self.covered_margin(orders) if is_known or (not orders and self.has_costs) else None


def _all_campaigns(shop: Shop) -> dict[str, Row | None]:
    """The landed row by campaign; None for a campaign that occurs only in messages."""
    found: dict[str, Row | None] = {row["campaign_id"]: None for row in shop.staged.rows["messages"]}
    return found | {row["campaign_id"]: row for row in shop.staged.rows["campaigns"]}


def _messages(shop: Shop, reader: Reader) -> Sides:
    sent, outcomes = messages(shop), landed_outcomes(shop)
    expected: Rows = {}
    for campaign_id in _all_campaigns(shop):
        own = [message for message in sent if message.row["campaign_id"] == campaign_id]
        delivered = sum(message.is_delivered for message in own)
        counts: dict[str, int | None] = {
            "bounced_at": sum(message.is_bounced for message in own),
            "opened_at": sum(message.is_opened for message in own),
            "clicked_at": sum(message.row["clicked_at"] is not None for message in own),
            "unsubscribed_at": sum(message.row["unsubscribed_at"] is not None for message in own),
        }
        bounced, opened, clicked, left = (count if outcome in outcomes else None for outcome, count in counts.items())
        expected[campaign_id] = (
            *((len(own), len({one.customer_id for one in own}), delivered) if sent else (None, None, None)),
            bounced, opened, clicked, left, ratio(delivered, len(own)), _rate(bounced, len(own)),
            _rate(opened, delivered), _rate(clicked, delivered), _rate(clicked, opened), _rate(left, delivered),
        )  # fmt: skip
    return _MESSAGE_COLUMNS, expected, keyed(reader.rows("campaign_performance"), ["campaign_id"], _MESSAGE_COLUMNS)


def _rate(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else ratio(part, whole)


def _results(shop: Shop, reader: Reader) -> Sides:
    days = int(reader.rows("campaign_rules", "reference")[0]["attribution_days"])
    sent, margins, end = messages(shop), _Margins(shop, reader), shop.staged.period.as_of_end_at
    credited = credited_orders(shop, sent, days)
    is_landed = "clicked_at" in landed_outcomes(shop) and bool(shop.orders)
    expected: Rows = {}
    for campaign_id, landed in _all_campaigns(shop).items():
        row = landed or _NOBODY
        own = credited.get(campaign_id, [])
        last = max((one.row["sent_at"] for one in sent if one.row["campaign_id"] == campaign_id), default=None)
        cost, final = campaign_cost(shop, row), end is not None and is_final(row, last, days, end)
        margin = margins.margin(own) if is_landed else None
        roi = ratio(margin - cost, cost) if final and cost is not None and margin is not None else None
        revenue, covered = total(order.net_revenue for order in own), margins.covered(own)
        facts = (len(own), len({order.customer_id for order in own}), revenue, margin, covered)
        expected[campaign_id] = (
            row["campaign_name"], *(facts if is_landed else (None,) * 5),
            ratio(covered, revenue) if is_landed else None, cost, roi, landed is not None, final,
        )  # fmt: skip
    return _RESULT_COLUMNS, expected, keyed(reader.rows("campaign_performance"), ["campaign_id"], _RESULT_COLUMNS)


def _lifts(shop: Shop, reader: Reader) -> Sides:
    columns = (*_LIFT_COLUMNS, *_REVENUE_COLUMNS)
    rules = reader.rows("experiment_rules", "reference")[0]
    known = set(_all_campaigns(shop))
    expected = {name: _lift_cells(lift) for name, lift in lifts(shop, rules).items() if name in known}
    rows = reader.rows("campaign_performance", where="holdout_experiment_id is not null")
    return columns, expected, keyed(rows, ["campaign_id"], columns)


def _lift_cells(lift: Lift) -> tuple[Any, ...]:
    rate, orders, revenue = (
        lift.contrasts.get(metric) for metric in ("conversion_rate", "orders_per_unit", "revenue_per_unit")
    )
    count = lift.treated_units
    return (
        lift.experiment_id, count, lift.treated_buyers, _rate(lift.treated_buyers, count),
        lift.holdout_units, lift.holdout_buyers, _rate(lift.holdout_buyers, lift.holdout_units),
        *((rate.difference, rate.low, rate.high) if rate else (None,) * 3),
        *(_times(value, count) for value in ((orders.difference, orders.low, orders.high) if orders else (None,) * 3)),
        *(
            None if value is None or count is None else _cents(round(value * count, 6))
            for value in ((revenue.difference, revenue.low, revenue.high) if revenue else (None,) * 3)
        ),
    )  # fmt: skip


def _times(value: float | None, count: int | None) -> float | None:
    return None if value is None or count is None else value * count


_SALE_COLUMNS: Final = (
    "promotion_name", "orders", "orders_outside_dates", "customers", "new_customers", "new_customer_share",
    "gross_amount", "item_discount_amount", "order_discount_amount", "discount_cost", "discount_share",
    "shipping_discount_amount", "net_revenue", "aov", "orders_without", "net_revenue_without", "aov_without",
    "margin_after_discount", "covered_net_revenue", "margin_covered_share", "margin_rate",
    "covered_gross_margin_without", "covered_net_revenue_without", "margin_rate_without", "is_known", "is_complete",
    "start_date", "end_date",
)  # fmt: skip
_EFFECT_COLUMNS: Final = (
    "promotion_days", "other_promotions", "regular_net_revenue", "period_net_revenue", "uplift_amount",
    "uplift_amount_low", "uplift_amount_high", "regular_net_revenue_after", "net_revenue_after", "change_after_amount",
    "change_after_amount_low", "change_after_amount_high", "net_effect_amount", "net_effect_amount_low",
    "net_effect_amount_high", "is_effect_plausible",
)  # fmt: skip


def _gross(orders: Iterable[Order]) -> Decimal:
    return total(order.net_revenue + order.item_discount_amount + order.order_discount_amount for order in orders)


def _promotions(shop: Shop, reader: Reader) -> Sides:
    margins = _Margins(shop, reader)
    firsts = {customer.orders[0].order_id for customer in shop.customers.values()}
    expected = {one.code: _sales(shop, one, margins, firsts) for one in promotions(shop)}
    return _SALE_COLUMNS, expected, keyed(reader.rows("promotion_performance"), ["promotion_code"], _SALE_COLUMNS)


def _sales(shop: Shop, promotion: Promotion, margins: _Margins, firsts: set[str]) -> tuple[Any, ...]:
    own, others, as_of = promotion.orders, orders_without(shop, promotion), shop.staged.period.as_of_date
    first, last = promotion.days(shop.staged.settings)
    outside = [order for order in own if (first and order.order_date < first) or (last and order.order_date > last)]
    people, new = {order.customer_id for order in own} - {UNKNOWN}, sum(order.order_id in firsts for order in own)
    of_items = total(one.item for one in promotion.discounts)
    of_orders = total(one.order for one in promotion.discounts)
    of_shipping = total(one.shipping for one in promotion.discounts)
    gross, revenue, covered = _gross(own), total(order.net_revenue for order in own), margins.covered(own)
    without, rest, covered_rest = (
        total(order.net_revenue for order in others), margins.covered_margin(others), margins.covered(others),
    )  # fmt: skip
    facts = (
        len(own), len(outside), len(people), new, ratio(new, len(people)), gross, of_items, of_orders,
        of_items + of_orders, ratio(of_items + of_orders, gross), of_shipping, revenue, _mean(revenue, len(own)),
    )  # fmt: skip
    after = (margins.margin(own), covered, ratio(covered, revenue), ratio(margins.covered_margin(own), covered))
    return (
        promotion.row["promotion_name"] if promotion.row else None,
        *(facts if shop.orders else (None,) * 13),
        *((len(others), without, _mean(without, len(others))) if shop.orders else (None,) * 3),
        *(after if shop.orders else (None,) * 4),
        *((rest if margins.has_costs else None, covered_rest) if shop.orders else (None,) * 2),
        ratio(rest, covered_rest),
        promotion.row is not None, None if last is None or as_of is None else last <= as_of, first, last,
    )  # fmt: skip


def _effects(shop: Shop, reader: Reader) -> Sides:
    rules = reader.rows("promotion_rules", "reference")[0]
    sold = {one.code: total(order.net_revenue for order in one.orders) for one in promotions(shop)}
    expected = {
        code: (*_effect_cells(effect), max(_cents(effect.during.amount), _effect_cells(effect)[-3]) <= sold[code])
        for code, effect in promotion_effects(shop, rules).items()
    }
    rows = reader.rows("promotion_performance", where="promotion_days is not null")
    return _EFFECT_COLUMNS, expected, keyed(rows, ["promotion_code"], _EFFECT_COLUMNS)


def _effect_cells(effect: Effect) -> tuple[Any, ...]:
    amounts = [_cents(one.amount) for one in (effect.during, effect.after)]
    return (
        effect.days, effect.others,
        _cents(effect.during.expected), effect.during.revenue, amounts[0], *_ends(effect.during),
        _cents(effect.after.expected), effect.after.revenue, amounts[1], *_ends(effect.after),
        sum(amounts), *_ends(effect.both),
    )  # fmt: skip


def _ends(deviation: Deviation) -> tuple[Decimal | None, Decimal | None]:
    if deviation.reach is None:
        return None, None
    return _cents(float(deviation.amount) - deviation.reach), _cents(float(deviation.amount) + deviation.reach)


def _sensitivity(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "customers", "promotion_customers", "orders", "promotion_orders", "promotion_order_share", "promotion_index",
        "gross_amount", "promotion_gross_amount", "promotion_discount_amount", "discount_share", "discount_depth",
        "promotion_net_revenue",
    )  # fmt: skip
    bought, promoted = _segment_orders(shop)
    everybody = sum(map(len, bought.values()))
    expected: Rows = {}
    for segment, own in bought.items():
        for kind in {kind for _, kind in promoted}:
            orders = promoted.get((segment, kind), [])
            all_orders = sum(len(found) for (_, other), found in promoted.items() if other == kind)
            gross, deep = _gross(own), _gross(orders)
            given = total(one.item_discount_amount + one.order_discount_amount for one in orders)
            expected[segment, kind] = (
                len({order.customer_id for order in own}), len({order.customer_id for order in orders}),
                len(own), len(orders), ratio(len(orders), len(own)),
                ratio(len(orders) * everybody, len(own) * all_orders), gross, deep, given,
                ratio(given, gross), ratio(given, deep), total(order.net_revenue for order in orders),
            )  # fmt: skip
    rows = reader.rows("promotion_sensitivity")
    return columns, expected, keyed(rows, ["rfm_segment", "promotion_type"], columns)


def _segment_orders(shop: Shop) -> tuple[dict[str, list[Order]], dict[tuple[str, str], list[Order]]]:
    """Valid orders in the RFM window by segment, and by segment and promotion type."""
    as_of, window = shop.staged.period.as_of_date, shop.staged.settings.rfm_window_days
    kinds = {row["promotion_code"]: row["promotion_type"] for row in shop.staged.rows["promotions"]}
    codes = order_codes(shop)
    bought: dict[str, list[Order]] = defaultdict(list)
    promoted: dict[tuple[str, str], list[Order]] = defaultdict(list)
    for customer_id, standing in shop.rfm.items():
        for order in shop.customers[customer_id].orders:
            if as_of is not None and (as_of - order.order_date).days < window:
                segment = standing.rfm_segment or "unscored"
                bought[segment].append(order)
                if order.order_id in codes:
                    promoted[segment, kinds.get(codes[order.order_id]) or NOT_TOLD].append(order)
    return dict(bought), dict(promoted)


def _send_times(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "sessions", "activity_share", "orders", "orders_share", "best_window_start_hour", "is_best_window", "delivered",
        "opened", "open_rate", "delivered_inside", "opened_inside", "open_rate_inside", "delivered_outside",
        "opened_outside", "open_rate_outside",
    )  # fmt: skip
    as_of, bands = shop.staged.period.as_of_date, reader.rows("age_bands", "reference")
    genders, births = profiles(shop, "gender"), profiles(shop, "birth_date")

    def describe(customer_id: str) -> tuple[str, str]:
        assert as_of is not None
        return genders.get(customer_id) or NOT_TOLD, age_band(births.get(customer_id), as_of, bands)

    found, lands_opens = hours(shop, describe), "opened_at" in landed_outcomes(shop)
    lands_messages = bool(shop.staged.rows["messages"])
    expected: Rows = {}
    groups = {key[:2] for counter in (found.sessions, found.orders, found.delivered) for key in counter}
    for group in groups:
        start = best_start(found, *group)
        best = set() if start is None else {start, (start + 1) % 24}
        keys = [(*group, hour) for hour in range(24)]
        visits, buys = sum(found.sessions[key] for key in keys), sum(found.orders[key] for key in keys)
        sides: list[Any] = []
        for is_inside in (True, False):
            own = [key for key in keys if (key[2] in best) is is_inside]
            sent: int | None = sum(found.delivered[key] for key in own) if best and lands_messages else None
            read: int | None = sum(found.opened[key] for key in own) if best and lands_opens else None
            sides += [sent, read, _rate(read, sent)]
        for key in keys:
            read = found.opened[key] if lands_opens else None
            expected[key] = (
                found.sessions[key] if shop.sessions else None, _rate(found.sessions[key], visits),
                found.orders[key] if shop.orders else None, _rate(found.orders[key], buys),
                start, key[2] in best if best else None, found.delivered[key] if lands_messages else None, read,
                _rate(read, found.delivered[key]), *sides,
            )  # fmt: skip
    return columns, expected, keyed(reader.rows("send_time_preferences"), ["gender", "age_band", "hour"], columns)


CHECKS: Final = (
    Check("campaigns", "messages and their rates", "marts", "campaign_performance", _messages, "sent"),
    Check("campaigns", "last clicks, cost, return", "marts", "campaign_performance", _results, "attributed_revenue"),
    Check("campaigns", "lift by holdouts", "marts", "campaign_performance", _lifts, "treated_units"),
    Check("promotions", "sales, discounts, margin", "marts", "promotion_performance", _promotions, "net_revenue"),
    Check("promotions", "effects on the days around them", "marts", "promotion_performance", _effects, "uplift_amount"),
    Check(
        "promotions",
        "promotion sensitivity by segment",
        "marts",
        "promotion_sensitivity",
        _sensitivity,
        "promotion_orders",
    ),
    Check("campaigns", "best hours to send", "marts", "send_time_preferences", _send_times, "sessions"),
)
