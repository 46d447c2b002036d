"""Recognise the files of ready sources by their headers, whatever their order, case and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from shopper.init.ready import ReadySource
from shopper.init.sniffing import Sniffed
from shopper.load.named_columns import plain_name

# A header is that of a known file if it has what the mapping needs, and if at least this share of its columns, or of
# the columns of the known file, are alike.
_ALIKE: Final = 0.5
_FEWEST_ALIKE: Final = 2
# A header without a needed column looks like a known file if this share of the needed columns is there.
_LOOKS_LIKE: Final = 0.6
_RATES: Final = {"rate_date", "currency", "rate"}
# A short report may have more title rows than rows of data: the header is searched in as many rows.
_TITLE_ROWS: Final = 15


@dataclass(frozen=True)
class Match:
    """A file and the file of a ready source that it is. `lacking`: needed columns that it does not have."""

    file: Sniffed
    ready: ReadySource
    source: str
    alike: int
    share: float
    lacking: tuple[str, ...] = ()

    @property
    def is_borrowed(self) -> bool:
        """Whether the file is one that any shop may have, not one of the tool."""
        return {column for column, _headers in self.ready.known_headers[self.source][0]} == _RATES


@dataclass(frozen=True)
class Recognised:
    """Files of ready sources, the files that look like one and lack columns, and the others."""

    matches: tuple[Match, ...]
    near: tuple[Match, ...]
    unknown: tuple[Sniffed, ...]


def recognise(files: Sequence[Sniffed], ready: Sequence[ReadySource]) -> Recognised:
    """Find the ready source of each file. Where several fit alike, the one with most of the files is taken."""
    fitting = {file.path: _fitting(file, ready) for file in files}
    fitting = {path: _without_borrowed(found, _owners(fitting)) for path, found in fitting.items()}
    votes = Counter(name for found in fitting.values() for name in {one.ready.name for one in _best(found)})
    matches, near, unknown = [], [], []
    for file in files:
        whole = [one for one in fitting[file.path] if not one.lacking]
        if whole:
            best = max(_best(whole), key=lambda one: (votes[one.ready.name], one.share, _named_alike(one)))
            matches.append(best)
        else:
            unknown.append(file)
            near += sorted(fitting[file.path], key=lambda one: (len(one.lacking), -one.alike))[:1]
    return Recognised(tuple(matches), tuple(near), tuple(unknown))


def _owners(fitting: Mapping[Path, list[Match]]) -> set[str]:
    """The ready sources of which there is a file that only they have."""
    best = [one for found in fitting.values() for one in _best(found)]
    return {one.ready.name for one in best if not one.is_borrowed}


def _without_borrowed(found: list[Match], owners: set[str]) -> list[Match]:
    """Exchange rates, which some sources read beside their own files, are no sign of such a source."""
    return [one for one in found if not one.is_borrowed or one.ready.name in owners]


def _best(found: Iterable[Match]) -> list[Match]:
    """The matches with most columns alike."""
    whole = [one for one in found if not one.lacking]
    most = max((one.alike for one in whole), default=0)
    return [one for one in whole if one.alike == most]


def _named_alike(match: Match) -> int:
    """Whether the file has the name of the example's file: some tools have two files with the same columns."""
    path = str(match.ready.sources[match.source].value.get("path", "")).rsplit("/", 1)[-1]
    stem, own = path.split(".")[0].rstrip("*_-0123456789").lower(), match.file.path.name.lower()
    return len(stem) if stem and stem in own else 0


def _fitting(file: Sniffed, ready: Sequence[ReadySource]) -> list[Match]:
    headers = _headers(file)
    found = []
    for source in ready:
        for name in source.known_headers:
            texts = source.texts[name]
            # Most files of most sources have no header in common with this one.
            near = [(row, cells) for row, cells in headers if texts is None or not texts.isdisjoint(cells)]
            if not near:
                continue
            one = max((_match(file, source, name, row, cells) for row, cells in near), key=_quality)
            columns, needed = source.known_headers[name]
            if _looks_alike(one, needed) if one.lacking else _is_alike(one, len(columns)):
                found.append(one)
    return found


def _quality(match: Match) -> tuple[bool, int]:
    return not match.lacking, match.alike


def _headers(file: Sniffed) -> list[tuple[int | None, tuple[str, ...]]]:
    """The rows of a file that may be its header, as they are compared."""
    own = (None, tuple(plain_name(name) for name in file.columns))
    if file.beginning is None:
        return [own]
    rows = file.beginning.rows[: max(file.beginning.header_row + 1, _TITLE_ROWS)]
    return [own, *((number, tuple(plain_name(cell) for cell in row)) for number, row in enumerate(rows))]


def _match(file: Sniffed, ready: ReadySource, name: str, row: int | None, cells: tuple[str, ...]) -> Match:
    known, needs = ready.known_headers[name]
    given = frozenset(cells)
    has = [headers.in_any(given) for _column, headers in known]
    lacking = tuple(column for (column, _headers), there in zip(known[:needs], has, strict=False) if not there)
    filled = sum(bool(cell) for cell in given)
    return Match(_with_header(file, row), ready, name, sum(has), sum(has) / max(filled, 1), lacking)


def _with_header(file: Sniffed, row: int | None) -> Sniffed:
    """The file with the header in this row."""
    if row is None or file.beginning is None:
        return file
    options = {key: value for key, value in file.options.items() if key != "skip"}
    above = file.beginning.lines_above(row)
    return replace(file, options=options | ({"skip": str(above)} if above else {}))


def _is_alike(match: Match, known: int) -> bool:
    enough = match.alike >= min(_FEWEST_ALIKE, known)
    return enough and (match.share >= _ALIKE or match.alike >= _ALIKE * known)


def _looks_alike(match: Match, needed: int) -> bool:
    has = needed - len(match.lacking)
    return has >= 2 and has >= _LOOKS_LIKE * needed and match.share >= _ALIKE
