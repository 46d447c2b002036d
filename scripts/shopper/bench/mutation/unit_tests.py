"""Unit tests of a model, run again on a changed model without dbt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
from sqlglot import exp
from sqlglot.errors import ParseError

from shopper.bench.mutation.built import Built
from shopper.bench.mutation.limited import limited
from shopper.bench.mutation.mutants import Mutant, changed, parsed, written
from shopper.sql import quoted

_ACTUAL: Final = "dbt_internal_unit_test_actual"
_GIVEN: Final = "__dbt__cte__"
_SEEDS: Final = "reference"
_SECONDS: Final = 5.0


@dataclass(frozen=True)
class _UnitTest:
    """A unit test whose given rows are tables of its own schema. columns: those that it compares."""

    name: str
    schema: str
    columns: str
    tree: exp.Expr
    expected: list[str]


class UnitTests:
    """The unit tests of one model that pass on the model as it is."""

    def __init__(self, built: Built, model: str, warehouse: duckdb.DuckDBPyConnection) -> None:
        """`warehouse` holds the seeds that some unit tests read as they are."""
        self._connection = duckdb.connect(config={"threads": 1, "memory_limit": "1GB"})
        self._connection.execute("set TimeZone = 'UTC'")
        unit_tests = list(built.unit_tests(model))
        if any(f"{_SEEDS}." in sql for _, sql in unit_tests):
            self._copy_seeds(warehouse)
        prepared = [self._prepared(name, sql) for name, sql in unit_tests]
        self._tests = [test for test in prepared if test and self._rows(test, test.tree) == test.expected]

    def __len__(self) -> int:
        return len(self._tests)

    def killer(self, mutant: Mutant) -> str | None:
        """The name of a test that fails on the mutant. None if there is none."""
        for test in self._tests:
            tree = changed(test.tree, mutant)
            if tree is not None and self._rows(test, tree) != test.expected:
                return test.name
        return None

    def _copy_seeds(self, warehouse: duckdb.DuckDBPyConnection) -> None:
        self._connection.execute(f"create schema {_SEEDS}")
        found = warehouse.execute(f"select table_name from duckdb_tables() where schema_name = '{_SEEDS}'").fetchall()
        for (name,) in found:
            rows = warehouse.execute(f"from {_SEEDS}.{quoted(name)}").to_arrow_table()
            self._connection.register("rows_", rows)
            self._connection.execute(f"create table {_SEEDS}.{quoted(name)} as from rows_")
            self._connection.unregister("rows_")

    def _prepared(self, name: str, sql: str) -> _UnitTest | None:
        """None if its rows are written in SQL that the parser does not know."""
        try:
            ctes = {one.alias: one.this for one in _ctes(parsed(sql))}
        except ParseError:
            return None
        shown = ctes[_ACTUAL]
        columns = ", ".join(written(one) for one in shown.expressions[:-1])
        tree = shown.args.get("from_", shown.args.get("from")).this.this.copy()
        schema = f"unit_{name}"
        self._connection.execute(f"create schema {quoted(schema)}; set schema = {quoted(schema)}")
        for cte in _ctes(tree):
            if cte.alias.startswith(_GIVEN):
                self._connection.execute(f"create table {quoted(cte.alias)} as {written(cte.this)}")
                cte.pop()
        if not _ctes(tree):
            tree.set("with_", None)
            tree.set("with", None)
        wanted = written(ctes["dbt_internal_unit_test_expected"])
        # dbt writes "no row" as none of the actual ones.
        rows = self._connection.execute(wanted).fetchall() if _ACTUAL not in wanted else []
        return _UnitTest(name, schema, columns, tree, sorted(repr(row[:-1]) for row in rows))

    def _rows(self, test: _UnitTest, tree: exp.Expr) -> list[str] | None:
        """The compared columns of the rows of a query. None if it fails."""
        try:
            with limited(self._connection, _SECONDS):
                self._connection.execute(f"set schema = {quoted(test.schema)}")
                found = self._connection.execute(f"select {test.columns} from ({written(tree)})").fetchall()
        except duckdb.Error:
            return None
        return sorted(map(repr, found))


def _ctes(tree: exp.Expr) -> Sequence[exp.CTE]:
    found = tree.args.get("with_") or tree.args.get("with")
    return list(found.expressions) if found else []
