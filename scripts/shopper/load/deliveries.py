"""What was delivered for a source: its files and their content, before and after they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shopper.errors import BadInput
from shopper.load.sources import FileSource


@dataclass(frozen=True)
class DeliveredFile:
    """What was delivered under one name (a file's path, or a table's place on its server): the digest of its content,
    and size and time of change to notice a change meanwhile.
    """

    name: str
    digest: str
    size: int
    changed_ns: int


@dataclass(frozen=True)
class Delivery:
    """The files of a source, each content once; `repeated` are files whose content another one has already."""

    source: str
    files: tuple[DeliveredFile, ...]
    repeated: tuple[str, ...] = ()

    @property
    def digests(self) -> frozenset[str]:
        """The contents."""
        return frozenset(file.digest for file in self.files)


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file; `relation` is SQL for its rows alone, in its own types."""

    file: str
    relation: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ReadSource:
    """A source as a relation of its name: its columns in order and by file, its rows and its rejected lines."""

    delivery: Delivery
    columns: tuple[str, ...]
    by_file: tuple[FileColumns, ...]
    rows: int
    rejects: int

    @property
    def name(self) -> str:
        """The source's name."""
        return self.delivery.source

    @property
    def files(self) -> tuple[DeliveredFile, ...]:
        """The files that were read."""
        return self.delivery.files


def deliver(source: FileSource, paths: Iterable[Path]) -> Delivery:
    """The content of a source's files. Raises BadInput naming a file that is empty or can't be read."""
    files: dict[str, DeliveredFile] = {}
    repeated = []
    for path in paths:
        file = _delivered(source, path)
        if file.digest in files:
            repeated.append(str(path))
        else:
            files[file.digest] = file
    return Delivery(source.name, tuple(files.values()), tuple(repeated))


def refuse_changed(delivery: Delivery) -> None:
    """Raises BadInput when a file is no longer the one that was read."""
    for file in delivery.files:
        try:
            status = Path(file.name).stat()
        except OSError as error:
            raise BadInput(f"source {delivery.source}: {file.name} went away while it was read") from error
        if (status.st_size, status.st_mtime_ns) != (file.size, file.changed_ns):
            raise BadInput(
                f"source {delivery.source}: {file.name} changed while it was read; load it again when it is whole"
            )


def _delivered(source: FileSource, path: Path) -> DeliveredFile:
    try:
        status = path.stat()
        if status.st_size == 0:
            expected = {"csv": "a header line", "jsonl": "one JSON object a line", "parquet": "a Parquet file"}
            raise BadInput(f"source {source.name}: {path} is empty (0 bytes); expected {expected[source.format]}")
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"source {source.name}: {path} can't be read ({error.strerror})") from error
    return DeliveredFile(str(path), digest, status.st_size, status.st_mtime_ns)
