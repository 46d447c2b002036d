"""Lists of customers as CSV and Parquet, from the current generation.

Files: `<folder>/<audience>.csv` and `.parquet`, each replaced atomically. `<publish>/exports.json` records every
export, so that an erasure can rewrite it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import yaml

from shopper.conditions import bracketed, is_condition
from shopper.errors import BadInput, CheckFailed, not_written
from shopper.locks import exclusive
from shopper.sql import literal, quoted, reason

_REGISTER: Final = "exports.json"
# Spreadsheets treat a cell with such a beginning as a formula (OWASP, CSV Injection), whatever spaces and characters
# that are not shown stand before it. Includes full-width and small forms.
_FORMULA: Final = "^(?:[\\t\\r\\n]|[\\s\\p{Z}\\p{C}]*[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])"


@dataclass(frozen=True)
class Audience:
    """A list: its purpose, its mart and the order of its rows."""

    name: str
    purpose: str
    mart: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """A requested list: the audience, the folder, and a filter (SQL on the mart's columns; None for all rows)."""

    audience: str
    folder: str
    where: str | None = None


@dataclass(frozen=True)
class Exported:
    """A written list: its files, its number of rows, and the id of its generation."""

    export: Export
    files: tuple[Path, ...]
    rows: int
    generation: str


@cache
def audiences() -> Mapping[str, Audience]:
    """The audiences in audiences.yml, by name."""
    document = yaml.safe_load(Path(__file__).with_name("audiences.yml").read_text(encoding="utf-8"))
    return {
        name: Audience(name, entry["purpose"], entry["mart"], tuple(entry["order"])) for name, entry in document.items()
    }


def export(publish: Path, stem: str, requested: Sequence[Export]) -> list[Exported]:
    """Write lists from the current generation in `publish`, whose file is `<stem>.duckdb`.

    Raises BadInput for an unknown audience, an invalid filter, a folder that can't be written or a mart that is not
    published, Locked while another export or an erasure writes lists. Earlier files stay unchanged after an error.
    """
    for one in requested:
        if one.audience not in audiences():
            raise BadInput(f"audience {one.audience!r}: expected one of {', '.join(audiences())}")
    current = publish / "current"
    if not current.is_dir():
        raise BadInput(f"{publish}: nothing is published there")
    # Without the lock, a list read before an erasure could be written after it.
    with _exporting(publish):
        return [_write(current.resolve(), stem, one, publish) for one in requested]


def renew_exports(publish: Path, stem: str, forgotten: Collection[str] = ()) -> tuple[Path, ...]:
    """Rewrite every recorded list from the current generation. Returns the files.

    A list whose filter contains an id in `forgotten`, or whose mart is no longer published, is removed. Raises
    CheckFailed if a list can be neither rewritten nor removed.
    """
    renewed: list[Path] = []
    with _exporting(publish):
        for one in _registered(publish):
            if any(customer in (one.where or "") for customer in forgotten):
                _remove(one, "its filter contains the id of an erased customer")
                _write_register(publish, [known for known in _registered(publish) if known != one])
                continue
            try:
                renewed.extend(_write((publish / "current").resolve(), stem, one).files)
            except (BadInput, CheckFailed) as error:
                _remove(one, str(error))
    return tuple(renewed)


def _remove(requested: Export, why: str) -> None:
    try:
        for file in (*_files(requested), *_fresh(requested)):
            file.unlink(missing_ok=True)
    except OSError as problem:
        raise CheckFailed(f"{why}; and {problem}: remove it by hand") from problem


def _exporting(publish: Path) -> AbstractContextManager[None]:
    return exclusive(publish / ".exports.lock", "shopper export")


def _write(generation: Path, stem: str, requested: Export, publish: Path | None = None) -> Exported:
    """Write a list. With `publish`, the list is recorded there before any row of it is on disk."""
    if requested.audience not in audiences():
        raise BadInput(f"audience {requested.audience!r}: expected one of {', '.join(audiences())}")
    audience = audiences()[requested.audience]
    csv, parquet = files = _files(requested)
    fresh = _fresh(requested)
    try:
        csv.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(generation / f"{stem}.duckdb"), read_only=True) as connection:
            columns = _columns(connection, audience)
            order = ", ".join(audience.order)
            rows = f"select * from marts.{audience.mart} where {_condition(connection, requested)} order by {order}"
            count = connection.execute(f"select count(*) from ({rows})").fetchone()
            if publish:
                _register(publish, requested)
            connection.execute(f"copy ({rows}) to {literal(str(fresh[1]))} (format parquet)")
            defused = ", ".join(formula_safe(name, kind) for name, kind in columns)
            connection.execute(
                f"copy (select {defused} from ({rows})) to {literal(str(fresh[0]))} (format csv, header)"
            )
        for new, file in zip(fresh, files, strict=True):
            new.replace(file)
    except OSError as error:
        raise not_written(csv.parent, error) from error
    except duckdb.IOException as error:
        raise CheckFailed(f"{csv.parent} could not be written: {reason(error)}") from error
    except duckdb.Error as error:
        raise BadInput(f"audience {requested.audience}: {reason(error)}") from error
    finally:
        with suppress(OSError):
            for new in fresh:
                new.unlink(missing_ok=True)
    return Exported(requested, (csv, parquet), int(count[0]) if count else 0, generation.name)


