"""What can be changed in a node of a query, one change each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlglot import exp

from shopper.bench.mutation.equal_changes import is_made_distinct, is_only_counted, is_required
from shopper.bench.mutation.macro_code import is_of_a_macro

# The changed node, and what was done, in a word or two.
Change = tuple[str, exp.Expr | None]

_SWAPPED: Final[dict[type[exp.Expr], type[exp.Expr]]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.NEQ: exp.EQ,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
    exp.Mul: exp.Div,
    exp.Div: exp.Mul,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Sum: exp.Max,
    exp.Avg: exp.Max,
    exp.ArgMax: exp.ArgMin,
    exp.ArgMin: exp.ArgMax,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
    exp.Lag: exp.Lead,
    exp.Lead: exp.Lag,
}


def changes(node: exp.Expr) -> Iterator[Change]:
    """Every change of a node. The node itself stays as it is. None as the new node means that it is removed."""
    if is_of_a_macro(node):
        return
    if type(node) in _SWAPPED:
        yield "swapped", _SWAPPED[type(node)](**_copied(node))
    for kind, change in _CHANGES:
        if isinstance(node, kind):
            yield from change(node)


def _copied(node: exp.Expr) -> dict[str, Any]:
    return dict(node.copy().args)


def _with(node: exp.Expr, **values: Any) -> exp.Expr:
    changed = node.copy()
    for name, value in values.items():
        changed.set(name, value)
    return changed


def _in_join(node: exp.Expr) -> bool:
    return isinstance(node.find_ancestor(exp.Join, exp.Select), exp.Join)


def _equal(node: exp.EQ) -> Iterator[Change]:
    # The equality of a join is kept: without it every row meets every other.
    if not _in_join(node):
        yield "swapped", exp.NEQ(**_copied(node))


def _connector(node: exp.Connector) -> Iterator[Change]:
    for part, other in ((node.left, node.right), (node.right, node.left)):
        # What macros write as `and true` says nothing.
        if other != exp.true() and (not _in_join(node) or part.find(exp.EQ)):
            yield "one side only", part.copy()
    if not _in_join(node):
        yield "swapped", (exp.Or if isinstance(node, exp.And) else exp.And)(**_copied(node))


def _negation(node: exp.Not) -> Iterator[Change]:
    yield "negation removed", node.this.copy()


def _is(node: exp.Is) -> Iterator[Change]:
    if not isinstance(node.parent, exp.Not):
        yield "negated", exp.Not(this=exp.Paren(this=node.copy()))


def _filter(node: exp.Where | exp.Qualify | exp.Having) -> Iterator[Change]:
    if not isinstance(node.parent, exp.Filter):
        yield "filter removed", None


def _aggregate_filter(node: exp.Filter) -> Iterator[Change]:
    yield "filter removed", node.this.copy()


def _join(node: exp.Join) -> Iterator[Change]:
    if node.args.get("method") or not node.args.get("on") or is_required(node):
        return
    if node.side == "LEFT":
        yield "inner join", _with(node, side=None, kind="INNER")
    elif not node.side and node.kind in ("", "INNER"):
        yield "left join", _with(node, side="LEFT", kind=None)


def _window(node: exp.Window) -> Iterator[Change]:
    parts = node.args.get("partition_by") or []
    for place in range(len(parts)):
        kept = [part.copy() for index, part in enumerate(parts) if index != place]
        yield "partition removed", _with(node, partition_by=kept or None)


def _ordered(node: exp.Ordered) -> Iterator[Change]:
    yield "order reversed", _with(node, desc=not node.args.get("desc"))


def _coalesce(node: exp.Coalesce) -> Iterator[Change]:
    yield "first only", node.this.copy()
    yield "last only", node.expressions[-1].copy()


def _count(node: exp.Count) -> Iterator[Change]:
    if isinstance(node.this, exp.Distinct):
        yield "not distinct", exp.Count(this=node.this.expressions[0].copy())
    elif not isinstance(node.this, exp.Star):
        yield "all rows", exp.Count(this=exp.Star())


def _case(node: exp.Case) -> Iterator[Change]:
    branches = node.args["ifs"]
    for place in range(len(branches) if len(branches) > 1 else 0):
        yield "branch removed", _with(node, ifs=[one.copy() for at, one in enumerate(branches) if at != place])
    if node.args.get("default") and not isinstance(node.args["default"], exp.Null):
        yield "else removed", _with(node, default=None)


def _between(node: exp.Between) -> Iterator[Change]:
    low, high = node.args["low"], node.args["high"]
    for lower, upper in ((exp.GT, exp.LTE), (exp.GTE, exp.LT)):
        first = lower(this=node.this.copy(), expression=low.copy())
        yield (
            "bound excluded",
            exp.Paren(this=exp.And(this=first, expression=upper(this=node.this.copy(), expression=high.copy()))),
        )


def _member(node: exp.In) -> Iterator[Change]:
    if len(node.expressions) > 1:
        for place in range(len(node.expressions)):
            yield (
                "member removed",
                _with(node, expressions=[one.copy() for at, one in enumerate(node.expressions) if at != place]),
            )


def _distinct(node: exp.Select) -> Iterator[Change]:
    if node.args.get("distinct"):
        yield "not distinct", _with(node, distinct=None)


def _union(node: exp.Union) -> Iterator[Change]:
    if not is_made_distinct(node):
        yield "distinct or all", _with(node, distinct=not node.args.get("distinct"))


def _boolean(node: exp.Boolean) -> Iterator[Change]:
    yield "flipped", exp.Boolean(this=not node.this)


def _constant(node: exp.Literal) -> Iterator[Change]:
    parent = node.parent
    if isinstance(parent, exp.DataTypeParam | exp.Ordered | exp.Group) or node.arg_key in ("unit", "zone"):
        return
    if is_only_counted(node):
        return
    if node.is_string and isinstance(parent, exp.Interval) and node.this.isdigit():
        yield "one more", exp.Literal.string(str(int(node.this) + 1))
    elif node.is_string:
        yield "other text", exp.Literal.string(node.this + "~")
    elif node.is_int:
        yield "one more", exp.Literal.number(int(node.this) + 1)
    else:
        yield "one more", exp.Literal.number(f"({node.this} + 1)")


_CHANGES: Final[tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[..., Iterator[Change]]], ...]] = (
    (exp.EQ, _equal),
    ((exp.And, exp.Or), _connector),
    (exp.Not, _negation),
    (exp.Is, _is),
    ((exp.Where, exp.Qualify, exp.Having), _filter),
    (exp.Filter, _aggregate_filter),
    (exp.Join, _join),
    (exp.Window, _window),
    (exp.Ordered, _ordered),
    (exp.Coalesce, _coalesce),
    (exp.Count, _count),
    (exp.Case, _case),
    (exp.Between, _between),
    (exp.In, _member),
    (exp.Select, _distinct),
    (exp.Union, _union),
    (exp.Boolean, _boolean),
    (exp.Literal, _constant),
)
