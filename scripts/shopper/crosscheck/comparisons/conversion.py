"""Conversion: pages, searches, recommendations, content, friction, carts, payments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.carts import Cart, abandoned_carts
from shopper.crosscheck.oracle.friction import exposures, friction_levels
from shopper.crosscheck.oracle.friction_contrasts import Contrast, contrasts
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
from shopper.crosscheck.oracle.money import ZERO
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.visits import (
    Counts,
    Visit,
    content_performance,
    landing_pages,
    page_paths,
    payment_methods,
    recommendation_performance,
    search_terms,
    visits,
)
from shopper.crosscheck.table_diff import keyed

_Count = Callable[[Shop, list[Visit]], Counts]


def _people(shop: Shop, reader: Reader) -> list[Visit]:
    return visits(shop, reader.rows("funnel_steps", "reference"))


def _counted(
    mart: str, keys: Sequence[str], columns: Sequence[str], rates: dict[str, tuple[str, ...]], count: _Count
) -> Check:
    """A check of a mart of counts and rates. `rates`: numerator and denominators (columns of counts) by column."""
    names = (*columns, *rates)

    def sides(shop: Shop, reader: Reader) -> Sides:
        tallies = count(shop, _people(shop, reader))
        expected = {
            key: (
                *(tally[column] for column in columns),
                *(_share(tally[part], sum(tally[one] for one in whole)) for part, *whole in rates.values()),
            )
            for key, tally in tallies.items()
        }
        return names, expected, keyed(reader.rows(mart), keys, names)

    return Check("conversion", "counts and rates", "marts", mart, sides, columns[0])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _paths(shop: Shop, reader: Reader) -> Sides:
    columns = ("transitions", "share", "exits")
    moves = page_paths(_people(shop, reader))
    left: dict[Any, int] = {}
    for (month, one, _other), count in moves.items():
        left[month, one] = left.get((month, one), 0) + count
    expected = {
        key: (count, count / left[key[0], key[1]], count if key[2] == "exit" else 0) for key, count in moves.items()
    }
    actual = keyed(reader.rows("page_paths"), ("month", "from_page_type", "to_page_type"), columns)
    return columns, expected, actual


def _search_funnel(shop: Shop, reader: Reader) -> Sides:
    """The search funnel, defined only by rows of funnel_steps. It starts with a search, not with the session."""
    columns = ("entered", "reached", "dropped", "reached_out_of_order")
    settings, period = shop.staged.settings, shop.staged.period
    steps = read_steps(reader.rows("funnel_steps", "reference"), "search")
    placed = shop.placed_orders()
    moments = {one.number: session_moments(one, placed.get(one.number, []), steps) for one in shop.sessions}
    observed = observed_steps(moments.values(), steps)
    counts: dict[FunnelKey, StepCount] = {}
    if period.as_of_end_at and observed[:1] == steps[:1]:
        entries = [one for one in session_entries(moments, shop.sessions, observed) if steps[0].number in one.reached]
        of_visitors = visitor_entries(moments, shop.sessions, observed, settings, period.as_of_end_at)
        counts = {
            **count_steps(entries, observed, "session", settings),
            **count_steps(of_visitors, observed, "visitor", settings),
        }
    expected = {
        (*key[:4], key[4] or "unknown", key[5] or "unknown", "new" if key[6] else "returning"): tuple(
            getattr(count, column) for column in columns
        )
        for key, count in counts.items()
    }
    keys = ("date", "scope", "step_number", "channel", "device_type", "operating_system", "visitor_type")
    marts = {"funnel_daily": {"scope": "session"}, "visitor_funnel_daily": {"scope": "visitor"}}
    actual = keyed(reader.together(marts, "funnel = 'search'"), keys, columns)
    return columns, _not_empty(expected), _not_empty(actual)


def _not_empty(rows: Rows) -> Rows:
    return {key: cells for key, cells in rows.items() if any(cells)}


def _friction(shop: Shop, reader: Reader) -> Sides:
    columns = ["exposures", "sessions"]
    for name, count in (("next_step", "next_steps"), ("exit", "exits")):
        difference = f"{name}_difference"
        columns += [count, f"best_{name}_level", difference, f"{difference}_low", f"{difference}_high"]
    levels = reader.rows("friction_levels", "reference")
    minimum = {row["factor"]: row["min_exposures"] for row in reader.rows("friction_rules", "reference")}
    counted = friction_levels(exposures(shop, _people(shop, reader)), levels)
    next_steps, exits = (contrasts(counted, levels, minimum, outcome) for outcome in ("next_steps", "exits"))
    expected = {
        key: (
            level.exposures, len(level.sessions),
            level.next_steps, *_contrast_cells(next_steps[key]), level.exits, *_contrast_cells(exits[key]),
        )
        for key, level in counted.items()
    }  # fmt: skip
    return columns, expected, keyed(reader.rows("friction_factors"), ("month", "factor", "level"), columns)


def _contrast_cells(contrast: Contrast) -> tuple[Any, ...]:
    return (contrast.best, contrast.difference, contrast.low, contrast.high)


_CART_COLUMNS: Final = (
    "customer_id", "product_ids", "products", "value", "recovering_order_id", "is_latest_of_visitor",
)  # fmt: skip


def _carts(shop: Shop, reader: Reader) -> Sides:
    """Carts by visitor, session start and cart time, since derived session ids differ from the model's."""
    (rules,) = reader.rows("cart_rules", "reference")
    begins = {row["session_id"]: row["started_at"] for row in reader.rows("sessions")}
    expected: Rows = {
        (cart.visit.session.visitor_id, cart.visit.session.started_at, cart.carted_at): _cart_cells(cart)
        for cart in abandoned_carts(shop, _people(shop, reader), rules["recovery_days"])
    }
    actual: Rows = {
        (row["visitor_id"], begins[row["session_id"]], row["carted_at"]): tuple(row[column] for column in _CART_COLUMNS)
        for row in reader.rows("abandoned_carts")
    }
    return _CART_COLUMNS, expected, actual


