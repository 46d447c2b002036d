"""Lifetime value: history, formula, models, tiers, backtest."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.comparisons.channels import BY_MONTH_AND_OVERALL
from shopper.crosscheck.oracle.customers import Customer
from shopper.crosscheck.oracle.efficiency import quotient
from shopper.crosscheck.oracle.money import ZERO, total
from shopper.crosscheck.oracle.settings import Row, month_of, months_between
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.value import (
    BgNbd,
    GammaGamma,
    History,
    formula_next_year,
    formula_value,
    history,
    is_largest,
    lifespans,
    order_days,
    orders_per_month,
    payback,
    tiers,
)
from shopper.crosscheck.table_diff import keyed


def _buyers(shop: Shop) -> list[Customer]:
    return list(shop.customers.values()) if shop.staged.period.as_of_date else []


def _histories(shop: Shop) -> dict[str, History]:
    as_of = shop.staged.period.as_of_date
    return {one.customer_id: history(one, as_of) for one in _buyers(shop) if as_of}


def _values(shop: Shop, reader: Reader) -> Sides:
    columns = ("historical_value", "orders_per_month", "expected_lifespan_months", "formula_clv", "acquisition_cost")
    as_of = shop.staged.period.as_of_date
    retention_days = shop.acquisition_rules["retention_days"]
    months = lifespans(_buyers(shop), shop.acquisition_channels, as_of, retention_days) if as_of else {}
    expected: Rows = {}
    for one in _buyers(shop):
        channel = shop.acquisition_channels[one.customer_id]
        expected[one.customer_id] = (
            one.net_revenue_after_refunds, float(orders_per_month(one)), float(months[channel]),
            formula_value(one, months[channel]), shop.channel_efficiency[month_of(one.first_order_date), channel].cac,
        )  # fmt: skip
    rows = reader.rows("customer_lifetime_value", where="model_status <> 'no_orders'")
    return columns, expected, keyed(rows, ["customer_id"], columns)


def _parameters(reader: Reader, model: str) -> tuple[str, dict[str, Any]]:
    """Status and values of a fitted model."""
    rows = [row for row in reader.rows("clv_model_parameters") if row["model"] == model]
    return (rows[0]["status"] if rows else ""), {row["parameter"]: row["value"] for row in rows}


_PARAMETERS: Final = {"bg_nbd": (BgNbd, ("r", "alpha", "a", "b")), "gamma_gamma": (GammaGamma, ("p", "q", "v"))}


def _models(shop: Shop, reader: Reader) -> Sides:
    """The likelihood at the fitted parameters, and whether no neighbouring parameters have a larger one."""
    histories = list(_histories(shop).values())
    known = {"bg_nbd": histories, "gamma_gamma": [one for one in histories if one.paid_repeats]}
    expected: Rows = {}
    actual: Rows = {}
    for name, (kind, parameters) in _PARAMETERS.items():
        status, values = _parameters(reader, name)
        expected[name], actual[name] = (float(len(known[name])), None, None), (values["customers"], None, None)
        if status == "fitted":
            model = kind(*(values[parameter] for parameter in parameters))
            likelihood = sum(map(model.log_likelihood, known[name]))
            expected[name] = (float(len(known[name])), likelihood, True)
            actual[name] = (values["customers"], values["log_likelihood"], is_largest(model, known[name]))
    return ("customers", "log_likelihood", "is_largest"), expected, actual


def _predictions(shop: Shop, reader: Reader) -> Sides:
    """The predictions of the fitted parameters for each customer; money in cents."""
    columns = ("probability_alive", "predicted_orders_365d", "predicted_order_value", "predicted_clv_365d")
    ordered = reader.rows("customer_lifetime_value", where="model_status <> 'no_orders'")
    rows = {row["customer_id"]: row for row in ordered}
    fits = {name: _parameters(reader, name) for name in _PARAMETERS}
    (rhythm_status, rhythm), (spending_status, spending) = fits["bg_nbd"], fits["gamma_gamma"]
    cutoffs = reader.rows("int_clv_cutoffs", "intermediate", where="is_as_of")
    rate = float(cutoffs[0]["monthly_discount_rate"]) if cutoffs else 0.0
    expected: Rows = {}
    for customer_id, one in _histories(shop).items():
        alive = orders = discounted = value = None
        if rhythm_status == "fitted":
            model = BgNbd(*(rhythm[name] for name in ("r", "alpha", "a", "b")))
            alive = model.alive(one)
            orders, discounted = model.expected(one, rate)
        if spending_status == "fitted":
            value = GammaGamma(*(spending[name] for name in ("p", "q", "v"))).order_value(one)
        clv = None if discounted is None or value is None else discounted * value
        row = rows.get(customer_id, {})
        expected[customer_id] = (
            alive, orders, _to_the_cent(value, row.get("predicted_order_value")),
            _to_the_cent(clv, row.get("predicted_clv_365d")),
        )  # fmt: skip
    return columns, expected, keyed(rows.values(), ["customer_id"], columns)


def _to_the_cent(expected: float | None, actual: Decimal | None) -> float | Decimal | None:
    """The warehouse's amount if it equals the rounded expected one, else the expected one."""
    if expected is None or actual is None or abs(expected - float(actual)) > 0.00501:
        return expected
    return actual


