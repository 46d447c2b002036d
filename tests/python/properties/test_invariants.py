"""Invariants for any data: conservation of amounts and counts, equal treatment of equal customers."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from built_shop import Built
from hypothesis import given, settings
from hypothesis import strategies as st

from ordered import in_order
from shopper.crosscheck.oracle.customers import Scale
from shopper.crosscheck.oracle.funnel import read_steps, session_moments
from shopper.crosscheck.oracle.money import CENT, spread
from shopper.crosscheck.oracle.raw import read_seed

_AMOUNTS = st.integers(0, 10_000).map(lambda cents: cents * CENT)


def _one(built: Built, query: str) -> object:
    row = built.connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_order_discounts_are_conserved(built: Built) -> None:
    """Shares of lines and the unapplied rest add up to the discount, to the cent."""
    query = """
        select count(*)
        from marts.orders
        left join (
            select order_id, sum(order_discount_amount) as shares, sum(net_revenue) as revenue
            from marts.order_items group by order_id
        ) as lines using (order_id)
        where coalesce(lines.shares, 0) <> orders.order_discount_amount
            or coalesce(lines.revenue, 0) <> orders.net_revenue
            or order_discount_amount < 0 or unapplied_discount_amount < 0
    """
    assert _one(built, query) == 0


def test_a_discount_share_is_at_most_its_line(built: Built) -> None:
    query = "select count(*) from marts.order_items where order_discount_amount > gross_amount - item_discount_amount"
    assert _one(built, query) == 0


def test_refunds_of_orders_are_conserved(built: Built) -> None:
    """Refunded goods at the order's rate are equal on lines, orders and refunds (except for orders without lines)."""
    by_refunds = "select coalesce(sum(goods_amount_at_order_rate), 0) from marts.refunds where order_id is not null"
    assert _one(built, by_refunds) == _one(built, "select sum(goods_refund_amount) from marts.orders")
    by_lines = "select sum(goods_refund_amount) from marts.order_items"
    of_orders_with_lines = "select sum(goods_refund_amount) from marts.orders where not has_no_items"
    assert _one(built, by_lines) == _one(built, of_orders_with_lines)


def test_days_add_up_to_orders(built: Built) -> None:
    by_day = _one(built, "select sum(net_revenue) from marts.kpi_daily")
    assert by_day == _one(built, "select sum(net_revenue) from marts.orders where is_valid")


def test_channels_add_up_to_orders(built: Built) -> None:
    valid = _one(built, "select sum(net_revenue) from marts.orders where is_valid")
    for mart in ("channel_efficiency", "channel_efficiency_overall"):
        assert _one(built, f"select sum(net_revenue) from marts.{mart}") == valid


def test_cohorts_add_up_to_customers(built: Built) -> None:
    cohorts = "select sum(cohort_customers) from marts.{} where months_since = 0"
    customers = _one(built, "select count(*) from marts.customers where orders > 0 and is_known_customer")
    for mart in ("retention_cohorts", "retention_cohorts_overall"):
        assert _one(built, cohorts.format(mart)) == customers


def test_every_session_enters_the_funnel_once(built: Built) -> None:
    entered = "select sum(entered) from marts.funnel_daily where step_name = 'visit'"
    assert _one(built, entered) == _one(built, "select count(*) from marts.sessions where not is_bot")


def test_equal_customers_have_equal_scores(built: Built) -> None:
    scores: dict[tuple[str, object], set[int]] = defaultdict(set)
    for row in built.reader.rows("customer_rfm"):
        for measure, score in (("recency_days", "r_score"), ("frequency", "f_score"), ("monetary", "m_score")):
            scores[measure, row[measure]].add(row[score])
    assert all(len(found) == 1 for found in scores.values())
    assert len(scores) > 100


def test_better_customers_never_score_worse(built: Built) -> None:
    rows = built.reader.rows("customer_rfm")
    for measure, score, sign in (
        ("recency_days", "r_score", -1),
        ("frequency", "f_score", 1),
        ("monetary", "m_score", 1),
    ):
        ordered = sorted(rows, key=lambda row: sign * row[measure])
        assert [row[score] for row in ordered] == sorted(row[score] for row in ordered)


def test_merged_accounts_are_not_customers(built: Built) -> None:
    """An account that was merged into another existing one is not a customer."""
    query = """
        select count(*)
        from marts.customers
        inner join staging.stg_customers as accounts using (customer_id)
        inner join staging.stg_customers as targets on targets.customer_id = accounts.merged_into_customer_id
        where targets.merged_into_customer_id is null
    """
    assert _one(built, query) == 0


def test_funnel_equals_brute_force(built: Built) -> None:
    """A required step is reached exactly if one timestamp per step so far can be chosen in order."""
    steps = read_steps(read_seed(built.connection, "funnel_steps"))
    required = [step for step in steps if step.is_required]
    query = """
        select visitor_id, started_at, step_number
        from intermediate.int_session_funnel_steps inner join marts.sessions using (session_id)
        where funnel = 'purchase' and is_reached and not is_bot
    """
    reached = defaultdict(set)
    for visitor_id, started_at, step_number in built.connection.execute(query).fetchall():
        reached[visitor_id, started_at].add(step_number)
    orders = built.shop.placed_orders()
    begins = [(session.visitor_id, session.started_at) for session in built.shop.sessions]
    checked = 0
    for session in built.shop.sessions:
        if session.is_bot or begins.count((session.visitor_id, session.started_at)) > 1 or not session.events:
            continue
        moments = session_moments(session, orders.get(session.number, []), steps)
        possible = set()
        for length in range(1, len(required) + 1):
            if in_order([moments[step.number] for step in required[:length]]):
                possible.add(required[length - 1].number)
        found = {number for number in reached[session.visitor_id, session.started_at] if number != 2}
        assert found == possible, session
        checked += 1
        if checked == 1_000:
            break
    assert checked == 1_000


@settings(max_examples=300, deadline=None, derandomize=True)
@given(amount=_AMOUNTS, values=st.lists(_AMOUNTS, min_size=1, max_size=8))
def test_spreading_is_exact_and_proportional(amount: Decimal, values: list[Decimal]) -> None:
    """The oracle's splitting adds up, is within a cent of the exact share, and is monotonic."""
    by_id = {str(place): value for place, value in enumerate(values)}
    shares = spread(amount, by_id)
    total = sum(values)
    if not total:
        assert shares == {}
        return
    assert sum(shares.values()) == amount
    for key, share in shares.items():
        assert abs(share - amount * by_id[key] / total) < CENT
        assert all(share >= shares[other] for other in shares if by_id[key] > by_id[other])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 6), min_size=5, max_size=40))
def test_scores_count_worse_customers(values: list[int]) -> None:
    scale = Scale(values)
    for value in values:
        assert scale.score(value) == 1 + 5 * sum(other < value for other in values) // len(values)
