"""Products and categories: performance, people, hours, seasons, restocking."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.comparisons.churn import profiles
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import ZERO, total
from shopper.crosscheck.oracle.products import (
    Demand,
    Part,
    ProductFacts,
    class_of,
    demand,
    first_rule,
    idle_days,
    order_parts,
    product_facts,
    seasons,
    share_above,
    sold_items,
)
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_TRAITS: Final = ("city_tier", "age_band", "gender")


def _as_of(shop: Shop) -> date:
    assert shop.staged.period.as_of_date
    return shop.staged.period.as_of_date


def _rule(reader: Reader) -> dict[str, int]:
    return {name: int(days) for name, days in reader.rows("stock_rules", "reference")[0].items()}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _cents(value: Fraction | None) -> Decimal | None:
    """Convert an amount that is already rounded to a decimal."""
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def _half_up(exact: Fraction, places: int) -> Decimal:
    """Round half away from zero."""
    sign = -1 if exact < 0 else 1
    return sign * Decimal(floor(abs(exact) * 10**places + Fraction(1, 2))).scaleb(-places)


def _demands(shop: Shop, goods: dict[str, ProductFacts], rule: dict[str, int]) -> dict[str, Demand]:
    return {name: demand(one, shop, rule) for name, one in goods.items()}


def _traffic(shop: Shop, reader: Reader) -> Sides:
    """Views, ratings and returns of products."""
    columns = (
        "category", "views", "view_seconds", "carts", "viewing_sessions", "ordering_sessions", "view_to_order_rate",
        "returned_units", "credit_note_amount", "return_rate", "reviews", "rating", "is_discontinued",
        "first_offered_date",
    )  # fmt: skip
    rows, period = shop.staged.rows, shop.staged.period
    has_events, has_items = bool(rows["events"]), bool(rows["order_items"])
    expected: Rows = {}
    for name, one in product_facts(shop).items():
        viewed, ordered = len(one.viewing_sessions), len(one.ordering_sessions)
        back = sum((sold.returned_units for sold in one.lines), sum((units for units, _ in one.notes), Decimal(0)))
        units = one.units()
        knows_returns = has_items and bool(rows["refunds"])
        span = one.offered(period.first_date, _as_of(shop)) if period.first_date else None
        seen = (one.views, one.view_seconds, one.carts, viewed) if has_events else (None,) * 4
        expected[name] = (
            one.category, *seen,
            ordered if has_events and has_items else None,
            ordered / viewed if viewed and has_items else None,
            back if knows_returns else None,
            total(amount for _, amount in one.notes) if knows_returns else None,
            float(back / units) if knows_returns and units else None,
            len(one.ratings) if rows["reviews"] else None,
            float(sum(one.ratings) / len(one.ratings)) if one.ratings else None,
            one.discontinued_date is not None, span[0] if span else None,
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("product_performance"), ["product_id"], columns)


def _sales(shop: Shop, reader: Reader) -> Sides:
    """Sales and margin of products, their ABC class and status."""
    columns = (
        "orders", "units", "net_revenue", "net_revenue_after_refunds", "gross_margin", "covered_net_revenue",
        "covered_gross_margin", "days_since_last_sale", "last_sale_date", "abc_class", "product_status",
    )  # fmt: skip
    goods, period, as_of = product_facts(shop), shop.staged.period, _as_of(shop)
    rule, staged = _rule(reader), shop.staged.rows
    above = share_above({name: one.net_revenue() for name, one in goods.items()})
    demands = _demands(shop, goods, rule)
    recently_above = share_above({name: one.possible_revenue for name, one in demands.items()})
    classes, rules = reader.rows("abc_classes", "reference"), reader.rows("product_status_rules", "reference")
    has_costs = any(row["unit_cost"] is not None for table in ("order_items", "products") for row in staged[table])
    expected: Rows = {}
    for name, one in goods.items():
        if not staged["order_items"]:
            expected[name] = (None,) * len(columns)
            continue
        revenue, last = one.net_revenue(), max(one.sale_dates, default=None)
        margins = [sold.margin for sold in one.lines]
        known = [margin for margin in margins if margin is not None]
        span = one.offered(period.first_date, as_of) if period.first_date else None
        status = None
        if span:
            measured = {
                "idle_days": idle_days(one, last or span[0], as_of, rule),
                "age_days": (as_of - span[0]).days,
                "recent_share_above": _half_up(recently_above[name], 4),
            }
            status = first_rule(rules, measured)["product_status"]
        expected[name] = (
            len({sold.order.order_id for sold in one.sales}), one.units(), revenue,
            revenue - total(sold.line.goods_refund_amount for sold in one.lines),
            total(known) if margins and len(known) == len(margins) else None,
            total(sold.line.net_revenue for sold in one.lines if sold.margin is not None),
            total(known) if has_costs else None,
            (as_of - last).days if last else None, last, class_of(above[name], classes, revenue > 0), status,
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("product_performance"), ["product_id"], columns)


def _stock(shop: Shop, reader: Reader) -> Sides:
    """Demand on the days in stock, and days of cover."""
    columns = (
        "recent_units", "recent_net_revenue", "in_stock_days", "demand_days", "daily_units", "units_sold_since_count",
        "units_returned_since_count", "lost_sales_units", "lost_sales_estimate", "stock_out_days", "counted_quantity",
        "stock_counted_date", "count_age_days", "on_hand_quantity", "on_order_quantity", "is_out_of_stock",
        "days_of_cover",
    )  # fmt: skip
    expected: Rows = {}
    for name, one in _demands(shop, product_facts(shop), _rule(reader)).items():
        lost = (_cents(one.lost(one.units, 4)), _cents(one.lost(one.net_revenue, 2)))
        stock = one.stock
        of_sales = (
            one.recent_units, one.recent_net_revenue, one.in_stock_days, one.days, one.daily_units, stock.sold,
            stock.returned if shop.staged.rows["refunds"] else None, *lost,
        )  # fmt: skip
        if not shop.staged.rows["order_items"]:
            of_sales = (None,) * len(of_sales)  # type: ignore[assignment]
        expected[name] = (
            *of_sales, one.stock_out_days, stock.counted, stock.counted_date,
            (_as_of(shop) - stock.counted_date).days if stock.counted_date else None, stock.on_hand, stock.on_order,
            None if stock.on_hand is None else stock.on_hand <= 0, _float(one.days_of_cover),
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("product_performance"), ["product_id"], columns)


def _bands(shop: Shop, reader: Reader) -> dict[str, str | None]:
    """Age band by customer. A birth date after the as-of date counts as missing."""
    as_of, bands = _as_of(shop), reader.rows("age_bands", "reference")
    found: dict[str, str | None] = {}
    for customer, born in profiles(shop, "birth_date").items():
        if born is not None and born <= as_of:
            age = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
            found[customer] = [row["age_band"] for row in bands if row["age_from"] <= age][-1]
    return found


def _categories(shop: Shop, reader: Reader) -> Sides:
    """Every order in its cell of each category, compared with its customers, its category and the shop."""
    columns = (
        "orders", "units", "net_revenue", "aov", "group_net_revenue", "revenue_share", "overall_revenue_share",
        "preference_index",
    )  # fmt: skip
    people = (profiles(shop, "city_tier"), _bands(shop, reader), profiles(shop, "gender"))
    cells: dict[tuple[Any, ...], list[Part]] = defaultdict(list)
    for category, part in order_parts(shop, product_facts(shop)):
        traits = tuple(of_one.get(part.order.customer_id) or UNKNOWN for of_one in people)
        cells[part.order.order_date.replace(day=1), category, *traits].append(part)
    revenue = {key: Fraction(total(part.net_revenue for part in parts)) for key, parts in cells.items()}
    sums: dict[tuple[Any, ...], Fraction] = defaultdict(Fraction)
    for key, amount in revenue.items():
        for together in ((key[0], *key[2:]), key[:2], key[:1]):
            sums[together] += amount
    expected: Rows = {}
    for key, parts in cells.items():
        month, category, traits = key[0], key[1], key[2:]
        mine, group, everyone, whole = revenue[key], sums[month, *traits], sums[month, category], sums[month,]
        share, overall = mine / group if group else None, everyone / whole if whole else None
        units = [part.units for part in parts if part.units is not None]
        expected[key] = (
            len(parts), sum(units, Decimal(0)) if units else None, _half_up(mine, 2), _half_up(mine / len(parts), 2),
            _half_up(group, 2), _float(share), _float(overall),
            _float(share / overall if share is not None and overall else None),
        )  # fmt: skip
    return columns, expected, keyed(
        reader.rows("category_performance"), ["month", "category", *_TRAITS], columns
    )  # fmt: skip


def _timing(shop: Shop, reader: Reader) -> Sides:
    """Orders by local weekday and hour, device and category."""
    columns = ("orders", "slot_orders", "share", "net_revenue")
    slots: dict[tuple[int, int, str, str], list[Part]] = defaultdict(list)
    sizes: dict[str, int] = defaultdict(int)
    in_slot: dict[tuple[int, int, str], set[str]] = defaultdict(set)
    for category, part in order_parts(shop, product_facts(shop)):
        local = part.order.ordered_at.replace(tzinfo=UTC).astimezone(shop.staged.settings.zone)
        session = shop.order_sessions.get(part.order.order_id)
        device = (session.get("device_type") if session else None) or UNKNOWN
        slots[local.isoweekday(), local.hour, device, category].append(part)
        in_slot[local.isoweekday(), local.hour, device].add(part.order.order_id)
        sizes[category] += 1
    expected: Rows = {
        key: (len(parts), len(in_slot[key[:3]]), len(parts) / sizes[key[3]], total(part.net_revenue for part in parts))
        for key, parts in slots.items()
    }
    return columns, expected, keyed(
        reader.rows("purchase_timing"), ["weekday", "hour", "device_type", "category"], columns
    )  # fmt: skip


def _seasonality(shop: Shop, reader: Reader) -> Sides:
    """Revenue per day in each season relative to the whole period, and the suggested scene if it is high enough."""
    columns = (
        "occurrences", "days", "orders", "net_revenue", "index", "shop_index", "index_against_shop", "suggested_scene",
    )  # fmt: skip
    occasions, dates = (
        reader.rows("calendar_occasions", "reference"),
        reader.rows("calendar_occasion_dates", "reference"),
    )
    rule = reader.rows("season_rules", "reference")[0]
    parts: dict[str, list[Part]] = defaultdict(list)
    for category, part in order_parts(shop, product_facts(shop)):
        parts[category].append(part)
    if not parts:
        return columns, {}, keyed(reader.rows("category_seasonality"), ["category", "season_type", "season"], columns)
    everything = [part for of_one in parts.values() for part in of_one]
    first = min(part.order.order_date for part in everything)
    all_days = (_as_of(shop) - first).days + 1
    met = seasons(first, _as_of(shop), occasions, dates)
    texts = {row["occasion"]: row["scene"] for row in occasions}
    countries = {row["occasion"]: row["countries"] for row in occasions}
    indices: dict[tuple[str, str, str], Fraction | None] = {}
    sold: dict[tuple[str, str, str], list[Part]] = {}
    extra: dict[tuple[str, str, str], Fraction] = {}
    for category, of_one in parts.items():
        whole = Fraction(total(part.net_revenue for part in of_one))
        for (kind, season), span in met.items():
            key = (category, kind, season)
            sold[key] = [part for part in of_one if part.order.order_date in span.days]
            revenue = Fraction(total(part.net_revenue for part in sold[key]))
            indices[key] = revenue * all_days / (whole * len(span.days)) if whole else None
            extra[key] = Fraction(_half_up(revenue - whole * len(span.days) / all_days, 2))
    shop_indices: dict[tuple[str, str], Fraction | None] = {}
    whole_shop = Fraction(total(part.net_revenue for part in everything))
    for season_key, span in met.items():
        revenue = Fraction(total(part.net_revenue for part in everything if part.order.order_date in span.days))
        shop_indices[season_key] = revenue * all_days / (whole_shop * len(span.days)) if whole_shop else None
    expected: Rows = {}
    for key, index in indices.items():
        category, kind, season = key
        candidates = [
            name
            for (type_, name), span in met.items()
            if type_ == "occasion"
            and _is_kept(countries[name], rule["country"])
            and (
                name == season if kind == "occasion" else any(f"{day.month:02d}" == season for day in span.occurrences)
            )
            and (indices[category, type_, name] or 0) >= Fraction(rule["suggest_from_index"])
            and len(sold[category, type_, name]) >= rule["suggest_from_orders"]
        ]
        best = min(candidates, key=lambda name: (-extra[category, "occasion", name], name), default=None)
        of_shop = shop_indices[kind, season]
        expected[key] = (
            len(met[kind, season].occurrences), len(met[kind, season].days), len(sold[key]),
            total(part.net_revenue for part in sold[key]), _float(index), _float(of_shop),
            _float(index / of_shop) if index is not None and of_shop else None, texts[best] if best else None,
        )  # fmt: skip
    return columns, expected, keyed(
        reader.rows("category_seasonality"), ["category", "season_type", "season"], columns
    )  # fmt: skip


def _is_kept(countries: str | None, country: str | None) -> bool:
    """Whether the country is listed, or no countries are listed."""
    return countries is None or country is None or country in countries.split("|")


def _restocking(shop: Shop, reader: Reader) -> Sides:
    """Repurchase gap, days of cover, plan and reorder date of every product and category with sales."""
    columns = (
        "customers", "repurchase_customers", "repurchased_customers", "median_gap_days", "orders", "net_revenue", "aov",
        "on_hand_quantity", "count_age_days", "days_of_cover", "plan", "reorder_date", "is_reorder_due",
    )  # fmt: skip
    rule, rules, as_of = _rule(reader), reader.rows("replenishment_rules", "reference"), _as_of(shop)
    goods = product_facts(shop)
    demands = _demands(shop, goods, rule)
    expected: Rows = {}
    for (level, name), item in sold_items(goods.values()).items():
        old, back = item.repurchases(rule["repurchase_days"], as_of)
        plan = first_rule(
            rules,
            {
                "median_gap_days": item.median_gap_days,
                "repurchase_customers": old if item.days else None,
                "repurchase_rate": _half_up(Fraction(back, old), 4) if old else None,
                "aov": item.aov,
            },
        )
        if level == "product":
            stock, cover = demands[name].stock, demands[name].days_of_cover
            on_hand, counted = stock.on_hand, stock.counted_date
        else:
            on_hand, counted, cover = _category_stock(name, goods, demands)
        is_gone = level == "product" and goods[name].discontinued_date is not None
        day = None
        if cover is not None and cover <= rule["furthest_reorder_days"] and not is_gone:
            day = as_of + timedelta(days=floor(cover) - plan["lead_time_days"])
        expected[level, name] = (
            len(item.days), old, back, _float(item.median_gap_days), len(item.orders),
            total(item.orders.values()), item.aov, on_hand,
            (as_of - counted).days if counted else None, _float(cover), None if is_gone else plan["plan"],
            day, None if day is None else day <= as_of,
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("replenishment_plan"), ["level", "item"], columns)


def _category_stock(
    category: str, goods: dict[str, ProductFacts], demands: dict[str, Demand]
) -> tuple[Decimal | None, date | None, Fraction | None]:
    """Units on hand of a category's counted products on offer, their oldest count and their days of cover; None without
    a count.
    """
    counted = [
        demands[name]
        for name, one in goods.items()
        if one.category == category and demands[name].stock.on_hand is not None and one.discontinued_date is None
    ]
    if not counted:
        return None, None, None
    on_hand = sum((max(one.stock.on_hand or ZERO, Decimal(0)) for one in counted), Decimal(0))
    daily = sum((one.daily_units or Decimal(0) for one in counted), Decimal(0))
    oldest = min(one.stock.counted_date for one in counted if one.stock.counted_date)
    return on_hand, oldest, Fraction(on_hand) / Fraction(daily) if daily else None


CHECKS: Final = (
    Check("products", "views, ratings, returns", "marts", "product_performance", _traffic),
    Check("products", "sales, classes", "marts", "product_performance", _sales, "net_revenue"),
    Check("products", "demand and stock", "marts", "product_performance", _stock),
    Check("products", "categories by people", "marts", "category_performance", _categories),
    Check("products", "hours and devices", "marts", "purchase_timing", _timing),
    Check("products", "seasons", "marts", "category_seasonality", _seasonality),
    Check("products", "restocking", "marts", "replenishment_plan", _restocking, "net_revenue"),
)
