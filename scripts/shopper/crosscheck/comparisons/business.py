"""The business by month: KPIs, the revenue tree, and the attention list."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.attention import (
    STAKE_DAYS,
    Finding,
    Series,
    delivery_series,
    filled_template,
    friction,
    funnel_series,
    half_up,
    kpi_series,
    payment_series,
    per_30_days,
    ranked_findings,
    recent_revenue,
    rejection_series,
    unusual_movement,
    windows,
)
from shopper.crosscheck.oracle.business import (
    FACTORS,
    Amount,
    Facts,
    Sales,
    Span,
    change,
    kpi_value,
    parts,
    span_before,
    spans,
    tree,
)
from shopper.crosscheck.oracle.churn import (
    Rules,
    churn_assessments,
    last_year_spend,
    observed_activity,
    winback_reason,
    winback_tier,
)
from shopper.crosscheck.oracle.friction import exposures
from shopper.crosscheck.oracle.gift_cards import Month, gift_card_months
from shopper.crosscheck.oracle.money import ZERO
from shopper.crosscheck.oracle.settings import Row, month_of
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.visits import visits
from shopper.crosscheck.table_diff import keyed


def _kpis(shop: Shop, reader: Reader) -> Sides:
    """Value, comparisons and target of every KPI in every month."""
    columns = (
        "numerator", "denominator", "value", "previous", "change", "year_ago", "year_change", "target", "is_complete",
        "days",
    )  # fmt: skip
    facts, found = Facts(shop), spans(shop)
    targets = {(row["month"], row["kpi"]): row["target"] for row in reader.rows("kpi_targets", "reference")}
    expected: Rows = {}
    for kpi in reader.rows("kpis", "reference"):
        for month, span in found.items():
            periods = (span, span_before(found, span, 1), span_before(found, span, 12))
            amounts = [_amounts(facts, kpi, one) for one in periods]
            now, before, year = (_shown(kpi_value(kpi, *pair)) for pair in amounts)
            target = targets.get((month, kpi["kpi"]))
            expected[month, kpi["kpi"]] = (
                *amounts[0], now, before, change(now, before), year, change(now, year),
                None if target is None else float(target), span.is_over, span.days,
            )  # fmt: skip
    return columns, expected, keyed(reader.rows("kpi_monthly"), ["month", "kpi"], columns)


def _amounts(facts: Facts, kpi: Row, span: Span | None) -> tuple[Amount, Amount]:
    """Numerator and denominator of a KPI over some days."""
    if span is None:
        return None, None
    return facts.amount(kpi["numerator"], span), facts.amount(kpi["denominator"], span) if kpi["denominator"] else None


def _shown(value: Decimal | float | None) -> float | None:
    """Round as the mart does: ratios to ten significant digits; amounts and counts stay exact."""
    if value is None or isinstance(value, (int, Decimal)):
        return None if value is None else float(value)
    return float(f"{value:.10g}")


def _tree(shop: Shop, reader: Reader) -> Sides:
    """The factors of both months, and the contribution of each to the change, in cents."""
    counts = ("customers", "orders", "items", "net_revenue")
    columns = (
        *counts, *FACTORS[1:], *(f"previous_{name}" for name in (*counts, *FACTORS[1:])),
        *(f"{name}_part" for name in FACTORS), "days", "is_complete",
    )  # fmt: skip
    expected: Rows = {}
    found = spans(shop)
    for month, (now, before) in tree(shop, found.values()).items():
        cells: list[Any] = []
        for sales in (now, before):
            cells += _roots(sales) if sales and shop.orders else [None] * 7
        expected[month] = (
            *cells, *(parts(now, before) or (None,) * len(FACTORS)), found[month].days, found[month].is_over,
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("revenue_tree"), ["month"], columns)


def _roots(sales: Sales) -> list[Any]:
    """The counts of a month, and each divided by the one before it in the tree."""
    roots = [Fraction(sales.customers), Fraction(sales.orders), Fraction(sales.items), Fraction(sales.net_revenue)]
    ratios = [float(above / below) if below else None for below, above in pairwise(roots)]
    return [sales.customers, sales.orders, sales.items, sales.net_revenue, *ratios]


def _gift_cards(shop: Shop, reader: Reader) -> Sides:
    """Movements of each month from the first one on, and what is outstanding at its end."""
    columns = ("sold_amount", "refunded_amount", "redeemed_amount", "credited_amount", "outstanding_amount")
    methods = {row["payment_method"] for row in reader.rows("stored_value_methods", "reference")}
    found = gift_card_months(shop, methods)
    has_items, has_payments = (bool(shop.staged.rows[table]) for table in ("order_items", "payments"))
    expected: Rows = {}
    outstanding, as_of = ZERO, shop.staged.period.as_of_date
    month = min(found, default=None)
    while month and as_of and month <= as_of:
        one = found.get(month, Month())
        outstanding += one.sold + one.credited - one.refunded - one.redeemed
        expected[month] = (
            one.sold if has_items else None, one.refunded if has_items else None,
            one.redeemed if has_payments else None, one.credited if has_payments else None,
            outstanding if has_items and has_payments else None,
        )  # fmt: skip
        month = month_of(month + timedelta(days=31))
    return columns, expected, keyed(reader.rows("gift_cards"), ["month"], columns)


def _lapsing(shop: Shop, reader: Reader, rule: Row, as_of: date) -> list[Finding]:
    """Findings on customers of a value tier at risk of churn, among those who may be contacted."""
    rules = Rules.of_seeds(
        reader.rows("churn_signal_rules", "reference"),
        reader.rows("churn_risk_levels", "reference"),
        reader.rows("churn_definition", "reference")[0],
    )
    signals = {row["signal"]: row for row in reader.rows("churn_signal_rules", "reference")}
    actions = {(row["winback_tier"], row["reason"]): row for row in reader.rows("winback_actions", "reference")}
    reachable = {row["customer_id"] for row in reader.rows("winback_candidates")}
    days = int(reader.rows("customer_rules", "reference")[0]["winback_spend_days"])
    settings = shop.staged.settings
    groups: dict[str, list[Decimal]] = defaultdict(list)
    people = observed_activity(shop.sessions, settings)
    for one in churn_assessments(shop.customers.values(), people, rules, as_of, settings).values():
        reason, spend = winback_reason(one, rules), last_year_spend(shop.customers[one.customer_id], days)
        if reason not in {None, "lapsed"} and winback_tier(spend) == rule["watches"] and one.customer_id in reachable:
            groups[str(reason)].append(spend)
    found = []
    for reason, spends in groups.items():
        if len(spends) >= rule["min_base"]:
            action = actions[rule["watches"], reason]
            spent = Fraction(sum(spends))
            words = {
                "figure": str(len(spends)), "usual": f"{half_up(spent, 0)} {settings.reporting_currency}",
                "action": action["recommended_action"],
            }  # fmt: skip
            found.append(
                Finding(
                    rule["rule"], f"{rule['watches']}/{reason}", signals[reason]["label"], signals[reason]["label_zh"],
                    per_30_days(spent, rule["stake_share"], days), words,
                    {"action": action["recommended_action_zh"]},
                )
            )  # fmt: skip
    return found


def _channels(shop: Shop, reader: Reader, rule: Row, as_of: date) -> list[Finding]:
    """Findings on channels with recent spend and a ratio below the rule's limit; the ratio is read from
    channel_efficiency_overall.
    """
    labels = {row["channel"]: row for row in reader.rows("channels", "reference")}
    efficiency_rows = {row["channel"]: row for row in reader.rows("channel_efficiency_overall")}
    spend: dict[str, Decimal] = defaultdict(Decimal)
    for row in reader.rows("int_marketing_spend_channels", "intermediate"):
        if (as_of - row["spend_date"]).days < rule["window_days"]:
            spend[row["channel"]] += row["spend_amount"]
    found = []
    for channel, amount in spend.items():
        row = efficiency_rows[channel]
        is_idle = row["new_customers_on_common_days"] == 0 and row["spend_on_common_days"] > 0
        ratio = 0.0 if is_idle else row["clv_to_cac"]
        if ratio is None or ratio >= rule["threshold"]:
            continue
        label = labels.get(channel, {"label": channel, "label_zh": channel})
        words = {
            "figure": f"{half_up(Fraction(str(ratio)), 1):.1f}", "usual": f"{rule['threshold']:.1f}",
            "spend": f"{half_up(Fraction(amount), 0)} {shop.staged.settings.reporting_currency}",
            "days": str(rule["window_days"]),
        }  # fmt: skip
        wasted = float(amount) * (1 - ratio / float(rule["threshold"]))
        stake = per_30_days(wasted, rule["stake_share"], int(rule["window_days"]))
        found.append(Finding(rule["rule"], channel, label["label"], label["label_zh"], stake, words))
    return found


def _stock(reader: Reader, rule: Row, as_of: date) -> list[Finding]:
    """Findings on products that run out before a delivery can arrive; stock and demand are read from the warehouse."""
    limits = reader.rows("stock_rules", "reference")[0]
    leads = {
        row["item"]: row["lead_time_days"]
        for row in reader.rows("int_item_plans", "intermediate")
        if row["level"] == "product"
    }
    products = {row["product_id"]: row for row in reader.rows("int_products", "intermediate")}
    recent = reader.rows("int_recent_period", "intermediate")[0]
    found = []
    for row in reader.rows("int_product_stock", "intermediate"):
        one, counted = row["product_id"], row["snapshot_date"]
        if one not in leads or counted is None or (as_of - counted).days > limits["snapshot_valid_days"]:
            continue
        if products[one]["is_discontinued"] or not row["demand_days"] or not row["demand_units"]:
            continue
        if row["demand_units"] < rule["min_base"]:
            continue
        stock = Fraction(max(row["on_hand_quantity"], 0)) + Fraction(max(row["on_order_quantity"] or 0, 0))
        cover = stock * row["demand_days"] / Fraction(row["demand_units"])
        horizon = min(leads[one], int(rule["threshold"]))
        if cover < horizon:
            label = products[one]["product_name"] or one
            words = {
                "figure": str(int(cover)), "usual": str(leads[one]),
                "days": str((recent["last_date"] - recent["first_date"]).days + 1),
            }  # fmt: skip
            daily = Fraction(row["demand_net_revenue"]) / row["demand_days"]
            stake = per_30_days(daily * (horizon - cover), rule["stake_share"], STAKE_DAYS)
            found.append(Finding(rule["rule"], one, label, label, stake, words))
    return found


def _watched(shop: Shop, reader: Reader, rule: Row) -> dict[str, Series]:
    """The daily series that a rule watches, by subject."""
    kind = rule["kind"]
    if kind == "kpi_moved":
        kpis = {row["kpi"]: row for row in reader.rows("kpis", "reference")}
        return {rule["watches"]: kpi_series(shop, kpis[rule["watches"]])}
    if kind == "funnel_leak":
        return funnel_series(shop, reader.rows("funnel_steps", "reference"), rule["watches"])
    if kind == "payment_failures":
        return payment_series(shop)
    label = next(row for row in reader.rows("attention_kinds", "reference") if row["kind"] == kind)
    if kind == "late_deliveries":
        deliveries = reader.rows("int_order_deliveries", "intermediate")
        on_time = {row["order_id"]: row["is_on_time"] for row in deliveries}
        return {"all": delivery_series(shop, on_time, label)}
    rejected = reader.rows("quarantined_rows", "audit", where="table_name = 'orders'")
    return {"orders": rejection_series(shop, rejected, label)}


def _findings(shop: Shop, reader: Reader, rules: dict[str, Row], as_of: date) -> list[Finding]:
    """All findings of all rules."""
    currency = shop.staged.settings.reporting_currency
    levels = reader.rows("friction_levels", "reference")
    factors = {row["factor"]: row for row in reader.rows("friction_rules", "reference")}
    met = list(exposures(shop, visits(shop, reader.rows("funnel_steps", "reference"))))
    found: list[Finding | None] = []
    for rule in rules.values():
        if rule["kind"] == "friction":
            found.append(friction(shop, rule, met, levels, factors, as_of))
        elif rule["kind"] == "lapsing_customers":
            found += _lapsing(shop, reader, rule, as_of)
        elif rule["kind"] == "channel_below_payback":
            found += _channels(shop, reader, rule, as_of)
        elif rule["kind"] == "stock_out":
            found += _stock(reader, rule, as_of)
        else:
            watched = _watched(shop, reader, rule)
            found += [unusual_movement(rule, subject, series, as_of, currency) for subject, series in watched.items()]
    return [one for one in found if one]


def _rules(reader: Reader) -> dict[str, Row]:
    return {row["rule"]: row for row in reader.rows("attention_rules", "reference")}


def _windows(shop: Shop, reader: Reader) -> Sides:
    """The windows of every rule, with or without a finding."""
    columns, as_of = ("value", "revenue"), shop.staged.period.as_of_date
    expected: Rows = {}
    for rule in _rules(reader).values():
        if rule["past_windows"] is not None and as_of:
            for subject, series in _watched(shop, reader, rule).items():
                for number, window in windows(rule, series, as_of).items():
                    value = None if window.value is None else half_up(window.value, 8)
                    expected[rule["rule"], subject, number] = (value, window.revenue)
    rows = reader.rows("int_attention_windows", "intermediate")
    return columns, expected, keyed(rows, ["rule", "subject", "window_number"], columns)


def _all_findings(shop: Shop, reader: Reader) -> Sides:
    """Every finding, before small ones are dropped: its labels, figures and value at stake."""
    columns = ("label", "label_zh", "figure", "usual", "value_at_stake")
    as_of = shop.staged.period.as_of_date
    found = _findings(shop, reader, _rules(reader), as_of) if as_of else []
    expected = {
        (one.rule, one.subject): (one.label, one.label_zh, one.words["figure"], one.words["usual"], one.value_at_stake)
        for one in found
    }
    return columns, expected, keyed(reader.rows("int_findings", "intermediate"), ["rule", "subject"], columns)


def _attention(shop: Shop, reader: Reader) -> Sides:
    """The list: findings filtered, one per cause, limited, ranked, with texts."""
    columns = (
        "kind", "rank", "value_at_stake", "evidence", "evidence_zh", "suggested_action", "suggested_action_zh", "mart",
    )  # fmt: skip
    rules, as_of = _rules(reader), shop.staged.period.as_of_date
    kinds = {row["kind"]: row for row in reader.rows("attention_kinds", "reference")}
    found = _findings(shop, reader, rules, as_of) if as_of else []
    expected: Rows = {}
    lengths = {int(row["revenue_days"]) for row in kinds.values()}
    revenue = {days: recent_revenue(shop, as_of, days) for days in lengths} if as_of else {}
    chosen = ranked_findings(found, rules, kinds, revenue)
    for rank, one in enumerate(chosen, 1):
        rule = rules[one.rule]
        words = {**one.words, "subject": one.label}
        words_zh = {**words, "subject": one.label_zh, **one.words_zh}
        expected[f"{one.rule}:{one.subject}"] = (
            rule["kind"], rank, one.value_at_stake, filled_template(rule["evidence"], words),
            filled_template(rule["evidence_zh"], words_zh), filled_template(rule["suggested_action"], words),
            filled_template(rule["suggested_action_zh"], words_zh), kinds[rule["kind"]]["mart"],
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("attention_list"), ["finding_id"], columns)


CHECKS: Final = (
    Check("months", "KPIs, comparisons, targets", "marts", "kpi_monthly", _kpis, "numerator"),
    Check("months", "factors of net revenue and their parts", "marts", "revenue_tree", _tree, "net_revenue"),
    Check("months", "gift cards sold, redeemed, outstanding", "marts", "gift_cards", _gift_cards, "sold_amount"),
    Check("attention", "windows of every rule", "intermediate", "int_attention_windows", _windows, "revenue"),
    Check("attention", "every finding", "intermediate", "int_findings", _all_findings, "value_at_stake"),
    Check("attention", "the list", "marts", "attention_list", _attention, "value_at_stake"),
)
