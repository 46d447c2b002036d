"""Opens source files as text, whatever their encoding and compression."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path
from typing import IO

from shopper.errors import BadInput
from shopper.load.sources import FileSource

BLOCK = 1 << 20


def open_text(source: FileSource, path: Path, newline: str | None, errors: str = "strict") -> IO[str]:
    """Open a file as text, decompressed if it is gzip, without its byte-order mark."""
    encoding = "utf-8-sig" if codecs.lookup(source.encoding).name == "utf-8" else source.encoding
    binary = gzip.open(path, "rb") if is_gzip(path) else path.open("rb")  # noqa: SIM115
    return io.TextIOWrapper(binary, encoding=encoding, errors=errors, newline=newline)


def is_gzip(path: Path) -> bool:
    """Whether the content is compressed, whatever the file's name."""
    return starts_with(path, (b"\x1f\x8b",))


def check_gzip(source: FileSource, path: Path) -> None:
    """Raises BadInput for a truncated or damaged gzip file. DuckDB would read its beginning without an error."""
    try:
        with gzip.open(path, "rb") as handle:
            while handle.read(BLOCK):
                pass
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"source {source.name}: {path} is truncated or damaged: {error}") from error


def is_utf16(path: Path) -> bool:
    """Whether the file starts with a byte-order mark of UTF-16."""
    return starts_with(path, (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def starts_with(path: Path, marks: tuple[bytes, ...]) -> bool:
    """Whether the file starts with one of these bytes."""
    with path.open("rb") as handle:
        return handle.read(4).startswith(marks)
