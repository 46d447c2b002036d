"""The mutants of a query: copies with one changed node each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp

from shopper.bench.mutation.operators import changes

_DIALECT: Final = "duckdb"
_SHOWN: Final = 100


@dataclass(frozen=True)
class Mutant:
    """One change of one node of a model.

    step: the CTE that holds the node, empty for the last select. node: its number within the step. change: which of the
    changes of the node. text: what was done, before and after; from the second that reads the same on, with its number.
    key: the same in every run, as long as the compiled model stays as it is.
    """

    model: str
    step: str
    node: int
    change: int
    text: str
    key: str


def parsed(sql: str) -> exp.Expr:
    """The tree of a query. Raises sqlglot.errors.ParseError."""
    return sqlglot.parse_one(sql, dialect=_DIALECT)


def written(tree: exp.Expr) -> str:
    """A tree as SQL."""
    return tree.sql(dialect=_DIALECT, comments=False)


def mutants(model: str, tree: exp.Expr) -> list[Mutant]:
    """Every mutant of a query, in an order that is as good as random and always the same."""
    digest = hashlib.sha256(written(tree).encode()).hexdigest()
    found = []
    seen: Counter[str] = Counter()
    for step, root in _steps(tree).items():
        for number, node in enumerate(_nodes(root)):
            for change, (name, new) in enumerate(changes(node)):
                text = f"{name}: {_short(node)} -> {_short(new) if new else 'nothing'}"
                seen[text] += 1
                text += f" ({seen[text]})" if seen[text] > 1 else ""
                key = hashlib.sha256(f"{model} {digest} {step} {number} {change}".encode()).hexdigest()[:16]
                found.append(Mutant(model, step, number, change, text, key))
    return sorted(found, key=lambda mutant: mutant.key)


def changed(tree: exp.Expr, mutant: Mutant) -> exp.Expr | None:
    """A copy of a query with the mutant's change. None if the query has no such node, or the node no such change."""
    copy = tree.copy()
    root = _steps(copy).get(mutant.step)
    node = next((one for place, one in enumerate(_nodes(root)) if place == mutant.node), None) if root else None
    made = list(changes(node)) if node else []
    if node is None or mutant.change >= len(made):
        return None
    new = made[mutant.change][1]
    if node is copy:
        return new
    node.replace(new)
    return copy


def _steps(tree: exp.Expr) -> dict[str, exp.Expr]:
    """The body of every CTE by its name, and the last select by the empty name."""
    ctes = tree.args.get("with_") or tree.args.get("with")
    found = {one.alias: one.this for one in ctes.expressions} if ctes else {}
    return {**found, "": tree}


def _nodes(root: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of a step, without the CTEs in front of it, and without schemas: a unit test's own tables have none."""
    for node in root.walk(prune=lambda one: isinstance(one, exp.With)):
        is_schema = isinstance(node.parent, exp.Table) and node.arg_key in ("db", "catalog")
        if not isinstance(node, exp.With) and not is_schema:
            yield node


def _short(node: exp.Expr) -> str:
    text = " ".join(written(node).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
