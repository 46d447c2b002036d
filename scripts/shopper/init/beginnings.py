"""The beginning of a text file: encoding, delimiter, and the row of a CSV file that is its header."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from shopper.errors import BadInput
from shopper.init.encodings import Encoding, encoding_of
from shopper.load.text_files import open_binary

_SAMPLE_BYTES = 1 << 20
_SAMPLE_ROWS = 260
_SEARCHED_ROWS = 60
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Beginning:
    """The first rows of a CSV file, the line on which each starts (from 0), and the place of the likely header."""

    encoding: Encoding
    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]
    header_row: int

    @property
    def header(self) -> tuple[str, ...]:
        """The cells of the likely header."""
        return self.rows[self.header_row]

    def lines_above(self, row: int) -> int:
        """The number of lines above a row."""
        return self.starts[row]


def beginning_of(path: Path) -> Beginning:
    """Read the beginning of a CSV file. Raises BadInput for a file without rows."""
    encoding, text = text_of_beginning(path)
    read = {sign: _rows(text, sign) for sign in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda sign: (*_evenness(read[sign][0]), -_DELIMITERS.index(sign)))
    rows, starts = read[delimiter]
    if not rows:
        raise BadInput(f"{path} can't be read: it has no rows")
    return Beginning(encoding, delimiter, tuple(rows), tuple(starts), _header_row(rows))


def text_of_beginning(path: Path) -> tuple[Encoding, str]:
    """The encoding and the first megabyte of a text file, up to its last whole line."""
    try:
        with open_binary(path) as handle:
            beginning = handle.read(_SAMPLE_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{path} can't be read: {error}") from error
    is_cut = len(beginning) == _SAMPLE_BYTES
    encoding = encoding_of(path, beginning)
    text = beginning.decode(encoding.name, errors="ignore").lstrip("\ufeff")
    return encoding, text.rpartition("\n")[0] if is_cut and "\n" in text else text


def _rows(text: str, delimiter: str) -> tuple[list[tuple[str, ...]], list[int]]:
    """The first rows and the line on which each starts. Reading ends at a row that can't be read."""
    rows, starts, line = [], [], 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(tuple(row))
            starts.append(line)
            line = reader.line_num
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows, starts


def _evenness(rows: list[tuple[str, ...]]) -> tuple[float, int]:
    """The share of rows that have the most usual number of cells, and that number; nothing if that is one cell."""
    width, times = _usual_width(rows)
    return (times / sum(any(row) for row in rows), width) if width > 1 else (0.0, 1)


def _usual_width(rows: list[tuple[str, ...]]) -> tuple[int, int]:
    """The most usual number of cells of rows with several, and the number of those rows. Title rows have one cell."""
    widths = Counter(len(row) for row in rows if any(row) and len(row) > 1)
    return max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))


def _header_row(rows: list[tuple[str, ...]]) -> int:
    """The first row with as many filled cells as most rows have cells; the first row if there is no such row."""
    width, _times = _usual_width(rows)
    for number, row in enumerate(rows[:_SEARCHED_ROWS]):
        if len(row) >= max(width, 1) and sum(bool(cell.strip()) for cell in row) > width / 2:
            return number
    return 0
