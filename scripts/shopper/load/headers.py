"""The header of a CSV file: where it is, and the names of its columns."""

from __future__ import annotations

import csv
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from shopper.errors import BadInput
from shopper.load.named_columns import plain_name
from shopper.load.shapes import require_free_names
from shopper.load.sources import FileSource
from shopper.load.text_files import is_utf16, open_text, starts_with

if TYPE_CHECKING:
    from _csv import Reader

_NOT_TEXT = frozenset("\ufffd\0")
_COMMON_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "bar", ",": "comma"}
# The header of a file with title lines is searched in its first lines.
_SEARCHED_LINES = 1_000


@dataclass(frozen=True)
class Header:
    """The column names of a file, as the mapping calls them, and the number of lines above the header.

    within: columns whose text stands within the header, with that text. is_one_line: no name has a line break.
    """

    names: tuple[str, ...]
    skipped: int
    within: tuple[tuple[str, str], ...] = ()
    is_one_line: bool = True


def header_of(source: FileSource, path: Path) -> Header:
    """The header of a CSV file, trimmed. A column without a name becomes `column_<number>`.

    Raises BadInput for a file that is not text of the source's kind, and for a missing column.
    """
    try:
        # Only the header is checked here. The reader rejects later lines with invalid bytes one by one.
        with open_text(source, path, newline="", errors="replace") as lines:
            skipped, cells = _cells(source, path, lines)
    except csv.Error as error:
        raise BadInput(
            f"source {source.name}: the header of {path} can't be read: {error}; is a quote not closed?"
        ) from error
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        raise BadInput(f"source {source.name}: {path} can't be read: {error}") from error
    if starts_with(path, (b"PK\x03\x04",)):
        raise BadInput(f"source {source.name}: {path} is a workbook or a ZIP archive; save or unpack it as CSV")
    if any(_NOT_TEXT & set(cell) for cell in cells):
        hint = "; it starts with a UTF-16 byte-order mark: set `encoding: utf-16`" if is_utf16(path) else ""
        hint = hint or "; spreadsheet exports are often `encoding: cp1252`"
        raise BadInput(f"source {source.name}: {path} is not text in {source.encoding}{hint}")
    names = [cell.strip("\ufeff \t\r\n\xa0") or f"column_{number}" for number, cell in enumerate(cells, start=1)]
    if not names or not any(cell.strip() for cell in cells):
        raise BadInput(f"source {source.name}: {path} starts with an empty line; expected a header line")
    if len(names) == 1:
        other = next((d for d in _COMMON_DELIMITERS if d != source.delimiter and d in names[0]), None)
        if other:
            raise BadInput(
                f"source {source.name}: {path} has one column, {names[0]!r}; it seems to be separated by"
                f" {_COMMON_DELIMITERS[other]}: set `delimiter: {json.dumps(other)}`"
            )
    renamed = source.columns.renamed(names)
    source.columns.require(f"source {source.name}: {path}", renamed)
    check_unique(source, path, renamed)
    require_free_names(f"source {source.name}: {path}", renamed)
    is_one_line = not any({"\n", "\r"} & {*cell} for cell in cells)
    return Header(renamed, skipped, tuple(source.columns.within(names).items()), is_one_line)


def check_unique(source: FileSource, path: Path, names: Iterable[str]) -> None:
    """Raises BadInput for columns of the same name."""
    repeated = sorted(name for name, times in Counter(name.lower() for name in names).items() if times > 1)
    if repeated:
        raise BadInput(f"source {source.name}: {path} has duplicate column names: {', '.join(repeated)}")


def trimmed_lines(source: FileSource, lines: Iterable[str], skipped: int) -> Iterator[str]:
    """The lines from the header on, up to the first row whose first cell starts with `skip_after`."""
    rest = islice(lines, skipped, None)
    if source.skip_after is None:
        yield from rest
        return
    read: list[str] = []

    def remembered() -> Iterator[str]:
        for line in rest:
            read.append(line)
            yield line

    for number, cells in enumerate(_reader(source, remembered(), strict=False)):
        if number and cells and cells[0].strip().startswith(source.skip_after):
            return
        yield from read
        read.clear()


def _cells(source: FileSource, path: Path, lines: Iterable[str]) -> tuple[int, list[str]]:
    """The number of lines above the header, and its cells."""
    if source.skip is not None:
        return source.skip, next(_reader(source, islice(lines, source.skip, None)), [])
    wanted = source.columns
    above = 0
    first: list[str] = []
    reader = _reader(source, islice(lines, _SEARCHED_LINES), strict=False)
    for cells in reader:
        names = wanted.renamed([plain_name(cell) for cell in cells])
        if not wanted.lacking(names):
            return above, cells
        first = first or cells
        above = reader.line_num
    columns = ", ".join(wanted.needs)
    shown = source.delimiter.join(first)[:200]
    raise BadInput(
        f"source {source.name}: {path}: none of the first {above:,} lines is a header with {columns};"
        f" the first is {shown!r}"
    )


def _reader(source: FileSource, lines: Iterable[str], strict: bool = True) -> Reader:
    if source.quote:
        return csv.reader(lines, delimiter=source.delimiter, strict=strict, quotechar=source.quote)
    return csv.reader(lines, delimiter=source.delimiter, strict=strict, quoting=csv.QUOTE_NONE)
