"""Parts of a query that macros write the same everywhere: they are tested in `tests/macros`, not model by model."""

from __future__ import annotations

from sqlglot import exp


def is_of_a_macro(node: exp.Expr) -> bool:
    """Guards and digits of ratios and amounts, and what ratios repeat of their parts: macros write them, and have tests
    of their own.
    """
    if isinstance(node.parent, exp.Nullif | exp.Round) and not isinstance(node, exp.Add | exp.Sub | exp.Coalesce):
        return True
    if isinstance(node, exp.Literal) and node.parent is not None and isinstance(node.parent.parent, exp.Nullif):
        return True
    within: exp.Expr | None = node
    while within is not None and not isinstance(within, exp.Select):
        if isinstance(within.parent, exp.Round) and within.arg_key == "decimals":
            return True
        if _is_rounded_ratio(within) and not _is_in_default(node, within):
            return True
        if _is_of_a_mean(node, within) or _is_choice_of_digits(within):
            return True
        within = within.parent
    return False


def _is_rounded_ratio(node: exp.Expr) -> bool:
    """`case when ratio = 0 then 0 else round(ratio, digits of the ratio) end`."""
    default = node.args.get("default") if isinstance(node, exp.Case) else None
    return isinstance(default, exp.Round) and not isinstance(default.args.get("decimals"), exp.Literal)


def _is_of_a_mean(node: exp.Expr, within: exp.Expr) -> bool:
    """`(2 * abs(amount) * 100 + divisor) // (2 * divisor) * (case when amount < 0 then -0.01 else 0.01 end)`, all of it
    but the first amount, with its divisor.
    """
    if isinstance(within, exp.IntDiv):
        amount = within.find(exp.Abs)
        return amount is not None and not any(one is node for one in amount.this.walk())
    sign = within.expression if isinstance(within, exp.Mul) and within is node else within
    return isinstance(sign, exp.Case) and getattr(sign.args.get("default"), "name", "") == "0.01"


def _is_choice_of_digits(node: exp.Expr) -> bool:
    """The condition of a line's amount that chooses between two types of the same numbers."""
    return isinstance(node, exp.And) and isinstance(node.parent, exp.If) and "BETWEEN 0 AND 99999" in node.sql()


def _is_in_default(node: exp.Expr, case: exp.Expr) -> bool:
    return any(one is node for one in case.args["default"].walk())
