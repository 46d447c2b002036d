"""Builds the sample on other engines and compares every mart with that of the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

import duckdb
import yaml

from shopper.engines.digests import table_digests
from shopper.engines.other_dbt import OtherDbt
from shopper.errors import BadInput

SCHEMAS: Final = ("marts", "audit")
EQUAL: Final = "equal"
ROUNDED: Final = "last digit"
DIFFERENT: Final = "DIFFERS"
# Tables whose doubles may differ in the last of their ten digits, by engine, each with its reason.
KNOWN: Final = Path(__file__).with_name("differences.yml")
# Enough to tell a last digit from a wrong number.
_ROUGH_DIGITS: Final = 8


@dataclass(frozen=True)
class Engine:
    """One way to build the project: its title, its environment beside the project, and how dbt builds there."""

    title: str
    environment: str
    build: Callable[[OtherDbt], Mapping[str, str]]


ENGINES: Final = {
    "dbt2": Engine("dbt 2, which runs SQL only", ".venv-dbt2", OtherDbt.build_in_passes),
    "duckdb2": Engine("dbt 1.12 on DuckDB 2", ".venv-duckdb2", OtherDbt.build),
    "spark": Engine("dbt 1.12 on Spark 4", ".venv-spark", OtherDbt.build_on_spark),
}


@dataclass(frozen=True)
class Parity:
    """Result of an engine: nodes that ran, seconds of the build, and how every table compares.

    tables: `equal`, `last digit` (doubles differ in the last of their ten digits) or `DIFFERS`, by table.
    """

    engine: str
    nodes: int
    seconds: float
    tables: Mapping[str, str]

    @property
    def surprises(self) -> list[str]:
        """Tables that differ without a known reason, and known differences that are none any more."""
        known = yaml.safe_load(KNOWN.read_text()).get(self.engine, {})
        return [table for table, found in self.tables.items() if found != (ROUNDED if table in known else EQUAL)]


def compare(names: Iterable[str], project: Path, warehouse: Path) -> list[Parity]:
    """Build the sample on each engine, with all its tests, and compare its tables with those of `warehouse`.

    Raises BadInput for an unknown engine or one whose environment is not installed, or if the warehouse holds no marts;
    CheckFailed if a build or one of its tests fails.
    """
    chosen = {name: _engine(name, project) for name in names}
    if not warehouse.is_file() or not _digests(warehouse):
        raise BadInput(f"{warehouse} holds no marts; make warehouse builds the sample there")
    results = []
    for name, engine in chosen.items():
        place = project / "target" / "engines" / name
        file = place / "shopper.duckdb"
        file.unlink(missing_ok=True)
        began = monotonic()
        statuses = engine.build(OtherDbt(_dbt(project, engine), project, file, place))
        results.append(Parity(name, len(statuses), monotonic() - began, compared(warehouse, file)))
    return results


def compared(wanted: Path, found: Path) -> dict[str, str]:
    """How each table of two warehouses compares, as in `Parity.tables`; a table that only one has differs."""
    exact = _equal(_digests(wanted), _digests(found))
    if all(exact.values()):
        return dict.fromkeys(exact, EQUAL)
    rough = _equal(_digests(wanted, _ROUGH_DIGITS), _digests(found, _ROUGH_DIGITS))
    return {table: EQUAL if is_equal else ROUNDED if rough[table] else DIFFERENT for table, is_equal in exact.items()}


def _equal(wanted: Mapping[str, object], found: Mapping[str, object]) -> dict[str, bool]:
    return {table: wanted.get(table) == found.get(table) for table in sorted(wanted.keys() | found.keys())}


def _engine(name: str, project: Path) -> Engine:
    if name not in ENGINES:
        raise BadInput(f"there is no engine {name}; expected {', '.join(ENGINES)}")
    if not _dbt(project, ENGINES[name]).is_file():
        raise BadInput(f"{ENGINES[name].environment} is not installed; make {name} installs it")
    return ENGINES[name]


def _dbt(project: Path, engine: Engine) -> Path:
    return project / engine.environment / "bin" / "dbt"


def _digests(warehouse: Path, digits: int = 10) -> dict[str, tuple[int, str]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            f"{schema}.{table}": digest
            for schema in SCHEMAS
            for table, digest in table_digests(connection, schema, digits).items()
        }
