"""A built warehouse on which a mutant is tried: what it changes, and which data test or second computation notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.bench.endurance.published import rows_digest
from shopper.bench.mutation.built import Built, DataTest, Model
from shopper.bench.mutation.limited import limited
from shopper.crosscheck.check import Check as Comparison
from shopper.crosscheck.check import Reader, run_check
from shopper.crosscheck.comparisons import CHECKS
from shopper.crosscheck.crosscheck import built_from, settings_of
from shopper.crosscheck.oracle.shop import compute
from shopper.engines.fitting import run_model
from shopper.sql import literal, quoted

_SECONDS: Final = 20.0
_MEMORY: Final = "5GB"


# A comparison with the second computation: whether it finds the marts right.
Check = Callable[[Reader], bool]


class _Recording(Reader):
    """A reader that keeps the names of what it reads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self.read: set[str] = set()

    def rows(self, mart: str, schema: str = "marts", where: str = "true") -> list[dict[str, Any]]:
        self.read.add(mart)
        return super().rows(mart, schema, where)


@dataclass(frozen=True)
class _Holding:
    """What holds models: a data test or a check of the second computation, with the models that it reads."""

    name: str
    test: DataTest | Check
    parents: frozenset[str]


@dataclass
class Trial:
    """A copy of the warehouse in memory. Mutants are tried inside a transaction that is rolled back.

    make_checks: the second computation, made once something needs it.
    """

    built: Built
    connection: duckdb.DuckDBPyConnection
    make_checks: Callable[[], Mapping[str, Check]]
    _prints: dict[str, object] = field(default_factory=dict)

    @cached_property
    def _holdings(self) -> list[_Holding]:
        """What passes on the warehouse as it was built."""
        found = [
            _Holding(f"data:{test.name}", test, test.parents) for test in self.built.data_tests if self._passes(test)
        ]
        for name, check in self.make_checks().items():
            reader = _Recording(self.connection)
            if check(reader):
                found.append(_Holding(f"crosscheck:{name}", check, frozenset(reader.read)))
        return found

    def _print(self, name: str) -> object:
        """The digest of a model as it was built. Asked for before a mutant is in the warehouse."""
        if name not in self._prints:
            self._prints[name] = rows_digest(self.connection, self.built.models[name].relation)
        return self._prints[name]

    def is_valid(self, sql: str) -> bool:
        """Whether the engine accepts the query."""
        try:
            self.connection.execute(f"explain {sql}")
        except duckdb.Error:
            return False
        return True

    def is_same(self, model: Model, sql: str) -> bool:
        """Whether a query gives the table of the model."""
        as_built = self._print(model.name)
        with limited(self.connection, _SECONDS):
            return rows_digest(self.connection, f"({sql})") == as_built

    def killer(self, model: Model, sql: str) -> str | None:
        """What notices that a model has this query, None if nothing does. The warehouse is as before after it."""
        affected = self._affected(model.name)
        for name in affected:
            self._print(name)
        due = self._due(affected)
        self.connection.execute("begin")
        try:
            with limited(self.connection, _SECONDS):
                return self._noticed(model, sql, due)
        except duckdb.InterruptException:
            return "time"
        except (duckdb.Error, ValueError, ArithmeticError, LookupError) as error:
            return f"error:{type(error).__name__}"
        finally:
            self.connection.execute("rollback")

    def _noticed(self, model: Model, sql: str, due: Mapping[str, list[_Holding]]) -> str | None:
        if model.folder.startswith("marts/") and self._types(f"({sql})") != self._types(model.relation):
            return "contract"
        changed: set[str] = set()
        for name, holdings in due.items():
            one = self.built.models[name]
            is_read_anew = name == model.name or bool(changed & set(one.parents))
            if is_read_anew and self._rebuilt(one, sql if name == model.name else one.sql):
                changed.add(name)
            for holding in holdings:
                if holding.parents & changed and not self._holds(holding.test):
                    return holding.name
            if not changed:
                return None
        return None

    def _rebuilt(self, model: Model, sql: str | None) -> bool:
        """Build a model again. Whether its rows differ from those before."""
        if model.is_python:
            run_model(self.connection, model.path, model.relation, self.built.relations)
        elif sql is not None:
            kind = "view" if model.is_view else "table"
            self.connection.execute(f"create or replace {kind} {model.relation} as ({sql}\n)")
        return rows_digest(self.connection, model.relation) != self._prints[model.name]

    def _affected(self, name: str) -> list[str]:
        """The model and everything that reads it, parents first."""
        found = {name}
        for one, model in self.built.models.items():
            if found & set(model.parents):
                found.add(one)
        return [one for one in self.built.models if one in found]

    def _due(self, affected: Iterable[str]) -> Mapping[str, list[_Holding]]:
        """The affected models in their order, each with the tests and checks of which it is the last that they read."""
        order = {name: place for place, name in enumerate(affected)}
        due: dict[str, list[_Holding]] = {name: [] for name in order}
        for holding in self._holdings:
            read = holding.parents & order.keys()
            if read:
                due[max(read, key=order.__getitem__)].append(holding)
        return due

    def _holds(self, test: DataTest | Check) -> bool:
        if isinstance(test, DataTest):
            return self._passes(test)
        return test(Reader(self.connection))

    def _passes(self, test: DataTest) -> bool:
        return not self.connection.execute(f"select 1 from ({test.sql}\n) limit 1").fetchall()

    def _types(self, relation: str) -> list[tuple[str, str]]:
        described = self.connection.execute(f"describe select * from {relation}").fetchall()
        return sorted((row[0], row[1]) for row in described)


def open_trial(built: Built, warehouse: Path, root: Path) -> Trial:
    """A trial on a built warehouse, which is only read."""
    connection = duckdb.connect(config={"threads": 1, "memory_limit": _MEMORY, "max_temp_directory_size": "1GB"})
    connection.execute("set TimeZone = 'UTC'")
    # Views name the database that they were built in, which has the name of its file.
    name = quoted(warehouse.stem)
    connection.execute(f"attach ':memory:' as {name}; attach {literal(str(warehouse))} as base_ (read_only)")
    connection.execute(f"copy from database base_ to {name}; detach base_; use {name}")
    settings = settings_of(root, {"raw_data": built_from(connection, warehouse)})

    def make_checks() -> Mapping[str, Check]:
        shop = compute(connection, root, settings)

        def passes(comparison: Comparison) -> Check:
            return lambda reader: run_check(comparison, shop, reader).passed

        return {f"{one.mart}, {one.what}": passes(one) for one in CHECKS}

    return Trial(built, connection, make_checks)
