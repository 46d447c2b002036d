"""Attribution: properties for any paths, removal effects compared with brute force and with a common package."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pytest
from built_shop import Built
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper.crosscheck.oracle.attribution import Touch, markov_shares, split, weights
from shopper.estimators.markov import LOST, ORDER, START, credit_shares, removal_effects

CHANNELS: Final = ("affiliates", "app", "direct", "email", "paid_search")
MODELS: Final = (
    {"model": "first", "method": "position", "first_percent": 100, "last_percent": 0, "ignores_direct": False},
    {"model": "last", "method": "position", "first_percent": 0, "last_percent": 100, "ignores_direct": False},
    {"model": "last_non_direct", "method": "position", "first_percent": 0, "last_percent": 100, "ignores_direct": True},
    {"model": "linear", "method": "equal", "ignores_direct": False},
    {"model": "position", "method": "position", "first_percent": 40, "last_percent": 40, "ignores_direct": False},
    {"model": "time_decay", "method": "time_decay", "half_life_days": 7, "ignores_direct": False},
)
Paths = list[list[str]]

_NAMES: Final = [name for name in CHANNELS if name != "direct"]
_channels = st.sampled_from(CHANNELS)
_paths = st.lists(st.lists(_channels, min_size=1, max_size=6), min_size=1, max_size=12)
_lost = st.lists(st.lists(_channels, min_size=1, max_size=6), max_size=12)
_touches = st.lists(st.builds(Touch, _channels, st.integers(0, 30 * 86400)), min_size=1, max_size=8)


def transitions(won: Paths, lost: Paths) -> Counter[tuple[str, str]]:
    """Transitions of the chain, as the estimator expects them."""
    found: Counter[tuple[str, str]] = Counter()
    for paths, end in ((won, ORDER), (lost, LOST)):
        for path in paths:
            found.update(zip([START, *path], [*path, end], strict=True))
    return found


def shares(model: dict[str, object], touches: Sequence[Touch]) -> dict[str, Fraction]:
    found = weights(model, touches)
    return {channel: Fraction(weight, sum(found.values())) for channel, weight in found.items()}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(won=_paths, lost=_lost)
def test_removal_effects_equal_brute_force(won: Paths, lost: Paths) -> None:
    """The single inverse equals solving the chain again without each channel, in fractions."""
    converting = {channel for path in won for channel in path}
    found = credit_shares(removal_effects(transitions(won, lost)), converting)
    expected = markov_shares(won, lost)
    assert found.keys() == expected.keys()
    assert all(found[channel] == pytest.approx(float(expected[channel]), rel=1e-9) for channel in expected)
    assert sum(expected.values()) == 1


@settings(max_examples=200, deadline=None, derandomize=True)
@given(won=_paths, lost=_lost, names=st.permutations(CHANNELS))
def test_channel_names_do_not_change_removal_effects(won: Paths, lost: Paths, names: list[str]) -> None:
    renamed = dict(zip(CHANNELS, names, strict=True))
    before = removal_effects(transitions(won, lost))
    others = [[[renamed[channel] for channel in path] for path in paths] for paths in (won, lost)]
    after = removal_effects(transitions(*others))
    assert {renamed[channel]: effect for channel, effect in before.items()} == pytest.approx(after, rel=1e-9, abs=1e-12)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(won=_paths, lost=_lost)
def test_only_channels_before_orders_get_credit(won: Paths, lost: Paths) -> None:
    converting = {channel for path in won for channel in path}
    effects = removal_effects(transitions(won, lost))
    assert credit_shares(effects, converting).keys() == converting
    assert all(0 <= effect <= 1 + 1e-12 for effect in effects.values())


def test_only_markov_uses_lost_paths() -> None:
    """Computed by hand. The other models do not read lost paths. Lost paths through the app increase its effect."""
    won = [["app", "email"], ["email"]]
    assert markov_shares(won, []) == {"app": Fraction(1, 3), "email": Fraction(2, 3)}
    assert markov_shares(won, [["app", "email"], ["app", "email"]]) == {"app": Fraction(3, 7), "email": Fraction(4, 7)}


def test_removal_effects_equal_values_computed_by_hand() -> None:
    """Paths a > b > c (order), b > c (order), a > c (lost)."""
    chain = transitions([["a", "b", "c"], ["b", "c"]], [["a", "c"]])
    assert removal_effects(chain) == pytest.approx({"a": 2 / 3, "b": 2 / 3, "c": 1})


@settings(max_examples=300, deadline=None, derandomize=True)
@given(touches=_touches, model=st.sampled_from(MODELS), cents=st.integers(0, 10**7))
def test_credits_of_an_order_add_up(touches: list[Touch], model: dict[str, object], cents: int) -> None:
    found = weights(model, touches)
    assert found.keys() <= {touch.channel for touch in touches}
    assert sum(split(cents, found).values()) == cents
    assert sum(split(10**9, found).values()) == 10**9


@settings(max_examples=300, deadline=None, derandomize=True)
@given(touches=_touches, model=st.sampled_from(MODELS), names=st.permutations(_NAMES))
def test_channel_names_do_not_change_credits(touches: list[Touch], model: dict[str, object], names: list[str]) -> None:
    """Not even the assignment of odd cents changes. `direct` keeps its name, since it has a meaning."""
    renamed = {**dict(zip(_NAMES, names, strict=True)), "direct": "direct"}
    before = split(1_001, weights(model, touches))
    after = split(1_001, weights(model, [Touch(renamed[touch.channel], touch.age_seconds) for touch in touches]))
    assert {renamed[channel]: units for channel, units in before.items()} == after


@settings(max_examples=200, deadline=None, derandomize=True)
@given(touches=_touches)
def test_models_agree_on_special_paths(touches: list[Touch]) -> None:
    """A single touch gets everything; for two, position and linear give a half each; simultaneous touches decay
    equally.
    """
    by_name = {str(model["model"]): model for model in MODELS}
    assert all(shares(model, touches[:1]) == {touches[0].channel: 1} for model in MODELS)
    if len(touches) == 2:
        assert shares(by_name["position"], touches) == shares(by_name["linear"], touches)
    still = [Touch(touch.channel, 77) for touch in touches]
    assert shares(by_name["time_decay"], still) == shares(by_name["linear"], still)


def test_generated_paths_cover_all_cases(built: Built) -> None:
    """Long paths, several orders in a session, orders without a touch, and lost paths of buyers all occur."""
    query = """
        with
        touched_sessions as (
            select session_id from intermediate.int_touchpoints group by session_id having count(*) > 1
        )
        select
            count(*) filter (where order_id is not null and touches >= 3),
            count(*) filter (where order_id is not null and touches = 0),
            count(*) filter (where order_id is null and order_type = 'repeat'),
            (select count(*) from touched_sessions)
        from intermediate.int_attribution_paths
    """
    assert min(built.connection.execute(query).fetchone() or [0]) >= 30


@pytest.mark.comparison
def test_mart_equals_the_package(built: Built) -> None:
    """First, last and linear touch are equal for all orders; removal effects within the package's simulation error."""
    package = pytest.importorskip("ChannelAttribution", reason="the package ChannelAttribution is not installed")
    pandas = pytest.importorskip("pandas")
    rows = built.reader.rows("conversion_paths", where="touches > 0")
    columns = ["path", "conversions", "revenue", "non_conversions"]
    frame = pandas.DataFrame({column: [row[column] for row in rows] for column in columns})
    frame["revenue"] = frame["revenue"].astype(float)
    theirs = package.heuristic_models(frame, "path", "conversions", "revenue", flg_pro=False)
    ours: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in built.reader.rows("channel_attribution", where="order_type <> 'renewal'"):
        total = ours[row["model"], row["channel"]]
        total[0] += row["credited_orders"]
        total[1] += row["credited_revenue"]
    for row in theirs.to_dict("records"):
        for model in ("first", "last", "linear"):
            mine = ours[model, row["channel_name"]]
            assert float(mine[0]) == pytest.approx(row[f"{model}_touch_conversions"], abs=1e-5)
            assert float(mine[1]) == pytest.approx(row[f"{model}_touch_value"], abs=0.01 * len(rows))
    simulated = package.markov_model(
        frame, "path", "conversions", var_null="non_conversions", out_more=True, nsim_start=1e6, seed=7, verbose=False,
        flg_pro=False,
    )  # fmt: skip
    won, lost = (
        [row["path"].split(" > ") for row in rows for _ in range(row[column])]
        for column in ("conversions", "non_conversions")
    )
    effects = removal_effects(transitions(won, lost))
    for row in simulated["removal_effects"].to_dict("records"):
        assert effects[row["channel_name"]] == pytest.approx(row["removal_effect"], abs=0.01)
