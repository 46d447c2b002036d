"""Cases with results computed by hand, on the real models."""

from __future__ import annotations

import pytest
from built_shop import Built
from channel_table import ARRIVALS
from continuation_cases import RETURNS
from hand_cases import JOURNEYS, SILENCES, begin_of


def test_the_channel_table_has_enough_rows() -> None:
    assert len(ARRIVALS) >= 60


@pytest.mark.parametrize("number", range(len(ARRIVALS)), ids=lambda number: str(ARRIVALS[number])[8:-1])
def test_an_arrival_has_its_channel(built: Built, number: int) -> None:
    query = "select own_channel from marts.sessions where session_id = ?"
    assert built.connection.execute(query, [f"h-{number}"]).fetchall() == [(ARRIVALS[number].channel,)]


@pytest.mark.parametrize("number", range(len(RETURNS)), ids=lambda number: RETURNS[number].name)
def test_a_return_keeps_the_channel_and_an_arrival_has_its_own(built: Built, number: int) -> None:
    case, session = RETURNS[number], f"r-{number}-2"
    channel = built.connection.execute("select channel from marts.orders where order_id = ?", [f"r-{number}"])
    assert channel.fetchall() == [(case.channel,)]
    query = "select channel, is_continuation from marts.sessions where session_id = ?"
    assert built.connection.execute(query, [session]).fetchall() == [(case.channel, not case.is_touch)]
    query = "select path from intermediate.int_attribution_paths where order_id = ?"
    path = f"email > {case.channel}" if case.is_touch else "email"
    assert built.connection.execute(query, [f"r-{number}"]).fetchall() == [(path,)]


@pytest.mark.parametrize("number", range(len(JOURNEYS)), ids=lambda number: JOURNEYS[number].name)
def test_a_journey_reaches_its_steps(built: Built, number: int) -> None:
    query = """
        select funnel_steps.step_name, session_funnel_steps.is_reached
        from intermediate.int_session_funnel_steps as session_funnel_steps
        inner join reference.funnel_steps using (funnel, step_number)
        where session_funnel_steps.session_id = ? and funnel = 'purchase'
    """
    steps = built.connection.execute(query, [f"j-{number}"]).fetchall()
    journey = JOURNEYS[number]
    assert {step for step, is_reached in steps if is_reached} == journey.reached
    assert {step for step, is_reached in steps if not is_reached} == journey.out_of_order


@pytest.mark.parametrize("number", range(len(SILENCES)), ids=lambda number: SILENCES[number].name)
def test_gaps_and_campaigns_start_sessions(built: Built, number: int) -> None:
    query = "select started_at from marts.sessions where visitor_id = ? order by started_at"
    begins = [moment for (moment,) in built.connection.execute(query, [f"q-{number}"]).fetchall()]
    assert begins == [begin_of(second) for second in SILENCES[number].begins]
