"""BG/NBD and Gamma-Gamma compared with published figures and numerical integration; edge cases."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, special, stats

from shopper.estimators import bg_nbd, clv, gamma_gamma
from shopper.estimators.bg_nbd import BgNbd, Histories
from shopper.estimators.gamma_gamma import GammaGamma, Spendings
from shopper.estimators.likelihood import AT_BOUNDARY, FITTED, NO_MEAN, TOO_FEW, Floats

DATA = Path(__file__).resolve().parent / "data"
CUTOFF = date(1997, 9, 30)
PUBLISHED = BgNbd(0.243, 4.414, 0.793, 2.426)


def one(value: float) -> Floats:
    """An array of one number."""
    return np.asarray([float(value)])


def grouped(name: str) -> pa.Table:
    """A committed table of CDNOW's 2,357-customer sample, calibrated to 1997-09-30, with its cut-off."""
    rows = list(csv.DictReader((DATA / name).read_text().splitlines()))
    columns = {key: [float(row[key]) if "." in row[key] else int(row[key]) for row in rows] for key in rows[0]}
    return pa.table({**columns, "cutoff_date": pa.array([CUTOFF] * len(rows), pa.date32())})


def cutoffs(least: int = 100, discount_rate: float = 0.01, horizon_days: int = 365) -> pa.Table:
    """A cut-off as in the model int_clv_cutoffs."""
    row = {
        "cutoff_date": CUTOFF,
        "horizon_days": horizon_days,
        "min_repeat_customers": least,
        "monthly_discount_rate": discount_rate,
    }
    return pa.Table.from_pylist([row])


@pytest.fixture(scope="module")
def cdnow() -> dict[str, object]:
    """The fit on the sample."""
    fitted = clv.fits(cutoffs(), grouped("cdnow_rhythms.csv"), grouped("cdnow_spendings.csv"))
    return dict(fitted.to_pylist()[0])


def test_bg_nbd_finds_the_published_parameters(cdnow: dict[str, object]) -> None:
    assert [round(float(str(cdnow[name])), 3) for name in ("r", "alpha", "a", "b")] == [0.243, 4.414, 0.793, 2.426]
    assert round(float(str(cdnow["bg_nbd_log_likelihood"])), 2) == -9582.43
    assert (cdnow["bg_nbd_status"], cdnow["bg_nbd_customers"]) == (FITTED, 2357)


def test_gamma_gamma_finds_the_published_parameters(cdnow: dict[str, object]) -> None:
    assert [float(str(cdnow[name])) for name in "pqv"] == pytest.approx([6.25, 3.74, 15.44], rel=0.002)
    assert (cdnow["gamma_gamma_status"], cdnow["gamma_gamma_customers"]) == (FITTED, 946)


def test_expected_purchases_equal_the_published_example() -> None:
    expected = bg_nbd.expected_purchases(PUBLISHED, one(2), one(30.43), one(38.86), 39)
    assert round(float(expected[0]), 3) == 1.226


def over_customers(model: BgNbd, value: Callable[[Floats, Floats], Floats]) -> float:
    """The mean of a function of rate and dropout probability over the model's customers, on a fine grid of both."""
    nodes, weights = special.roots_legendre(300)
    longest = stats.gamma(model.r, scale=1 / model.alpha).isf(1e-15)
    rate, dropout = (nodes + 1)[:, None] / 2 * longest, (nodes + 1)[None, :] / 2
    density = stats.gamma(model.r, scale=1 / model.alpha).pdf(rate) * stats.beta(model.a, model.b).pdf(dropout)
    return float((value(rate, dropout) * density * weights[:, None] * weights[None, :]).sum() * longest / 4)


@pytest.mark.parametrize(("x", "recency", "age"), [(0, 0.0, 20.0), (1, 3.0, 20.0), (4, 17.0, 20.0)])
def test_bg_nbd_equals_numerical_integration(x: int, recency: float, age: float) -> None:
    model, horizon = BgNbd(2.0, 6.0, 2.0, 3.0), 12.0

    def stayed(rate: Floats, dropout: Floats) -> Floats:
        return (1 - dropout) ** x * rate**x * np.exp(-rate * age)

    def left(rate: Floats, dropout: Floats) -> Floats:
        return dropout * (1 - dropout) ** (x - 1) * rate**x * np.exp(-rate * recency) if x else 0 * rate * dropout

    def to_come(rate: Floats, dropout: Floats) -> Floats:
        return stayed(rate, dropout) * -np.expm1(-rate * dropout * horizon) / dropout

    alive = over_customers(model, stayed)
    likelihood = alive + over_customers(model, left)
    history = Histories(one(x), one(recency), one(age), one(1))
    assert bg_nbd.mean_log_likelihood(model, history) == pytest.approx(np.log(likelihood), rel=1e-6)
    still_there = bg_nbd.probability_alive(model, one(x), one(recency), one(age))[0]
    assert still_there == pytest.approx(alive / likelihood, rel=1e-6)
    expected = bg_nbd.expected_purchases(model, one(x), one(recency), one(age), horizon)[0]
    assert expected == pytest.approx(over_customers(model, to_come) / likelihood, rel=1e-6)


