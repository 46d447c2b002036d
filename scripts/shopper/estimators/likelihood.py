"""Maximum likelihood over positive parameters, with a check of the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import optimize

Floats = npt.NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats]]

FITTED: Final = "fitted"
TOO_FEW: Final = "too_few_repeat_customers"
NOT_CONVERGED: Final = "not_converged"
AT_BOUNDARY: Final = "parameters_at_boundary"
NO_MEAN: Final = "no_mean_order_value"

# Largest gradient per customer at a maximum, and least distance of a parameter from its bounds (in logarithms).
_GRADIENT_LIMIT: Final = 1e-5
_BOUND_MARGIN: Final = 1e-3
_NEWTON_STEPS: Final = 8


@dataclass(frozen=True)
class Maximum:
    """A maximum: parameters, mean log-likelihood, and the status `fitted` or the reason why it can't be used."""

    parameters: tuple[float, ...]
    log_likelihood: float
    status: str


def maximize(objective: Objective, starts: Sequence[Sequence[float]], bounds: Sequence[tuple[float, float]]) -> Maximum:
    """The largest log-likelihood reached from any of the starts.

    `objective` takes the parameters and returns the mean log-likelihood per customer and its gradient. The search runs
    over the logarithms of the parameters, within `bounds`. The result has the mean log-likelihood. The status is
    `fitted` if the gradient vanishes at a maximum inside the bounds, and `parameters_at_boundary` if a parameter is at
    its bound (such as when no customer churns).
    """
    log_bounds = np.log(np.asarray(bounds, dtype=np.float64))

    def negative(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, gradient = objective(parameters)
        return -value, -gradient * parameters

    found = [
        optimize.minimize(
            negative,
            np.clip(np.log(np.asarray(start, dtype=np.float64)), log_bounds[:, 0], log_bounds[:, 1]),
            jac=True,
            # Without BLAS: for a few parameters, its threads cost many times the computation.
            method="TNC",
            bounds=[tuple(pair) for pair in log_bounds],
            options={"maxfun": 1000, "ftol": 1e-12, "gtol": 1e-6, "xtol": 1e-9},
        )
        for start in starts
    ]
    reached = [one for one in found if np.isfinite(one.fun)]
    if not reached:
        return Maximum((float("nan"),) * len(log_bounds), float("nan"), NOT_CONVERGED)
    best = _polished(negative, min(reached, key=lambda one: float(one.fun)).x, log_bounds)
    parameters = tuple(float(value) for value in np.exp(best))
    return Maximum(parameters, -negative(best)[0], _status(negative, best, log_bounds))


def dot(weights: Floats, values: Floats) -> float:
    """The weighted sum, independent of the number of threads (unlike a BLAS product)."""
    return float(np.sum(weights * values))


def _polished(negative: Objective, logs: Floats, log_bounds: Floats) -> Floats:
    """The point after Newton steps, as long as they reduce the gradient, so that the result does not depend on the
    start.
    """
    slope = np.max(np.abs(negative(logs)[1]))
    for _ in range(_NEWTON_STEPS):
        step = _solved(_hessian(negative, logs), negative(logs)[1])
        if step is None:
            break
        moved = np.clip(logs - step, log_bounds[:, 0], log_bounds[:, 1])
        moved_slope = np.max(np.abs(negative(moved)[1]))
        if not moved_slope < slope:
            break
        logs, slope = moved, moved_slope
    return logs


def _status(negative: Objective, logs: Floats, log_bounds: Floats) -> str:
    """The status of a point: whether it is a maximum inside the bounds."""
    if np.any(logs - log_bounds[:, 0] < _BOUND_MARGIN) or np.any(log_bounds[:, 1] - logs < _BOUND_MARGIN):
        return AT_BOUNDARY
    if np.max(np.abs(negative(logs)[1])) > _GRADIENT_LIMIT:
        return NOT_CONVERGED
    step = _solved(_hessian(negative, logs), negative(logs)[1])
    return NOT_CONVERGED if step is None else FITTED


def _hessian(negative: Objective, logs: Floats) -> Floats:
    """Second derivatives by central differences of the gradient, symmetrised."""
    step = 1e-4
    rows = []
    for place in range(len(logs)):
        move = np.zeros_like(logs)
        move[place] = step
        rows.append((negative(logs + move)[1] - negative(logs - move)[1]) / (2 * step))
    hessian = np.asarray(rows)
    return (hessian + hessian.T) / 2


def _solved(matrix: Floats, right: Floats) -> Floats | None:
    """The solution of a small symmetric system by Cholesky; None unless the matrix is positive definite.

    Written out because for four unknowns LAPACK's threads cost a hundred times the computation.
    """
    size = len(right)
    lower = np.zeros((size, size))
    for row in range(size):
        for column in range(row + 1):
            rest = matrix[row, column] - float(np.sum(lower[row, :column] * lower[column, :column]))
            if row != column:
                lower[row, column] = rest / lower[column, column]
            elif rest > 0:
                lower[row, row] = np.sqrt(rest)
            else:
                return None
    forward, solution = np.zeros(size), np.zeros(size)
    for row in range(size):
        forward[row] = (right[row] - float(np.sum(lower[row, :row] * forward[:row]))) / lower[row, row]
    for row in reversed(range(size)):
        solution[row] = (forward[row] - float(np.sum(lower[row + 1 :, row] * solution[row + 1 :]))) / lower[row, row]
    return solution
