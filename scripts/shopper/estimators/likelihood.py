"""Maximum likelihood over positive parameters, and how it can be told that it went well."""

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

# The gradient per customer, and how far (in logarithms) from a bound a parameter must stay.
_GRADIENT_LIMIT: Final = 1e-5
_BOUND_MARGIN: Final = 1e-3
_NEWTON_STEPS: Final = 8


@dataclass(frozen=True)
class Maximum:
    """Where a likelihood is largest: parameters, log-likelihood, and `fitted` or why it is not to be trusted."""

    parameters: tuple[float, ...]
    log_likelihood: float
    status: str


def maximize(objective: Objective, starts: Sequence[Sequence[float]], bounds: Sequence[tuple[float, float]]) -> Maximum:
    """The largest log-likelihood reached from any of the starts.

    `objective` takes the parameters and gives the mean log-likelihood of a customer and its gradient with respect to
    the parameters. The search runs over their logarithms, within `bounds`. The log-likelihood returned is the mean,
    too. It counts as `fitted` when the gradient vanishes at a true maximum inside the bounds: a parameter that runs to
    its bound (nobody ever leaves, say) is `parameters_at_boundary`.
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
            # Without BLAS, whose threads cost many times as much as a handful of parameters.
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
    """The weighted sum, the same at any thread count (a BLAS product is not)."""
    return float(np.sum(weights * values))


def _polished(negative: Objective, logs: Floats, log_bounds: Floats) -> Floats:
    """The point after Newton's steps for as long as they make the gradient smaller, so that starts leave no trace."""
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
    """Whether the point is a true maximum inside the bounds."""
    if np.any(logs - log_bounds[:, 0] < _BOUND_MARGIN) or np.any(log_bounds[:, 1] - logs < _BOUND_MARGIN):
        return AT_BOUNDARY
    if np.max(np.abs(negative(logs)[1])) > _GRADIENT_LIMIT:
        return NOT_CONVERGED
    step = _solved(_hessian(negative, logs), negative(logs)[1])
    return NOT_CONVERGED if step is None else FITTED


def _hessian(negative: Objective, logs: Floats) -> Floats:
    """Second derivatives from central differences of the gradient, made symmetric."""
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

    Written out because LAPACK's threads cost a hundred times as much as four unknowns.
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