@pytest.mark.parametrize("orders", [1, 5])
def test_gamma_gamma_equals_numerical_integration(orders: int) -> None:
    model, total = GammaGamma(3.0, 2.5, 20.0), 31.0 * orders
    rates = stats.gamma(model.q, scale=1 / model.v)

    def density(rate: float) -> float:
        return float(stats.gamma.pdf(total / orders, model.p * orders, scale=1 / (rate * orders)) * rates.pdf(rate))

    likelihood = integrate.quad(density, 0, 5, epsrel=1e-9)[0]
    expected = integrate.quad(lambda rate: model.p / rate * density(rate), 0, 5, epsrel=1e-9)[0]
    spending = Spendings(one(orders), one(total), one(1))
    assert gamma_gamma.mean_log_likelihood(model, spending) == pytest.approx(np.log(likelihood))
    assert gamma_gamma.expected_order_value(model, one(orders), one(total))[0] == pytest.approx(expected / likelihood)


shape = st.floats(0.05, 20)


@settings(max_examples=40, deadline=None)
@given(shape, st.floats(0.1, 100), shape, shape, st.integers(0, 40), st.floats(0.2, 120), st.floats(1, 120))
def test_closed_form_and_quadrature_agree(
    r: float, alpha: float, a: float, b: float, x: int, age: float, horizon: float
) -> None:
    model = BgNbd(r, alpha, a, b)
    exact = bg_nbd._closed_form(model, one(x), one(age), horizon)[0]
    if min(abs(a - 1), abs(a + b + x - 1)) > 1e-3 and np.isfinite(exact):
        assert bg_nbd._by_quadrature(model, one(x), one(age), horizon)[0] == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("a", [1.0, 1 + 1e-7, 1 - 1e-7])
def test_expected_purchases_are_continuous_at_the_singularity(a: float) -> None:
    beside = [
        bg_nbd.expected_purchases(BgNbd(0.5, 5, near, 2), one(3), one(20), one(30), 52)[0] for near in (0.999, a, 1.001)
    ]
    assert beside[1] == pytest.approx((beside[0] + beside[2]) / 2, rel=1e-5)


row = st.tuples(shape, st.integers(0, 30), st.floats(0, 1), st.floats(1, 200))


@settings(max_examples=25, deadline=None)
@given(st.lists(row, min_size=1, max_size=6), shape, shape)
def test_gradients_equal_numerical_derivatives(
    rows: list[tuple[float, int, float, float]], first: float, second: float
) -> None:
    table = np.asarray(rows)
    x, age = table[:, 1], table[:, 3]
    rhythm = bg_nbd._Objective(Histories(x, np.where(x > 0, table[:, 2] * age, 0), age, table[:, 0]))
    spending = gamma_gamma._Objective(Spendings(x + 1, age, table[:, 0]))
    for objective, point in ((rhythm, [first, 10 * second, second, first]), (spending, [first, second, 10 * first])):
        numeric = optimize.approx_fprime(np.asarray(point), lambda at, of=objective: of(at)[0], 1e-7)
        assert objective(np.asarray(point))[1] == pytest.approx(numeric, rel=2e-3, abs=2e-5)


def test_many_histories_are_integrated_in_parts() -> None:
    x, age = np.arange(9000) % 40 + 0.0, np.arange(9000) % 77 + 1.0
    model = BgNbd(1.4, 1.4, 0.2, 278.0)
    expected = bg_nbd.expected_purchases_if_alive(model, x, age, 52)
    assert expected[[0, 5000, 8999]] == pytest.approx(bg_nbd._closed_form(model, x, age, 52)[[0, 5000, 8999]], rel=1e-7)