def _cart_cells(cart: Cart) -> tuple[Any, ...]:
    order = cart.recovered_by
    return (
        cart.visit.session.customer_id, "|".join(sorted(cart.units)), len(cart.units), cart.value,
        order.order_id if order else None, cart.is_latest,
    )  # fmt: skip


def _recommendations(shop: Shop, people: Iterable[Visit]) -> Counts:
    tallies = recommendation_performance(
        people, {row["product_id"]: row["category"] for row in shop.staged.rows["products"]}
    )
    for tally in tallies.values():
        tally["net_revenue"] = tally["net_revenue"] or ZERO
    return tallies


CHECKS: Final = (
    Check(
        "conversion", "the search funnel, both scopes", "marts", "funnel_daily", _search_funnel, "reached",
        also=("visitor_funnel_daily",),
    ),
    Check("conversion", "moves between page types", "marts", "page_paths", _paths, "transitions"),
    _counted(
        "landing_pages", ("month", "landing_page", "channel", "utm_term"),
        ("sessions", "net_revenue", "sessions_with_events", "bounces", "cart_sessions", "converting_sessions"),
        {
            "bounce_rate": ("bounces", "sessions_with_events"),
            "add_to_cart_rate": ("cart_sessions", "sessions_with_events"),
            "conversion_rate": ("converting_sessions", "sessions_on_common_days"),
        },
        lambda _shop, people: landing_pages(people),
    ),
    _counted(
        "search_terms", ("month", "search_term"),
        ("searches", "sessions", "searches_with_count", "zero_result_searches", "clicked_searches", "exits"),
        {
            "zero_result_rate": ("zero_result_searches", "searches_with_count"),
            "click_through_rate": ("clicked_searches", "searches"),
            "conversion_rate": ("converted_searches", "searches_on_common_days"),
            "exit_rate": ("exits", "searches"),
        },
        lambda _shop, people: search_terms(people),
    ),
    _counted(
        "recommendation_performance", ("month", "placement"),
        ("impressions", "sessions", "clicked", "carted", "product_carted", "orders", "net_revenue"),
        {
            "click_through_rate": ("clicked", "impressions"),
            "add_to_cart_rate": ("carted", "impressions"),
            "off_category_share": ("off_category_impressions", "compared_impressions"),
            "off_category_click_through_rate": ("off_category_clicked", "off_category_impressions"),
            "off_category_add_to_cart_rate": ("off_category_carted", "off_category_impressions"),
            "same_category_add_to_cart_rate": ("same_category_carted", "same_category_impressions"),
        },
        _recommendations,
    ),
    _counted(
        "content_performance", ("month", "content_category"), ("views", "sessions", "exits"),
        {
            "to_product_rate": ("to_product_views", "views"),
            "conversion_rate": ("converted_views", "views_on_common_days"),
        },
        lambda _shop, people: content_performance(people),
    ),
    _counted(
        "payment_methods", ("month", "payment_method"),
        ("attempts", "pending", "succeeded", "failed", "succeeded_without_amount", "amount"),
        {"success_rate": ("succeeded", "succeeded", "failed")},
        lambda shop, _people: payment_methods(shop),
    ),
    Check("conversion", "exposures by level, against the best", "marts", "friction_factors", _friction, "exposures"),
    Check("conversion", "abandoned carts, value, recovery", "marts", "abandoned_carts", _carts, "products"),
)  # fmt: skip
