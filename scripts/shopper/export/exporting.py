"""Lists of customers as CSV and Parquet, from the generation that readers have.

`<folder>/<audience>.csv` and `.parquet`; each replaces its forerunner at one moment. `<publish>/exports.json` says what
was written where, so that an erasure can write it anew.
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

from shopper.errors import BadInput, CheckFailed
from shopper.locks import exclusive
from shopper.sql import literal, quoted, reason

_REGISTER: Final = "exports.json"
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV Injection); full-width forms included.
_FORMULA: Final = "[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]"


@dataclass(frozen=True)
class Audience:
    """A list: the mart that it is, the order of its rows, and what it is for."""

    name: str
    says: str
    mart: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """A list that was asked for: the audience, the folder, and the rows wanted (SQL over the mart's columns)."""

    audience: str
    folder: str
    where: str | None = None


@dataclass(frozen=True)
class Exported:
    """A list that was written: its files, its rows, the generation that it is of."""

    export: Export
    files: tuple[Path, ...]
    rows: int
    generation: str


@cache
def audiences() -> Mapping[str, Audience]:
    """The audiences of audiences.yml, by name."""
    document = yaml.safe_load(Path(__file__).with_name("audiences.yml").read_text(encoding="utf-8"))
    return {
        name: Audience(name, entry["says"], entry["mart"], tuple(entry["order"])) for name, entry in document.items()
    }


def export(publish: Path, stem: str, asked: Sequence[Export]) -> list[Exported]:
    """Write lists from the current generation below `publish`, whose file is `<stem>.duckdb`.

    Raises BadInput for an unknown audience, a wrong filter, a folder that can't be written or an audience whose mart is
    not published, Locked while another export or an erasure writes lists; files written before stay as they were.
    """
    for one in asked:
        if one.audience not in audiences():
            raise BadInput(f"audience {one.audience!r}: expected one of {', '.join(audiences())}")
    current = publish / "current"
    if not current.is_dir():
        raise BadInput(f"{publish}: nothing is published there yet")
    # Without the lock a list read before an erasure could be written after it.
    with _exporting(publish):
        return [_write(current.resolve(), stem, one, publish) for one in asked]


def renew_exports(publish: Path, stem: str, forgotten: Collection[str] = ()) -> tuple[Path, ...]:
    """Write every list that was ever asked for again, from the current generation; the files.

    A list whose filter names one of the `forgotten`, or whose mart is no longer published, is removed. Raises
    CheckFailed for one that can be neither.
    """
    renewed: list[Path] = []
    with _exporting(publish):
        for one in _registered(publish):
            if any(customer in (one.where or "") for customer in forgotten):
                _remove(one, "its filter names somebody who was forgotten")
                _remember(publish, [known for known in _registered(publish) if known != one])
                continue
            try:
                renewed.extend(_write((publish / "current").resolve(), stem, one).files)
            except BadInput as error:
                _remove(one, str(error))
    return tuple(renewed)


def _remove(asked: Export, why: str) -> None:
    try:
        for file in (*_files(asked), *_fresh(asked)):
            file.unlink(missing_ok=True)
    except OSError as problem:
        raise CheckFailed(f"{why}; and {problem}: remove it by hand") from problem


def _exporting(publish: Path) -> AbstractContextManager[None]:
    return exclusive(publish / ".exports.lock", "shopper export")


def _write(generation: Path, stem: str, asked: Export, publish: Path | None = None) -> Exported:
    """Write a list; with `publish` it is in the register there before any row of it is on disk."""
    if asked.audience not in audiences():
        raise BadInput(f"audience {asked.audience!r}: expected one of {', '.join(audiences())}")
    audience = audiences()[asked.audience]
    csv, parquet = files = _files(asked)
    fresh = _fresh(asked)
    try:
        csv.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(generation / f"{stem}.duckdb"), read_only=True) as connection:
            columns = _columns(connection, audience)
            wanted, order = asked.where or "true", ", ".join(audience.order)
            rows = f"select * from marts.{audience.mart} where {wanted} order by {order}"
            count = connection.execute(f"select count(*) from ({rows})").fetchone()
            if publish:
                _register(publish, asked)
            connection.execute(f"copy ({rows}) to {literal(str(fresh[1]))} (format parquet)")
            defused = ", ".join(_defused(name, kind) for name, kind in columns)
            connection.execute(
                f"copy (select {defused} from ({rows})) to {literal(str(fresh[0]))} (format csv, header)"
            )
        for new, file in zip(fresh, files, strict=True):
            new.replace(file)
    except OSError as error:
        raise BadInput(f"{csv.parent}: not a writable folder ({error.strerror})") from error
    except duckdb.Error as error:
        raise BadInput(f"audience {asked.audience}: {reason(error)}") from error
    finally:
        with suppress(OSError):
            for new in fresh:
                new.unlink(missing_ok=True)
    return Exported(asked, (csv, parquet), int(count[0]) if count else 0, generation.name)


def _columns(connection: duckdb.DuckDBPyConnection, audience: Audience) -> list[tuple[str, str]]:
    """Names and types of the mart's columns. Raises BadInput where it is not published."""
    found = connection.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = 'marts' and table_name = ?"
        " order by column_index",
        [audience.mart],
    ).fetchall()
    if not found:
        raise BadInput(f"audience {audience.name}: marts.{audience.mart} is not in the published generation")
    return [(str(name), str(kind)) for name, kind in found]


def _defused(name: str, kind: str) -> str:
    """The column as a spreadsheet may open it: text that looks like a formula begins with an apostrophe."""
    column = quoted(name)
    if kind not in {"VARCHAR", "VARCHAR[]"}:
        return column
    text = f"cast({column} as varchar)"
    return f"case when regexp_matches({text}, '^\\s*{_FORMULA}') then '''' || {text} else {text} end as {column}"


def _files(asked: Export) -> tuple[Path, Path]:
    folder = Path(asked.folder)
    return folder / f"{asked.audience}.csv", folder / f"{asked.audience}.parquet"


def _fresh(asked: Export) -> tuple[Path, ...]:
    return tuple(file.with_name(f".{file.name}.new") for file in _files(asked))


def _registered(publish: Path) -> list[Export]:
    register = publish / _REGISTER
    if not register.is_file():
        return []
    try:
        return [Export(**entry) for entry in json.loads(register.read_text(encoding="utf-8"))]
    except (OSError, TypeError, ValueError) as error:
        raise CheckFailed(f"{register}: not the list of exports that was written there ({error})") from error


def _register(publish: Path, asked: Export) -> None:
    """Remember a list; the newest filter of a file counts."""
    known = {(one.audience, one.folder): one for one in [*_registered(publish), asked]}
    _remember(publish, list(known.values()))


def _remember(publish: Path, exports: Sequence[Export]) -> None:
    fresh = publish / f".{_REGISTER}.new"
    fresh.write_text(json.dumps([asdict(one) for one in exports], indent=2) + "\n", encoding="utf-8")
    fresh.replace(publish / _REGISTER)
