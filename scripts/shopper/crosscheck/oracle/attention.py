"""Second computation of the attention list: unusual movements, friction, customer groups, texts and ranks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Final

from shopper.crosscheck.oracle.business import Amount, Facts, Span
from shopper.crosscheck.oracle.friction import Exposure, digits
from shopper.crosscheck.oracle.friction_contrasts import chance, clustered
from shopper.crosscheck.oracle.funnel import observed_steps, read_steps, session_entries, session_moments
from shopper.crosscheck.oracle.money import ZERO, product, total
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.visits import payment_outcome

STAKE_DAYS: Final = 30
_ROBUST: Final = Fraction("1.4826")


@dataclass
class Day:
    """Numerator and denominator of a watched subject on a day, and the revenue that depends on it."""

    numerator: Fraction
    denominator: Fraction | None
    revenue: Decimal


@dataclass
class Series:
    """A watched subject: its labels, its unit, and its days."""

    label: str
    label_zh: str
    unit: str
    is_higher_better: bool
    days: dict[date, Day] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A finding, with the words that fill the templates of its rule."""

    rule: str
    subject: str
    label: str
    label_zh: str
    value_at_stake: Decimal
    words: Mapping[str, str]
    words_zh: Mapping[str, str] = field(default_factory=dict)


def half_up(number: Fraction, places: int) -> Decimal:
    """Round a number to so many decimal places, half away from zero."""
    scaled = abs(number) * 10**places + Fraction(1, 2)
    amount = Decimal(scaled.numerator // scaled.denominator).scaleb(-places)
    return amount if number >= 0 else -amount


def percent(share: Fraction | float) -> str:
    """A share of 0 to 1 as text in percent."""
    exact = Fraction(share) if isinstance(share, Fraction) else Fraction(str(share))
    return f"{half_up(exact * 100, 1):.1f} %"


def per_30_days(amount: Fraction | float, stake_share: Decimal, days: int) -> Decimal:
    """An amount over `days` days, scaled to 30 days and multiplied by the share at stake."""
    exact = Fraction(amount) * Fraction(stake_share) * STAKE_DAYS / days
    return half_up(exact, 2)


def kpi_series(shop: Shop, kpi: Row) -> Series:
    """A KPI by day. A day has no value if the shop does not land the tables that the KPI needs."""
    facts, series = Facts(shop), Series(kpi["label"], kpi["label_zh"], kpi["unit"], kpi["is_higher_better"])
    outages = shop.coverage.outage_days("traffic" if kpi["numerator"] == "sessions" else "orders")
    for day, row in shop.days.items():
        if day in outages:
            continue
        span = Span(day.replace(day=1), day, day)
        numerator = facts.amount(kpi["numerator"], span)
        denominator = facts.amount(kpi["denominator"], span) if kpi["denominator"] else None
        if numerator is not None:
            series.days[day] = Day(Fraction(numerator), _exact(denominator), row.net_revenue or ZERO)
            if kpi["denominator"] and denominator is None:
                series.days[day].denominator = Fraction(0)
    return series


def _exact(amount: Amount) -> Fraction | None:
    return None if amount is None else Fraction(amount)


def funnel_series(shop: Shop, rows: Sequence[Row], funnel: str) -> dict[str, Series]:
    """By day: sessions that reached each required step, out of those that reached the required step before."""
    all_steps, placed = read_steps(rows, funnel), shop.placed_orders()
    moments = {one.number: session_moments(one, placed.get(one.number, []), all_steps) for one in shop.sessions}
    steps = observed_steps(moments.values(), all_steps)
    first = next((step for step in all_steps if step.is_required), None)
    if first not in steps:
        return {}
    names = {(row["funnel"], int(row["step_number"])): row for row in rows}
    required = [step for step in steps if step.is_required]
    found: dict[str, Series] = {}
    outages = shop.coverage.outage_days("orders")
    entries = session_entries(moments, shop.sessions, steps)
    for before, step in pairwise(required):
        row = names[funnel, step.number]
        series = found[f"{funnel}/{step.name}"] = Series(row["label"], row["label_zh"], "rate", True)
        for day in shop.days.keys() - outages:
            series.days[day] = Day(Fraction(0), Fraction(0), shop.days[day].net_revenue or ZERO)
        for entry in entries:
            if before.number in entry.reached and entry.session.session_date not in outages:
                cell = series.days[entry.session.session_date]
                cell.numerator += step.number in entry.reached
                cell.denominator = (cell.denominator or Fraction(0)) + 1
    return found


def payment_series(shop: Shop) -> dict[str, Series]:
    """Successful payment attempts out of those that succeeded or failed, by method and day, without pending ones."""
    staged, found = shop.staged, dict[str, Series]()
    tests = {order.order_id for order in shop.orders if order.is_test}
    for row in staged.rows["payments"]:
        outcome = payment_outcome(row["status"])
        if row["order_id"] in tests or outcome == "pending":
            continue
        method, day = row["payment_method"] or "unknown", staged.settings.local_date(row["attempted_at"])
        series = found.setdefault(method, Series(method, method, "rate", True))
        cell = series.days.setdefault(day, Day(Fraction(0), Fraction(0), ZERO))
        cell.denominator = (cell.denominator or Fraction(0)) + 1
        if outcome == "succeeded":
            cell.numerator += 1
            if row["amount"] is not None:
                cell.revenue += product(row["amount"], staged.rates.on(row["currency"], day) or Decimal(1))
    return found


def delivery_series(shop: Shop, on_time: Mapping[str, bool | None], label: Row) -> Series:
    """Valid orders that were late or are overdue, out of those delivered or due, by day of the order."""
    series = Series(label["label"], label["label_zh"], "rate", False)
    for order in shop.orders:
        if order.is_valid and on_time.get(order.order_id) is not None:
            cell = series.days.setdefault(order.order_date, Day(Fraction(0), Fraction(0), ZERO))
            cell.numerator += not on_time[order.order_id]
            cell.denominator = (cell.denominator or Fraction(0)) + 1
            cell.revenue += order.net_revenue
    return series


def rejection_series(shop: Shop, rejected: Iterable[Row], label: Row) -> Series:
    """Orders in quarantine out of those landed, by day. Rows after the as-of date and rows that
    the shop deleted are not counted as rejected.
    """
    series, settings = Series(label["label"], label["label_zh"], "rate", False), shop.staged.settings
    landed = [(row["ordered_at"], False) for row in shop.staged.rows["orders"]]
    landed += [
        (row["event_at"], True)
        for row in rejected
        if not row["rejection_reason"].endswith("after_as_of") and row["rejection_reason"] != "deleted_at_source"
    ]
    for moment, is_rejected in landed:
        day = settings.local_date(moment) if moment else None
        if day in shop.days:
            cell = series.days.setdefault(day, Day(Fraction(0), Fraction(0), shop.days[day].net_revenue or ZERO))
            cell.numerator += is_rejected
            cell.denominator = (cell.denominator or Fraction(0)) + 1
    return series


@dataclass(frozen=True)
class Window:
    """Some days of a subject: sum or ratio (None if the denominator is 0), denominator of a ratio, revenue, how many
    days.
    """

    value: Fraction | None
    cases: Fraction | None
    revenue: Decimal
    days: int

    @classmethod
    def of(cls, days: Sequence[Day]) -> Window:
        revenue = total(day.revenue for day in days)
        numerator = sum((day.numerator for day in days), Fraction(0))
        if days[0].denominator is None:
            return cls(numerator, None, revenue, len(days))
        cases = sum((day.denominator or Fraction(0) for day in days), Fraction(0))
        return cls(Fraction(half_up(numerator / cases, 8)) if cases else None, cases, revenue, len(days))

    def is_reliable(self, rule: Row) -> bool:
        """Whether there is a value: a ratio of at least the rule's number of cases, or a sum of all days."""
        if self.cases is None:
            return self.days == int(rule["window_days"])
        return self.value is not None and self.cases >= int(rule["min_base"])


def windows(rule: Row, series: Series, as_of: date) -> dict[int, Window]:
    """Windows of the rule's length back from the as-of date (0 is the last one), until the first day with data."""
    length, found = int(rule["window_days"]), defaultdict[int, list[Day]](list)
    seen = [
        day for day, one in series.days.items() if (one.numerator if one.denominator is None else one.denominator) > 0
    ]
    for day, one in series.days.items():
        number = (as_of - day).days // length
        if seen and (number + 1) * length <= (as_of - min(seen)).days + 1:
            found[number].append(one)
    return {number: Window.of(days) for number, days in found.items()}


def unusual_movement(rule: Row, subject: str, series: Series, as_of: date, currency: str) -> Finding | None:
    """The finding if the last window is unusual: its distance from the median of the windows before, in robust standard
    deviations (1.4826 times the median absolute deviation). None if it is not.
    """
    length, reliable = int(rule["window_days"]), windows(rule, series, as_of)
    reliable = {number: window for number, window in reliable.items() if window.is_reliable(rule)}
    past = [window for number, window in reliable.items() if 1 <= number <= rule["past_windows"]]
    if 0 not in reliable or len(past) < rule["min_past_windows"]:
        return None
    now, values = reliable[0].value or Fraction(0), [window.value or Fraction(0) for window in past]
    usual = median(values)
    spread = _ROBUST * median(abs(value - usual) for value in values)
    worse = usual - now if series.is_higher_better else now - usual
    is_low = not series.is_higher_better and now < Fraction(rule["threshold"] or 0)
    least = max(Fraction(rule["min_change"]) * usual, Fraction(rule["deviations"]) * spread)
    if worse <= 0 or is_low or worse < least:
        return None
    mean = half_up(Fraction(total(window.revenue for window in past)) / len(past), 2)
    lost = Fraction(mean) * worse / usual if series.is_higher_better else worse * Fraction(reliable[0].revenue)
    words = {
        "figure": number_text(now, series.unit, currency), "usual": number_text(usual, series.unit, currency),
        "days": str(length),
    }  # fmt: skip
    stake = per_30_days(lost, rule["stake_share"], length)
    return Finding(rule["rule"], subject, series.label, series.label_zh, stake, words)


def number_text(number: Fraction, unit: str, currency: str) -> str:
    if unit == "rate":
        return percent(number)
    return str(half_up(number, 0)) + (f" {currency}" if unit == "money" else "")


def friction(
    shop: Shop, rule: Row, met: Iterable[Exposure], levels: Sequence[Row], labels: Mapping[str, Row], as_of: date
) -> Finding | None:
    """The level of a friction factor with the highest cost, by the near end of the interval of its gap to the best."""
    found: dict[str, list[Exposure]] = defaultdict(list)
    bands = {row["level"]: row for row in levels if row["factor"] == rule["watches"]}
    for one in met:
        if one.factor == rule["watches"] and (as_of - one.visit.session.session_date).days < rule["window_days"]:
            for name, band in bands.items():
                if band["value_from"] <= one.value and (band["value_below"] is None or one.value < band["value_below"]):
                    found[name].append(one)
    going = {one.visit.session.number for of_level in found.values() for one in of_level if one.goes_on}
    orders = shop.session_orders()
    revenue = total(order.net_revenue for number in going for order in orders.get(number, []))
    steps = sum(one.goes_on for of_level in found.values() for one in of_level)
    pairs = {
        name: (sum(one.goes_on for one in of_level), len(of_level))
        for name, of_level in found.items()
        if len(of_level) >= rule["min_base"]
    }
    place = {name: bands[name]["level_number"] for name in pairs}
    if not pairs or not steps:
        return None
    best = min(pairs, key=lambda name: (-digits(pairs[name][0] / pairs[name][1]), place[name]))
    stakes: dict[str, Decimal] = {}
    tail = chance([found[name] for name in pairs], lambda one: one.goes_on) if len(pairs) > 1 else 0.0
    for name, pair in pairs.items():
        if Fraction(*pair) < Fraction(*pairs[best]):
            ends = clustered(found[name], found[best], lambda one: one.goes_on, tail)
            if ends is None:
                continue
            sure = digits(-ends[1])
            stakes[name] = per_30_days(
                float(revenue) * pair[1] * sure / steps, rule["stake_share"], int(rule["window_days"])
            )
    if not stakes:
        return None
    worst = min(stakes, key=lambda name: (-stakes[name], place[name]))
    factor, band = labels[rule["watches"]], bands[worst]
    return Finding(
        rule["rule"], f"{rule['watches']}/{worst}", f"{factor['label']}: {band['label']}",
        f"{factor['label_zh']}\uff1a{band['label_zh']}", stakes[worst],
        {
            "figure": percent(digits(pairs[worst][0] / pairs[worst][1])),
            "usual": percent(digits(pairs[best][0] / pairs[best][1])), "days": str(rule["window_days"]),
        },
    )  # fmt: skip


def ranked_findings(
    findings: Iterable[Finding], rules: Mapping[str, Row], kinds: Mapping[str, Row], revenue: Mapping[int, Decimal]
) -> list[Finding]:
    """The findings on the list: large enough against recent revenue, not explained by a more exact rule, and among the
    first of their kind by value. `revenue` is recent revenue by number of days.
    """
    large = [
        one for one in findings
        if one.value_at_stake > 0
        and one.value_at_stake >= _least_stake(kinds[rules[one.rule]["kind"]], revenue)
    ]  # fmt: skip
    large_rules = {one.rule for one in large}
    unexplained = [one for one in large if not large_rules & set((rules[one.rule]["explained_by"] or "").split("|"))]
    ordered = sorted(unexplained, key=lambda one: (-one.value_at_stake, one.rule, one.subject))
    taken: dict[str, int] = defaultdict(int)
    result = []
    for one in ordered:
        kind = rules[one.rule]["kind"]
        taken[kind] += 1
        if taken[kind] <= kinds[kind]["max_findings"]:
            result.append(one)
    return result


def filled_template(template: str, words: Mapping[str, str]) -> str:
    """Fill the placeholders of a template. Unknown ones become empty."""
    for name in ("subject", "figure", "usual", "days", "spend", "action"):
        template = template.replace("{" + name + "}", words.get(name, ""))
    return template


def _least_stake(kind: Row, revenue: Mapping[int, Decimal]) -> Decimal:
    return Decimal(kind["min_revenue_share"]) * revenue[int(kind["revenue_days"])]


def recent_revenue(shop: Shop, as_of: date, days: int) -> Decimal:
    """Net revenue of the last `days` days."""
    first = as_of - timedelta(days=days - 1)
    return total(row.net_revenue or ZERO for day, row in shop.days.items() if day >= first)
