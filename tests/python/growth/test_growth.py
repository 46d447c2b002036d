"""No model's work grows faster than its rows, counted by the rows that the operators of its plan make."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from odd_shop import land_visitor
from recorded import EVENTS, ODD_ROWS, Works, recorded

from replay import Replay

_ENOUGH_ROWS: Final = 50_000
"""Below, a model's fixed part may be larger than its growth."""
_GROWTH: Final = 1.4 * EVENTS[1] / EVENTS[0]
_MULTIPLICATION: Final = 20
_LOOP_SIDE: Final = 1_000

# Model to why it is not held.
_GROW_TO_A_BOUND: Final = {
    "int_recommendations_related": "pairs need five baskets, which few have in a small shop; 20 neighbours at most",
}


def test_rows_made_grow_no_faster_than_events(generated: tuple[Works, Works]) -> None:
    small, large = generated
    found = {
        model: round(work.rows / small[model].rows, 1)
        for model, work in large.items()
        if work.rows > _ENOUGH_ROWS and work.rows > _GROWTH * small[model].rows and model not in _GROW_TO_A_BOUND
    }
    assert not found


def test_no_model_makes_many_times_its_rows_on_the_way(generated: tuple[Works, Works]) -> None:
    _, large = generated
    found = {
        model: f"{work.largest_operator:,} rows of {work.largest_input_or_result:,}"
        for model, work in large.items()
        if work.largest_operator > _ENOUGH_ROWS and work.multiplication > _MULTIPLICATION
    }
    assert not found


def test_no_model_compares_every_row_with_every_other(generated: tuple[Works, Works], odd: tuple[Works, Works]) -> None:
    found = {
        (model, work.loop_side)
        for works in (*generated, *odd)
        for model, work in works.items()
        if work.loop_side > _LOOP_SIDE
    }
    assert not found


def test_rows_made_of_one_visitor_order_customer_or_key_grow_with_them(odd: tuple[Works, Works]) -> None:
    small, large = odd
    growth = 1.4 * ODD_ROWS[1] / ODD_ROWS[0]
    found = {
        model: round(work.rows / small[model].rows, 1)
        for model, work in large.items()
        if work.rows > _ENOUGH_ROWS and work.rows > growth * small[model].rows
    }
    assert not found


def test_time_of_one_visitor_grows_with_their_events(replay: Replay, tmp_path: Path) -> None:
    """A window can pass over all rows of a visitor for each of them, which makes no rows: sixteen times the events then
    take up to 256 times as long. Processor time, so that other work on the machine hardly counts.
    """
    model = "int_derived_event_sessions"
    small, large = (
        recorded(replay, tmp_path / f"{events}.duckdb", land_visitor, events, [model])[model].cpu_seconds
        for events in (100_000, 1_600_000)
    )
    assert large < 40 * small


@pytest.mark.parametrize("model", sorted(_GROW_TO_A_BOUND))
def test_models_with_a_bound_are_models(model: str, generated: tuple[Works, Works]) -> None:
    assert model in generated[1]
