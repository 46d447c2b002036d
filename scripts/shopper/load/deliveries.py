"""Deliveries: the files of a source and the digests of their content, checked before and after reading.

The content of a file is digested again only if its stamp differs from that of the last load: size, times of
modification and of change, inode.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shopper.errors import BadInput
from shopper.load.sources import FileSource

# A file that changes shortly after its digest can keep its times: clocks of file systems count in steps of up to 2 s.
_CLOCK_STEP_NS = 2_000_000_000


@dataclass(frozen=True)
class Stamp:
    """What the file system says of a file, with the digest of its content. `digested_ns`: time before the digest."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int
    digest: str
    digested_ns: int

    def holds(self, status: os.stat_result) -> bool:
        """Whether a file of this status still has the content of the digest."""
        same = (self.size, self.modified_ns, self.changed_ns, self.inode) == (
            status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino,
        )  # fmt: skip
        return same and max(self.modified_ns, self.changed_ns) + _CLOCK_STEP_NS < self.digested_ns


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
    """The files of a source, each content once. `repeated` are files with the same content as another one;
    `passed_over` lie beside them and are not read; `stamps` are those of all local files, by path.
    """

    source: str
    files: tuple[DeliveredFile, ...]
    repeated: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    stamps: Mapping[str, Stamp] = field(default_factory=dict)

    @property
    def digests(self) -> frozenset[str]:
        """The digests of all files."""
        return frozenset(file.digest for file in self.files)


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file. `relation` is SQL for the rows of this file, with their own types.

    columns: with those that the mapping names and the file lacks; types: DuckDB type by column of the file's own
    columns; stored: the name of the file in the relation `read.<source>`; whole: that relation, if the rows of this
    file are read from it.
    """

    file: str
    relation: str
    columns: tuple[str, ...]
    types: Mapping[str, str]
    stored: str
    whole: str = ""


@dataclass(frozen=True)
class ReadSource:
    """A source, read into the relation of its name: columns in order and by file, numbers of rows and rejects.

    rows: those that were read; unread: files of the delivery that were not read, since their rows are kept;
    replaced: rows that do not count, since a later file has rows of the same key.
    """

    delivery: Delivery
    columns: tuple[str, ...]
    by_file: tuple[FileColumns, ...]
    rows: int
    rejects: int
    replaced: int = 0
    unread: int = 0

    @property
    def name(self) -> str:
        """Name of the source."""
        return self.delivery.source

    @property
    def files(self) -> tuple[DeliveredFile, ...]:
        """The files of its delivery."""
        return self.delivery.files

    def in_order(self) -> list[FileColumns]:
        """The columns of each file, in the order of the files."""
        columns = {file.file: file for file in self.by_file}
        return [columns[file.name] for file in self.files]


def delivery_of(
    source: FileSource, paths: Iterable[Path], known: Mapping[str, Stamp], passed: tuple[str, ...] = ()
) -> Delivery:
    """Digest the files of a source, except those with a `known` stamp that still holds. `passed`: files beside them.

    Raises BadInput for a file that is empty or can't be read.
    """
    stamps = {str(path): _stamp(source, path, known.get(str(path))) for path in paths}
    found = (DeliveredFile(name, stamp.digest, stamp.size, stamp.modified_ns) for name, stamp in stamps.items())
    files, repeated = each_once(source, found)
    return Delivery(source.name, files, repeated, passed, stamps)


def each_once(source: FileSource, found: Iterable[DeliveredFile]) -> tuple[tuple[DeliveredFile, ...], tuple[str, ...]]:
    """Each content once, and the names of the other files. Where files overlap, the last one of a content stays."""
    files: dict[str, DeliveredFile] = {}
    repeated = []
    for file in found:
        known = files.get(file.digest)
        if known and not source.key:
            repeated.append(file.name)
            continue
        if known:
            repeated.append(files.pop(file.digest).name)
        files[file.digest] = file
    return tuple(files.values()), tuple(repeated)


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


def _stamp(source: FileSource, path: Path, known: Stamp | None) -> Stamp:
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
        if known is not None and known.holds(status):
            return known
        now = time.time_ns()
        digest = digest_of(path)
    except OSError as error:
        raise BadInput(f"source {source.name}: {path} can't be read ({error.strerror})") from error
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, digest, now)


def digest_of(path: Path) -> str:
    """SHA-256 of the content of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