def _tiers(shop: Shop, reader: Reader) -> Sides:
    """Value tiers, including prospects, from the values in the warehouse."""
    rows = reader.rows("customer_lifetime_value")
    found = tiers({row["customer_id"]: row["clv"] for row in rows})
    expected = {customer_id: (tier,) for customer_id, tier in found.items()}
    return ("value_tier",), expected, keyed(rows, ["customer_id"], ("value_tier",))


def _outcomes(shop: Shop, reader: Reader) -> Sides:
    """Purchases after the cut-off of customers known then, over all deciles; empty if no model was fitted."""
    columns = ("customers", "actual_orders", "actual_value")
    rows = reader.rows("clv_backtest")
    cutoffs = reader.rows("int_clv_cutoffs", "intermediate", where="not is_as_of")
    if not cutoffs:
        return columns, {}, {}
    cutoff = cutoffs[0]["cutoff_date"]
    fitted = reader.rows(
        "int_clv_fits", "intermediate",
        where=f"cutoff_date = '{cutoff}' and bg_nbd_status = 'fitted' and gamma_gamma_status = 'fitted'",
    )  # fmt: skip
    known = [one for one in _buyers(shop) if one.first_order_date <= cutoff] if fitted else []
    later = [value for one in known for day, value in order_days(one).items() if day > cutoff]
    expected: Rows = {cutoff: (len(known), len(later), total(later))}
    actual: Rows = {
        cutoff: (
            sum(row["customers"] for row in rows), sum(row["actual_orders"] for row in rows),
            total(row["actual_value"] for row in rows),
        )
    }  # fmt: skip
    return columns, expected, actual


def _channels(shop: Shop, reader: Reader) -> Sides:
    """Mean lifetime value of acquired customers, by month and channel and over all months."""
    values = {row["customer_id"]: row["clv"] for row in reader.rows("customer_lifetime_value")}
    members: dict[Any, list[Decimal]] = defaultdict(list)
    for one in _buyers(shop):
        channel = shop.acquisition_channels[one.customer_id]
        for month in (month_of(one.first_order_date), None):
            members[month, channel].append(values.get(one.customer_id) or ZERO)
    expected = {key: (quotient(total(of_one), len(of_one)),) for key, of_one in members.items()}
    rows = reader.together(BY_MONTH_AND_OVERALL, "clv is not null")
    return ("clv",), expected, keyed(rows, ["month", "channel"], ("clv",))


