"""Truths of channels, prices, seasons, experiments and service."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from shopper.generate.catalogue import PRICE_MOVES
from shopper.generate.clock import AS_OF, DAY_SECONDS, DAYS, MONTH_DAYS, WEEKS, date_of, day_of, local_day, month_number
from shopper.generate.raw_shop import Customer, RawShop, Visit, acquisition_channel
from shopper.generate.service import PROCESS_CHANGE
from shopper.generate.valid_rows import moment_of, number_of, read

_MARKS: Final = {
    "0101": "elasticity_cleanser",
    "0406": "elasticity_bottle",
    "0601": "elasticity_tissue",
    "0701": "elasticity_coffee",
}


def channels(shop: RawShop, folder: Path) -> dict[str, float]:
    """Acquisition cost, repurchase, retention and conversion by channel."""
    by_order = {id(order): visit for visit in shop.visits for order in visit.orders}
    new_customers: dict[str, list[Customer]] = defaultdict(list)
    for customer in shop.buyers:
        new_customers[acquisition_channel(customer, by_order)].append(customer)
    spend = {
        channel: sum(
            float(number_of(row["spend"]) or 0)
            for row in read(folder, "marketing_spend")
            if row["platform"] == channel and not row["utm_medium"]
        )
        for channel in ("app", "mini_program")
    }

    def repurchase(channel: str) -> float:
        mature = [one for one in new_customers[channel] if one.first.day <= AS_OF - 90]
        return sum(any(0 < order.day - one.first.day <= 90 for order in one.orders) for one in mature) / len(mature)

    old = [one for one in new_customers["marketplace"] if one.first.day <= AS_OF - 180]
    return {
        "app_cac_ratio": spend["app"]
        / len(new_customers["app"])
        / (spend["mini_program"] / len(new_customers["mini_program"])),
        "app_repurchase_rate": repurchase("app"),
        "mini_program_repurchase_ratio": repurchase("mini_program") / repurchase("app"),
        "marketplace_retention": sum((one.last.day - one.first.day) / MONTH_DAYS for one in old) / len(old),
        "marketplace_conversion": _new_visitor_conversion(shop, "marketplace"),
    }


def _new_visitor_conversion(shop: RawShop, channel: str) -> float:
    orders: dict[str, list[int]] = defaultdict(list)
    for order in shop.valid:
        orders[order.customer or ""].append(order.placed_at)
    firsts: dict[str, Visit] = {}
    for visit in sorted(shop.visits, key=lambda one: one.start):
        if not visit.is_bot:
            firsts.setdefault(visit.row["visitor_id"] or "", visit)
    mature = [one for one in firsts.values() if one.channel == channel and one.day <= AS_OF - 30]
    bought = [one for one in mature if any(0 <= at - one.start <= 30 * DAY_SECONDS for at in orders[one.person])]
    return len(bought) / len(mature)


def prices(shop: RawShop, _: Path) -> dict[str, float]:
    """Elasticities: Poisson regression of weekly units on log price with month effects, by iteratively reweighted least
    squares.
    """
    result = {}
    for moves in PRICE_MOVES:
        units, money = [0.0] * WEEKS, [0.0] * WEEKS
        for order in shop.valid:
            for product, quantity, net in order.lines:
                if product == moves.product_id and order.day // 7 < WEEKS:
                    units[order.day // 7] += float(quantity)
                    money[order.day // 7] += float(net)
        weeks = [week for week in range(WEEKS) if units[week]]
        months = sorted({month_number(week * 7) for week in weeks})
        design = np.array(
            [
                [np.log(money[week] / units[week])] + [float(month_number(week * 7) == month) for month in months]
                for week in weeks
            ]
        )
        result[_MARKS[moves.product_id]] = _poisson(design, np.array([units[week] for week in weeks]))
    return result


def _poisson(design: np.ndarray[Any, Any], counts: np.ndarray[Any, Any]) -> float:
    beta = np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0]
    for _ in range(50):
        mean = np.exp(design @ beta)
        step = np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (counts - mean))
        beta = beta + step
        if float(np.abs(step).max()) < 1e-10:
            break
    return float(beta[0])


def seasons(shop: RawShop, _: Path) -> dict[str, float]:
    """Seasonal indices of categories by calendar month."""
    daily: dict[str, list[float]] = defaultdict(lambda: [0.0] * DAYS)
    for order in shop.valid:
        for product, net in order.line_nets():
            daily[shop.category(product)][order.day] += float(net)

    def index(category: str, month: int) -> float:
        days = [day for day in range(DAYS) if date_of(day).month == month]
        return sum(daily[category][day] for day in days) / len(days) / (sum(daily[category]) / DAYS)

    return {
        "season_books_september": index("books", 9),
        "season_clothing_november": index("clothing", 11),
        "season_food_january": index("food", 1),
    }


def experiments(shop: RawShop, folder: Path) -> dict[str, float]:
    """Differences of conversion rates; orders over the whole period."""
    ends = {row["experiment_id"]: moment_of(row["ended_at"]) or 0 for row in read(folder, "experiment_variants")}
    by_customer, by_visitor = defaultdict(list), defaultdict(list)
    for order in shop.valid:
        by_customer[order.customer].append(order.placed_at)
        by_visitor[order.row["visitor_id"]].append(order.placed_at)
    units: dict[tuple[str, str], list[bool]] = defaultdict(list)
    seen = Counter((row["experiment_id"], row["unit_id"]) for row in read(folder, "experiment_assignments"))
    for row in read(folder, "experiment_assignments"):
        test, unit, at = row["experiment_id"] or "", row["unit_id"], moment_of(row["assigned_at"]) or 0
        if seen[(test, unit)] == 1:
            moments = by_visitor[unit] if test in ("exp-aa-2024", "exp-banner-split") else by_customer[unit]
            units[(test, row["variant"] or "")].append(any(at < moment < ends[test] for moment in moments))

    def rate(test: str, variant: str) -> float:
        return sum(units[(test, variant)]) / len(units[(test, variant)])

    split = {variant: len(units[("exp-banner-split", variant)]) for variant in ("control", "treatment")}
    return {
        "experiment_effect": rate("exp-one-page-checkout", "treatment") - rate("exp-one-page-checkout", "control"),
        "aa_difference": rate("exp-aa-2024", "treatment") - rate("exp-aa-2024", "control"),
        "broken_split_share": split["control"] / sum(split.values()),
        "campaign_lift": rate("exp-spring-holdout", "mailed") - rate("exp-spring-holdout", "holdout"),
    }


def support(_: RawShop, folder: Path) -> dict[str, float]:
    """Median minutes to the first response, and NPS."""
    change = day_of(PROCESS_CHANGE)
    minutes: dict[bool, list[float]] = {True: [], False: []}
    for row in read(folder, "support_tickets"):
        opened, answered = moment_of(row["opened_at"]), moment_of(row["first_response_at"])
        if opened is not None and answered is not None and row["handled_by"] == "human":
            minutes[local_day(opened) >= change].append((answered - opened) / 60)
    scores = [
        int(row["score"]) for row in read(folder, "survey_responses") if row["survey_type"] == "nps" and row["score"]
    ]
    scores = [score for score in scores if score <= 10]
    return {
        "response_minutes_before": median(minutes[False]),
        "response_minutes_after": median(minutes[True]),
        "nps": (sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)) / len(scores),
    }