def _condition(connection: duckdb.DuckDBPyConnection, requested: Export) -> str:
    """The filter as one condition in brackets. Raises BadInput if it is anything else, or reads more than marts."""
    text = requested.where or "true"
    if not is_condition(connection, text):
        raise BadInput(
            f"audience {requested.audience}: the filter {requested.where!r} is not one condition on columns of marts"
        )
    return bracketed(text)


def _columns(connection: duckdb.DuckDBPyConnection, audience: Audience) -> list[tuple[str, str]]:
    """Names and types of the mart's columns. Raises BadInput if it is not published."""
    found = connection.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = 'marts' and table_name = ?"
        " order by column_index",
        [audience.mart],
    ).fetchall()
    if not found:
        raise BadInput(f"audience {audience.name}: marts.{audience.mart} is not in the published generation")
    return [(str(name), str(kind)) for name, kind in found]


def formula_safe(name: str, kind: str) -> str:
    """SQL for a column that is safe in a spreadsheet: text that looks like a formula gets an apostrophe in front."""
    column = quoted(name)
    if kind not in {"VARCHAR", "VARCHAR[]"}:
        return column
    text = f"cast({column} as varchar)"
    return f"case when regexp_matches({text}, '{_FORMULA}') then '''' || {text} else {text} end as {column}"


def _files(requested: Export) -> tuple[Path, Path]:
    folder = Path(requested.folder)
    return folder / f"{requested.audience}.csv", folder / f"{requested.audience}.parquet"


def _fresh(requested: Export) -> tuple[Path, ...]:
    return tuple(file.with_name(f".{file.name}.new") for file in _files(requested))


def _registered(publish: Path) -> list[Export]:
    register = publish / _REGISTER
    if not register.is_file():
        return []
    try:
        return [Export(**entry) for entry in json.loads(register.read_text(encoding="utf-8"))]
    except (OSError, TypeError, ValueError) as error:
        raise CheckFailed(f"{register}: not a valid record of exports ({error})") from error


def _register(publish: Path, requested: Export) -> None:
    """Record a list. It replaces an earlier record of the same file."""
    known = {(one.audience, one.folder): one for one in [*_registered(publish), requested]}
    _write_register(publish, list(known.values()))


def _write_register(publish: Path, exports: Sequence[Export]) -> None:
    fresh = publish / f".{_REGISTER}.new"
    fresh.write_text(json.dumps([asdict(one) for one in exports], indent=2) + "\n", encoding="utf-8")
    fresh.replace(publish / _REGISTER)
