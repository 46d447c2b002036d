"""Which files of a table are new, and whether its other rows can stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shopper.load.deliveries import DeliveredFile, Delivery
from shopper.load.file_records import FileRecord

Types = Mapping[str, str]


class NeedsWhole(Exception):
    """Tables that must be landed from all their files, each with the reason."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        """Store the argument."""
        super().__init__(", ".join(tables))
        self.tables = tables


@dataclass(frozen=True)
class Append:
    """The files of a table whose rows are kept by file: `kept` stay as they are, `gone` are removed with their rows,
    `new` are read. A changed file is gone and new.
    """

    kept: tuple[FileRecord, ...]
    gone: tuple[FileRecord, ...]
    new: Mapping[str, tuple[DeliveredFile, ...]]

    @property
    def kept_rows(self) -> int:
        """Number of rows that stay."""
        return sum(file.rows or 0 for file in self.kept)

    def kept_of(self, source: str) -> dict[str, FileRecord]:
        """The files of a source that stay, by digest."""
        return {file.digest: file for file in self.kept if file.source == source}


def append_of(records: tuple[FileRecord, ...], made_by: str, deliveries: Mapping[str, Delivery]) -> Append | None:
    """What to read for a table with these records. `made_by`: what would make its rows now; `deliveries`: by source.

    None if everything must be read: there are no records, other code or another mapping made them, or no file stays.
    """
    if not records or any(record.made_by != made_by for record in records):
        return None
    here = {(name, file.digest) for name, delivery in deliveries.items() for file in delivery.files}
    known = {(record.source, record.digest) for record in records}
    kept = tuple(record for record in records if (record.source, record.digest) in here)
    if not kept:
        return None
    gone = tuple(record for record in records if (record.source, record.digest) not in here)
    new = {
        name: tuple(file for file in delivery.files if (name, file.digest) not in known)
        for name, delivery in deliveries.items()
    }
    return Append(kept, gone, new)


def why_not_appended(append: Append, source: str, new: list[Types]) -> str | None:
    """The reason why rows of kept files would be others if all files of a source were read; None if they would not.

    new: type by column of each new file. The relation of a source has the columns of all its files, and a column has
    one type, so rows depend on the other files if columns come or go, or if their types differ.
    """
    kept = [file.types for file in append.kept if file.source == source]
    before = kept + [file.types for file in append.gone if file.source == source]
    if not all((*before, *new)):
        return f"a file of {source} has no columns"
    was, now = _columns(before), _columns(kept + new)
    if was != now:
        changed = ", ".join(sorted({name or "without a name" for name, _type in was ^ now}))
        return f"the files of {source} have other columns: {changed}"
    if len({name.lower() for name, _type in now}) < len({(name.lower(), kind) for name, kind in now}):
        return f"the types of {source} differ between files"
    return f"a column of {source} has no name" if "" in {name for name, _type in now} else None


def _columns(files: list[Types]) -> set[tuple[str, str]]:
    return {column for types in files for column in types.items()}
