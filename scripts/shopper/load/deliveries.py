"""Deliveries: the files of a source and the digests of their content, checked before and after reading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shopper.errors import BadInput
from shopper.load.sources import FileSource


@dataclass(frozen=True)
class DeliveredFile:
    """A delivered file or database table. `name` is the path or the table's address; the digest identifies the content;
    size in bytes and modification time show whether the file changes while it is read.
    """

    name: str
    digest: str
    size: int
    changed_ns: int


@dataclass(frozen=True)
class Delivery:
    """The files of a source, each content once. `repeated` are files with the same content as another one."""

    source: str
    files: tuple[DeliveredFile, ...]
    repeated: tuple[str, ...] = ()

    @property
    def digests(self) -> frozenset[str]:
        """The digests of all files."""
        return frozenset(file.digest for file in self.files)


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file. `relation` is SQL for the rows of this file, with their own types."""

    file: str
    relation: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ReadSource:
    """A source, read into the relation of its name: columns in order and by file, numbers of rows and rejects.

    replaced: rows that do not count, since a later file has rows of the same key.
    """

    delivery: Delivery
    columns: tuple[str, ...]
    by_file: tuple[FileColumns, ...]
    rows: int
    rejects: int
    replaced: int = 0

    @property
    def name(self) -> str:
        """Name of the source."""
        return self.delivery.source

    @property
    def files(self) -> tuple[DeliveredFile, ...]:
        """The files that were read."""
        return self.delivery.files


def delivery_of(source: FileSource, paths: Iterable[Path]) -> Delivery:
    """Digest the files of a source. Raises BadInput for a file that is empty or can't be read."""
    files: dict[str, DeliveredFile] = {}
    repeated = []
    for path in paths:
        file = _delivered(source, path)
        if file.digest in files:
            repeated.append(str(path))
        else:
            files[file.digest] = file
    return Delivery(source.name, tuple(files.values()), tuple(repeated))


def require_unchanged(delivery: Delivery) -> None:
    """Raises BadInput if a file changed since it was digested."""
    for file in delivery.files:
        try:
            status = Path(file.name).stat()
        except OSError as error:
            raise BadInput(f"source {delivery.source}: {file.name} disappeared while it was read") from error
        if (status.st_size, status.st_mtime_ns) != (file.size, file.changed_ns):
            raise BadInput(
                f"source {delivery.source}: {file.name} changed while it was read; load it again when it is complete"
            )


def _delivered(source: FileSource, path: Path) -> DeliveredFile:
    try:
        status = path.stat()
        if status.st_size == 0:
            expected = {
                "csv": "a header line",
                "jsonl": "one JSON object per line",
                "json": "a JSON list",
                "parquet": "a Parquet file",
                "xlsx": "a workbook",
            }
            raise BadInput(f"source {source.name}: {path} is empty (0 bytes); expected {expected[source.format]}")
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"source {source.name}: {path} can't be read ({error.strerror})") from error
    return DeliveredFile(str(path), digest, status.st_size, status.st_mtime_ns)
