"""Changes that no rows can tell from the query: by the shape of the query alone, so they are no mutants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

_REFUSING_NULL: Final = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In)


def is_made_distinct(union: exp.Union) -> bool:
    """Whether a union around this one removes doubles anyway."""
    outer = union.parent
    while isinstance(outer, exp.Union):
        if outer.args.get("distinct"):
            return True
        outer = outer.parent
    return False


def is_only_counted(literal: exp.Literal) -> bool:
    """Whether a constant is only counted, as in `count(case when ... then 1 end)`, or in the select of an `exists`."""
    branch = literal.parent
    if isinstance(branch, exp.If) and literal.arg_key == "true":
        return isinstance(branch.parent, exp.Case) and isinstance(branch.parent.parent, exp.Count)
    return isinstance(branch, exp.Select) and isinstance(branch.parent, exp.Exists)


def is_required(join: exp.Join) -> bool:
    """Whether a row without a match is left out by the filter or a later inner join anyway: inner or left join,
    the rows are the same.
    """
    select = join.parent
    if not isinstance(select, exp.Select):
        return False
    joins = select.args.get("joins") or []
    later = joins[[one is join for one in joins].index(True) + 1 :]
    where = select.args.get("where")
    conditions = [one.args["on"] for one in later if not one.side and one.args.get("on")]
    name = join.alias_or_name
    return any(
        _refuses_null(part, name) for one in [*conditions, *([where.this] if where else [])] for part in _conjuncts(one)
    )


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    elif isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    else:
        yield condition


def _refuses_null(condition: exp.Expr, table: str) -> bool:
    """Whether a condition fails where the columns of a table are null."""
    if isinstance(condition, exp.Not):
        inner = condition.this
        is_null = isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null)
        return _is_of(inner.this if is_null else inner, table)
    if isinstance(condition, _REFUSING_NULL):
        return any(_is_of(part, table) for part in (condition.this, condition.args.get("expression")))
    return _is_of(condition, table)


def _is_of(node: object, table: str) -> bool:
    return isinstance(node, exp.Column) and node.table == table
