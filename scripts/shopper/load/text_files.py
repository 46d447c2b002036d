"""Opens source files as text, whatever their encoding and compression."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from shopper.errors import BadInput
from shopper.load.sources import FileSource

BLOCK = 1 << 20
_COMPRESSIONS = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


def open_text(source: FileSource, path: Path, newline: str | None, errors: str = "strict") -> IO[str]:
    """Open a file as text, decompressed, without its byte-order mark."""
    encoding = "utf-8-sig" if codecs.lookup(source.encoding).name == "utf-8" else source.encoding
    return io.TextIOWrapper(open_binary(path), encoding=encoding, errors=errors, newline=newline)


def compression_of(path: Path) -> str:
    """`gzip`, `zstd` or `none`, by the content, whatever the file's name."""
    return next((name for name, mark in _COMPRESSIONS.items() if starts_with(path, (mark,))), "none")


def check_compressed(source: FileSource, path: Path) -> None:
    """Raises BadInput for a truncated or damaged compressed file. DuckDB would read its beginning without an error."""
    try:
        with open_binary(path) as handle:
            while handle.read(BLOCK):
                pass
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"source {source.name}: {path} is truncated or damaged: {error}") from error


def open_binary(path: Path) -> IO[bytes]:
    """Open a file, decompressed."""
    compression = compression_of(path)
    if compression == "gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if compression == "zstd":
        stream: Any = pa.input_stream(str(path), compression="zstd")
        return cast("IO[bytes]", stream)
    return path.open("rb")


def is_utf16(path: Path) -> bool:
    """Whether the file starts with a byte-order mark of UTF-16."""
    return starts_with(path, (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def starts_with(path: Path, marks: tuple[bytes, ...]) -> bool:
    """Whether the file starts with one of these bytes."""
    with path.open("rb") as handle:
        return handle.read(4).startswith(marks)