def simulated(customers: int, seed: int, leaves: bool = True) -> Histories:
    """Histories drawn from BG/NBD (r 0.8, alpha 6 weeks, a 0.7, b 2.2), ages of up to 78 weeks in whole days."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(customers):
        rate, dropout = random.gamma(0.8, 1 / 6), random.beta(0.7, 2.2) if leaves else 0.0
        age, at, x, last = float(random.integers(26 * 7, 78 * 7)) / 7, 0.0, 0, 0.0
        while (at := at + random.exponential(1 / rate)) <= age:
            x, last = x + 1, at
            if random.random() < dropout:
                break
        rows.append((x, last, age, 1.0))
    return Histories(*np.asarray(rows).T)


def test_bg_nbd_finds_the_simulated_parameters() -> None:
    model, found = bg_nbd.fit(simulated(6000, 1))
    assert found.status == FITTED
    assert [model.r, model.alpha] == pytest.approx([0.8, 6], rel=0.1)
    assert model.a / (model.a + model.b) == pytest.approx(0.7 / 2.9, rel=0.15)


def test_a_population_without_churn_is_reported_as_boundary() -> None:
    assert bg_nbd.fit(simulated(2000, 2, leaves=False))[1].status == AT_BOUNDARY


def test_a_population_without_a_mean_is_reported() -> None:
    random = np.random.default_rng(3)
    rates = random.gamma(0.6, 1 / 10, 4000)
    total = random.gamma(2.0 * 3, 1 / rates)
    model, found = gamma_gamma.fit(Spendings(np.full(4000, 3.0), total, np.ones(4000)))
    assert (found.status, model.mean) == (NO_MEAN, float("inf"))
    assert model.q == pytest.approx(0.6, rel=0.1)


def test_too_few_customers_get_no_parameters() -> None:
    row = clv.fits(cutoffs(least=2000), grouped("cdnow_rhythms.csv"), grouped("cdnow_spendings.csv")).to_pylist()[0]
    assert (row["bg_nbd_status"], row["gamma_gamma_status"]) == (TOO_FEW, TOO_FEW)
    assert (row["bg_nbd_customers"], row["r"], row["p"]) == (2357, None, None)


def test_no_customers_give_empty_typed_tables() -> None:
    rhythms, spendings = grouped("cdnow_rhythms.csv").slice(0, 0), grouped("cdnow_spendings.csv").slice(0, 0)
    fitted = clv.fits(cutoffs(), rhythms, spendings)
    assert (fitted.schema, fitted.to_pylist()[0]["bg_nbd_status"]) == (clv.FITS, TOO_FEW)
    assert clv.fits(cutoffs().slice(0, 0), rhythms, spendings).schema == clv.FITS
    predicted = clv.rhythm_predictions(cutoffs(), rhythms, fitted)
    assert (predicted.schema, predicted.num_rows) == (clv.RHYTHM_PREDICTIONS, 0)


def test_customers_of_one_history_are_counted_together() -> None:
    columns = ("repeat_days", "recency_days", "age_days", "positive_repeat_days", "positive_repeat_value")
    rows = [(2, 14, 70, 1, 40), (2, 14, 70, 2, 40), (0, 0, 70, 0, 0), (2, 14, 70, 1, 40)]
    money = pa.decimal128(18, 2)
    histories = pa.table(
        {"cutoff_date": pa.array([CUTOFF] * len(rows), pa.date32())}
        | {name: pa.array([row[place] for row in rows]) for place, name in enumerate(columns[:-1])}
        | {columns[-1]: pa.array([Decimal(row[-1]) for row in rows], money)}
    )
    rhythms, spendings = clv.rhythms(histories), clv.spendings(histories)
    assert sorted(row["customers"] for row in rhythms.to_pylist()) == [1, 3]
    assert rhythms.column_names == ["cutoff_date", "repeat_days", "recency_days", "age_days", "customers"]
    assert sorted((row["repeat_days"], row["repeat_value"], row["customers"]) for row in spendings.to_pylist()) == [
        (1, Decimal("40.00"), 2),
        (2, Decimal("40.00"), 1),
    ]


def test_row_order_does_not_change_the_fits() -> None:
    rhythms, spendings = grouped("cdnow_rhythms.csv"), grouped("cdnow_spendings.csv")
    shuffled = [table.take(np.random.default_rng(4).permutation(table.num_rows)) for table in (rhythms, spendings)]
    fitted = clv.fits(cutoffs(), rhythms, spendings)
    assert clv.fits(cutoffs(), *shuffled).equals(fitted)
    predicted = clv.rhythm_predictions(cutoffs(), rhythms, fitted)
    assert clv.rhythm_predictions(cutoffs(), shuffled[0], fitted).equals(predicted)


def test_a_discount_makes_later_orders_count_less() -> None:
    rhythms, spendings = grouped("cdnow_rhythms.csv"), grouped("cdnow_spendings.csv")
    fitted = clv.fits(cutoffs(), rhythms, spendings)
    plain, cut = (clv.rhythm_predictions(cutoffs(discount_rate=rate), rhythms, fitted) for rate in (0.0, 0.01))
    assert plain["discounted_orders"].to_pylist() == pytest.approx(plain["predicted_orders"].to_pylist(), rel=1e-8)
    factors = np.asarray(cut["discounted_orders"]) / np.asarray(cut["predicted_orders"])
    assert factors.max() < 1 / 1.01
    assert factors.min() > 1 / 1.01**12
    once = [x == 0 for x in cut["repeat_days"].to_pylist()]
    assert [value is None for value in cut["probability_alive"].to_pylist()] == once


def test_a_horizon_ends_on_its_last_day() -> None:
    assert clv._month_ends(365)[-1] == pytest.approx(365)
    assert len(clv._month_ends(365)) == 12
    assert clv._month_ends(273)[-1] == 273
    assert clv._month_ends(7) == [7.0]