def _acquisition_values(shop: Shop, reader: Reader) -> Sides:
    """Value from acquisition on by customer and by channel, and its margin per unit of acquisition cost."""
    columns = ("clv_from_acquisition", "clv_to_cac")
    as_of = shop.staged.period.as_of_date
    retention_days = shop.acquisition_rules["retention_days"]
    months = lifespans(_buyers(shop), shop.acquisition_channels, as_of, retention_days) if as_of else {}
    ordered = reader.rows("customer_lifetime_value", where="model_status <> 'no_orders'")
    known = {row["customer_id"]: row for row in reader.rows("int_customer_margins", "intermediate")}
    rows = {row["customer_id"]: row for row in ordered}
    expected: Rows = {}
    members: dict[Any, list[str]] = defaultdict(list)
    values: dict[str, Decimal] = {}
    for one in _buyers(shop):
        name, channel = one.customer_id, shop.acquisition_channels[one.customer_id]
        coming = rows[name]["predicted_clv_365d"]
        if rows[name]["model_status"] != "fitted":
            coming = formula_next_year(one, months[channel], as_of or one.last_order_date)
        values[name] = one.net_revenue_after_refunds + coming
        for month in (month_of(one.first_order_date), None):
            members[month, channel].append(name)
        cac = shop.channel_efficiency[month_of(one.first_order_date), channel].cac
        expected[name] = (values[name], _per_cost(values[name], [known[name]] if name in known else [], cac))
    for key, names in members.items():
        mean = quotient(total(values[name] for name in names), len(names))
        margins = [known[name] for name in names if name in known]
        expected[key] = (mean, _per_cost(mean, margins, shop.channel_efficiency[key].cac))
    actual = keyed(rows.values(), ["customer_id"], columns)
    channels = reader.together(BY_MONTH_AND_OVERALL, where="clv is not null")
    return columns, expected, {**actual, **keyed(channels, ["month", "channel"], columns)}


def _per_cost(value: Decimal | None, margins: list[Row], cac: Decimal | None) -> float | None:
    """Value at the margin rate of the lines of known cost (1 without revenue from such lines), per unit of cost."""
    if value is None or not cac or cac <= 0:
        return None
    revenue = total(row["covered_net_revenue_after_refunds"] for row in margins)
    rate = Fraction(total(row["covered_gross_margin"] for row in margins)) / Fraction(revenue) if revenue > 0 else 1
    return float(Fraction(value) * rate / Fraction(cac))


def _paybacks(shop: Shop, reader: Reader) -> Sides:
    """Payback in months, from the margins by order in the warehouse."""
    as_of = shop.staged.period.as_of_date
    margins: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for row in reader.rows("int_orders_valued", "intermediate", where="is_valid"):
        if row["customer_id"] in shop.customers and (row["covered_net_revenue"] or row["covered_gross_margin"]):
            age = months_between(shop.customers[row["customer_id"]].first_order_date, row["order_date"])
            margins[row["customer_id"]][age] += row["covered_gross_margin"]
    members: dict[Any, list[Customer]] = defaultdict(list)
    for one in _buyers(shop):
        for month in (month_of(one.first_order_date), None):
            members[month, shop.acquisition_channels[one.customer_id]].append(one)
    expected: Rows = {}
    for key, of_one in members.items():
        cac = shop.channel_efficiency[key].cac
        expected[key] = (None if cac is None or as_of is None else payback(of_one, margins, cac, as_of),)
    rows = reader.together(BY_MONTH_AND_OVERALL, "new_customers > 0")
    return ("payback_months",), expected, keyed(rows, ["month", "channel"], ("payback_months",))


CHECKS: Final = (
    Check("value", "history, formula, acquisition cost", "marts", "customer_lifetime_value", _values, "formula_clv"),
    Check("value", "value from acquisition on", "marts", "customer_lifetime_value", _acquisition_values),
    Check("value", "maximum likelihood of the models", "marts", "clv_model_parameters", _models),
    Check("value", "predictions at the fitted parameters", "marts", "customer_lifetime_value", _predictions),
    Check("value", "tiers by share of value above", "marts", "customer_lifetime_value", _tiers),
    Check("value", "purchases after the cut-off", "marts", "clv_backtest", _outcomes, "actual_value"),
    Check(
        "value",
        "mean value by month and channel",
        "marts",
        "channel_efficiency",
        _channels,
        also=("channel_efficiency_overall",),
    ),
    Check(
        "value",
        "payback by month and channel",
        "marts",
        "channel_efficiency",
        _paybacks,
        also=("channel_efficiency_overall",),
    ),
)
