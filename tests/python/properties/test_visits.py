"""Conversion on the real models: identity computed by hand, the search funnel, and totals."""

from __future__ import annotations

import pytest
from built_shop import Built
from identity_hand_cases import PEOPLE

from shopper.crosscheck.oracle.friction import newcombe, wilson


@pytest.mark.parametrize("number", range(len(PEOPLE)), ids=lambda number: PEOPLE[number].name)
def test_a_session_has_its_customer(built: Built, number: int) -> None:
    query = "select session_id, customer_id from marts.sessions where starts_with(session_id, ?)"
    found = dict(built.connection.execute(query, [f"k-{number}-"]).fetchall())
    expected = {
        f"k-{number}-{place}": f"k-{number}-{name}" if name else None
        for place, name in enumerate(PEOPLE[number].customers)
    }
    assert found == expected


def test_the_search_funnel_is_defined_by_seed_rows(built: Built) -> None:
    """No model mentions it, but it is measured."""
    query = """
        select step_name, sum(reached)
        from marts.funnel_daily
        where funnel = 'search'
        group by step_name
    """
    reached = dict(built.connection.execute(query).fetchall())
    assert sorted(reached, key=lambda step: -reached[step]) == ["search", "result", "cart", "order"]
    assert reached["order"] > 0


def test_transitions_add_up_to_views(built: Built) -> None:
    """Every view is left once, and every session with a view has one entry and one exit."""
    query = """
        with totals as (
            select sum(page_views) as views, count(*) filter (where page_views > 0) as sessions
            from marts.sessions
            where not is_bot
        )
        select
            (select sum(transitions) from marts.page_paths where from_page_type <> 'entry') - totals.views,
            (select sum(exits) from marts.page_paths) - totals.sessions,
            (select sum(transitions) from marts.page_paths where from_page_type = 'entry') - totals.sessions
        from totals
    """
    assert built.connection.execute(query).fetchone() == (0, 0, 0)


def test_intervals_equal_published_examples() -> None:
    """Newcombe (1998), table II, method 10: 56/70 minus 48/80, 9/10 minus 3/10, 10/10 minus 0/20."""
    assert newcombe((56, 70), (48, 80)) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert newcombe((9, 10), (3, 10)) == pytest.approx((0.6, 0.1705, 0.8090), abs=5e-5)
    assert newcombe((10, 10), (0, 20)) == pytest.approx((1.0, 0.6791, 1.0), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
