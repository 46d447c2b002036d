"""A lint of compiled models for other engines: what sqlglot can't write as Spark, and what Spark takes for something
else or is slow at.

Reads SQL that `dbt compile` wrote for DuckDB. Findings that are right on both engines are counted in portability.yml,
with a reason for each kind; any other number of them is an error.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import sqlglot
import yaml
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

_KNOWN: Final = Path(__file__).with_name("portability.yml")
_DATE_NAME: Final = re.compile(r"(^|_)(date|month|day)$")
_VALUE_TEXT: Final = re.compile(r"[-\d][-\d.: T]*")
_ELEMENTS: Final = frozenset({"list_extract", "list_element", "array_extract"})
_WEEKDAYS: Final = frozenset({"DOW", "ISODOW", "DAYOFWEEK", "DAYOFWEEKISO", "WEEKDAY"})
_COMPARING: Final = (
    exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Add,
    exp.Sub, exp.Mul,
)  # fmt: skip


class _NullsFirst(DuckDB):
    """DuckDB's SQL, with null before all values where an ascending order does not say, as Spark has it."""

    NULL_ORDERING = "nulls_are_small"


def findings(sql: str) -> Iterator[tuple[str, str]]:
    """What in a query of DuckDB is an error, another value or slow on Spark: the kind of finding, and its SQL."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    try:
        tree.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.UnsupportedError as error:
        yield "not in Spark", str(error).splitlines()[0]
    if "order by" in sql.lower():
        read_by_spark = sqlglot.parse_one(sql, read=_NullsFirst).find_all(exp.Ordered)
        for ordered, other in zip(tree.find_all(exp.Ordered), read_by_spark, strict=True):
            if bool(ordered.args.get("nulls_first")) != bool(other.args.get("nulls_first")):
                yield "null order", ordered.sql("duckdb")
    for node in tree.walk():
        for kind in _kinds(node):
            yield kind, node.sql("duckdb")


def _kinds(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Div | exp.Mod) and not _is_never_zero(node.expression):
        yield "divisor that may be 0"
    if isinstance(node, exp.Div) and not (_has_double(node.this) or _has_double(node.expression)):
        yield "quotient without a double"
    if isinstance(node, exp.IntDiv) and not _is_cast(node.this, "INT128"):
        yield "whole quotient"
    if isinstance(node, exp.Sub) and _is_date(node.this) and _is_date(node.expression):
        yield "date minus date"
    if isinstance(node, exp.DayOfWeek | exp.DayOfWeekIso) or (
        isinstance(node, exp.Extract) and node.name.upper() in _WEEKDAYS
    ):
        yield "day of the week"
    if type(node) is exp.Concat:
        yield "concat of null"
    if isinstance(node, exp.Bracket) or (isinstance(node, exp.Anonymous) and node.name.lower() in _ELEMENTS):
        yield "element of a list"
    chosen = _chosen(node)
    families = {_family(part) for part in chosen} - {None}
    if len(families) > 1 or (len(chosen) > 1 and any(_is_value_text(part) for part in chosen)):
        yield "one of values of two types"
    if any(_is_value_text(part) for part in _compared(node)):
        yield "text compared with a value"
    if isinstance(node, exp.Connector) and _is_whole_condition(node) and _has_repeated_cast(node):
        yield "cast that may fail, twice in a condition"


def _is_whole_condition(node: exp.Expr) -> bool:
    """Whether a condition is no part of another, and computed for every row: in no branch of a choice."""
    while node.parent and not isinstance(node.parent, exp.Query):
        if _is_branch(node):
            return False
        node = node.parent
        if isinstance(node, exp.Connector):
            return False
    return True


def _is_branch(node: exp.Expr) -> bool:
    """Whether an expression is a part of a choice that is computed for some rows alone."""
    choice = node.parent
    if isinstance(choice, exp.Case):
        return node is not choice.this and node is not choice.args["ifs"][0]
    return isinstance(choice, exp.If | exp.Coalesce) and node is not choice.this


def _has_repeated_cast(condition: exp.Expr) -> bool:
    """Whether a `try_cast` stands twice in a condition, branches aside. Spark then computes it before the condition,
    for every row, and one that fails is slow there.
    """
    casts: Counter[str] = Counter()
    for part in _parts_for_every_row(condition):
        if isinstance(part, exp.TryCast):
            casts[part.sql("duckdb")] += 1
        if isinstance(part, exp.Between):
            twice = _parts_for_every_row(part.this)
            casts.update(cast.sql("duckdb") for cast in twice if isinstance(cast, exp.TryCast))
    return max(casts.values(), default=0) > 1


def _parts_for_every_row(expression: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of an expression that are computed wherever it is: no branches, and no queries of their own."""

    def is_apart(part: exp.Expr) -> bool:
        return part is not expression and (_is_branch(part) or isinstance(part, exp.Query))

    return (part for part in expression.walk(prune=is_apart) if not is_apart(part))


def _is_never_zero(divisor: exp.Expr) -> bool:
    """A number, or an expression that is null instead of 0."""
    divisor = divisor.unnest()
    while isinstance(divisor, exp.Cast):
        divisor = divisor.this.unnest()
    return isinstance(divisor, exp.Literal | exp.Nullif)


def _has_double(expression: exp.Expr) -> bool:
    return any(_is_cast(cast, "DOUBLE") for cast in expression.find_all(exp.Cast))


def _is_cast(expression: exp.Expr, kind: str) -> bool:
    expression = expression.unnest()
    return isinstance(expression, exp.Cast) and expression.to.this.value == kind


def _is_date(expression: exp.Expr) -> bool:
    expression = expression.unnest()
    if isinstance(expression, exp.Column):
        return bool(_DATE_NAME.search(expression.name))
    return _is_cast(expression, "DATE")


def _compared(node: exp.Expr) -> list[Any]:
    """The values that an expression compares, or adds and multiplies."""
    if isinstance(node, exp.In):
        return [node.this, *node.expressions]
    if isinstance(node, exp.Case) and node.this:
        return [node.this, *(branch.this for branch in node.args["ifs"])]
    return list(node.args.values()) if isinstance(node, _COMPARING) else []


def _chosen(node: exp.Expr) -> list[exp.Expr]:
    """The values of which an expression has one; none: it does not choose."""
    if isinstance(node, exp.Case):
        parts = [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")]
    elif isinstance(node, exp.If) and not isinstance(node.parent, exp.Case):
        parts = [node.args["true"], node.args.get("false")]
    elif isinstance(node, exp.Coalesce | exp.Greatest | exp.Least | exp.Nullif):
        parts = [node.this, *node.expressions, node.args.get("expression")]
    else:
        parts = []
    return [part for part in parts if part is not None and not isinstance(part, exp.Null)]


def _family(part: exp.Expr) -> str | None:
    """Kind of a value's type, as far as the expression alone tells it: text, number, or the type's own name."""
    part = part.unnest()
    if isinstance(part, exp.Literal):
        return "text" if part.is_string else "number"
    if isinstance(part, exp.Neg):
        return _family(part.this)
    if isinstance(part, exp.Boolean):
        return "BOOLEAN"
    if not isinstance(part, exp.Cast):
        return None
    if part.is_type(*exp.DataType.TEXT_TYPES):
        return "text"
    return "number" if part.is_type(*exp.DataType.NUMERIC_TYPES) else str(part.to.this.value)


def _is_value_text(part: object) -> bool:
    return isinstance(part, exp.Literal) and part.is_string and bool(_VALUE_TEXT.fullmatch(part.name))


def counted(folder: Path) -> dict[str, Counter[str]]:
    """Number of findings by kind and model, in all compiled models below a folder."""
    found: dict[str, Counter[str]] = {}
    for path in sorted(folder.rglob("models/**/*.sql")):
        if path.parent.suffix:
            continue  # A test that a YAML file declares.
        for kind, _place in findings(path.read_text(encoding="utf-8")):
            found.setdefault(kind, Counter())[path.stem] += 1
    return found


def surprises(found: Mapping[str, Mapping[str, int]], known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Models with another number of findings of a kind than is known, one message each."""
    messages = []
    for kind in sorted(found.keys() | known.keys()):
        wanted = known.get(kind, {}).get("models", {})
        counts = found.get(kind, {})
        for model in sorted(wanted.keys() | counts.keys()):
            if wanted.get(model, 0) != counts.get(model, 0):
                messages.append(f"{model}: {kind}: {counts.get(model, 0)}, known are {wanted.get(model, 0)}")
    return messages


def main(folder: str) -> None:
    """Check the compiled models below a folder; print what is not known and end with code 1 if there is any."""
    known: dict[str, dict[str, Any]] = yaml.safe_load(_KNOWN.read_text(encoding="utf-8"))
    messages = surprises(counted(Path(folder)), known)
    if messages:
        sys.exit("\n".join([*messages, f"docs/engines.md says what to write instead; {_KNOWN.name} has what is known"]))


if __name__ == "__main__":
    main(sys.argv[1])
