"""The whole mapping for a set of files: ready sources where they are recognised, drafts for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from itertools import groupby
from pathlib import Path
from typing import Final

import duckdb

from shopper.contract import Contract
from shopper.errors import BadInput
from shopper.init.composing import Chosen, Composition, compose
from shopper.init.drafting import Draft, draft, flow, part_text, unused
from shopper.init.ready import ReadySource, ready_sources
from shopper.init.recognising import Match, recognise
from shopper.init.settings import add_settings
from shopper.init.sniffing import Sniffed, digest_of, glob_of, sniff, together
from shopper.init.whole_files import has_decimal_commas
from shopper.init.yielding import Counted
from shopper.load.shop_settings import require_zone, shop_settings_of
from shopper.load.sources import UNTIL_HEADER

_MOST_LISTED: Final = 5_000


@dataclass(frozen=True)
class ShopAnswers:
    """What the user says of the shop; None: not said. See `shop:` of a mapping.

    counted: the ready sources that fill a table where several could, by table.
    """

    timezone: str | None = None
    currency: str | None = None
    prices_include_tax: bool | None = None
    counted: Counted = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """The text of a mapping, what became of each file, what was left out and why, and what to know of the settings."""

    text: str
    placed: tuple[str, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def write_mapping(paths: Sequence[Path], folder: Path, contract: Contract, root: Path, answers: ShopAnswers) -> Written:
    """The mapping for these files. `folder`: that of the mapping file, to which its paths are relative.

    Raises BadInput if no file can be placed.
    """
    _check(answers)
    files, left_out = _sniffed(paths)
    found = recognise(files, ready_sources(root))
    chosen = _chosen(found.matches, folder)
    parts = compose(chosen, answers.counted)
    drafts, unplaced = draft(together(found.unknown), contract, parts.names)
    add_settings(drafts, root)
    near = {match.file.path: _looks_like(match) for match in found.near}
    left_out += [near.pop(one.file.path, f"{one.file.path}: {one.reason}") for one in unplaced]
    if not chosen and not drafts:
        raise BadInput("; ".join(left_out) or "no file to map")
    left_out += [f"{text}; drafted by names" for text in near.values()]
    text = _text(parts, chosen, drafts, folder, answers)
    placed = [f"{name}: {title}" for name, title in _placed(chosen, found.matches)]
    notes = (
        *(one.note for one in parts.yielded),
        *(note for file in files for note in file.remarks),
        *_notes(text, answers),
    )
    return Written(text, (*placed, *_drafted(drafts)), tuple(left_out), notes)


def _check(answers: ShopAnswers) -> None:
    settings = shop_settings_of(_settings(answers), "the shop")
    with duckdb.connect() as connection:
        require_zone(connection, str(settings.timezone), "the shop")


def _sniffed(paths: Sequence[Path]) -> tuple[list[Sniffed], list[str]]:
    files, failed = [], []
    known: dict[str, Path] = {}
    for path in dict.fromkeys(paths):
        try:
            file = sniff(path)
            first = known.setdefault(digest_of(path), path)
        except BadInput as error:
            failed.append(str(error))
            continue
        if first == path:
            files.append(file)
        else:
            failed.append(f"{path}: the same content as {first}")
    return files, failed


def _looks_like(match: Match) -> str:
    columns = ", ".join(match.lacking)
    return f"{match.file.path}: looks like {match.ready.title} ({match.source}), but lacks the columns {columns}"


def _chosen(matches: Sequence[Match], folder: Path) -> list[Chosen]:
    """The ready sources of the matches, shops first, with the paths and options of the user's files."""
    ready: dict[str, ReadySource] = {match.ready.name: match.ready for match in matches}
    files: dict[str, dict[str, Sequence[Mapping[str, str]]]] = {name: {} for name in ready}

    def key(match: Match) -> tuple[str, str]:
        return match.ready.name, match.source

    for (name, source), group in groupby(sorted(matches, key=key), key=key):
        members = [match.file for match in group]
        if not ready[name].reads_decimal_commas:
            members = [_with_decimal(one) for one in members]
        if ready[name].sources[source].value.get("skip") == UNTIL_HEADER:
            members = [_without_skip(one) for one in members]
        files[name][source] = _entries(members, folder)
    order = sorted(ready.values(), key=lambda one: (one.about.get("kind") != "shop", one.name))
    return [Chosen(one, files[one.name]) for one in order]


def _with_decimal(file: Sniffed) -> Sniffed:
    """The file with its decimal sign, if that is a comma."""
    return replace(file, options={**file.options, "decimal": ","}) if has_decimal_commas(file) else file


def _without_skip(file: Sniffed) -> Sniffed:
    """The file without the number of lines above its header, which may differ between files of one report."""
    return replace(file, options={key: value for key, value in file.options.items() if key != "skip"})


def _kind(file: Sniffed) -> tuple[object, ...]:
    return file.path.absolute().parent, file.format, tuple(file.options.items())


def _entries(files: Sequence[Sniffed], folder: Path) -> list[Mapping[str, str]]:
    """The keys of the entries, in the order of the files' names: where exports overlap, the last one counts.

    One entry for files of a kind whose names follow each other; one a file where no glob names these files only.
    """
    found: list[Mapping[str, str]] = []
    for _kind_of_all, group in groupby(sorted(files, key=lambda file: file.path.name), key=_kind):
        members = list(group)
        own = {file.path.name for file in members}
        others = [name for name in _names_in(members[0].path.absolute().parent) if name not in own]
        pattern = glob_of(sorted(own), others)
        if pattern and any(fnmatch(name, pattern) for name in others):
            found += [_entry(file.path, file, folder) for file in members]
        else:
            place = members[0].path.with_name(pattern) if pattern else members[0].path
            found.append(_entry(place, members[0], folder))
    return found


def _entry(place: Path, file: Sniffed, folder: Path) -> Mapping[str, str]:
    return {"path": relative(place, folder), "format": file.format, **file.options}


def _names_in(folder: Path) -> list[str]:
    return [path.name for path, _number in zip(folder.iterdir(), range(_MOST_LISTED), strict=False)]


def relative(path: Path, folder: Path) -> str:
    """The path as a mapping in `folder` names it."""
    try:
        return str(path.absolute().relative_to(folder.absolute()))
    except ValueError:
        return str(path.absolute())


def _text(
    parts: Composition, chosen: Sequence[Chosen], drafts: Sequence[Draft], folder: Path, answers: ShopAnswers
) -> str:
    ready = ", ".join(f"sources/{one.ready.name}" for one in chosen)
    head = [f"# Written by `shopper init` from {ready}: yours to read and edit."] if ready else []
    if drafts:
        head.append("# Draft mapping, matched by names: check every line, then run `shopper doctor` on it.")
    if answers.timezone is None:
        head.append("# Times without an offset are read as UTC; if they are local, change the time zone of the shop.")
    sources = [parts.sources] if parts.sources else []
    sources += [_source_text(list(group), folder) for group in _by_file(drafts)]
    tables: dict[str, tuple[str, ...]] = dict(parts.tables)
    notes: dict[str, str] = {}
    for one in drafts:
        tables[one.table.name] = (*tables.get(one.table.name, ()), part_text(one, answers.timezone))
    for group in _by_file(drafts):
        if unused(group):
            notes[group[0].table.name] = f"    # not used: {', '.join(unused(group))}"
    shown = [_table_text(name, texts, notes.get(name)) for name, texts in tables.items()]
    return "\n".join([*head, f"shop: {flow(_settings(answers))}", "", "sources:", "\n\n".join(sources), "", "tables:",
                      "\n".join(shown)]) + "\n"  # fmt: skip


def _settings(answers: ShopAnswers) -> dict[str, str]:
    settings = {"timezone": answers.timezone or "UTC"}
    if answers.currency is not None:
        settings["currency"] = answers.currency
    if answers.prices_include_tax is not None:
        settings["prices_include_tax"] = str(answers.prices_include_tax).lower()
    return settings


def _source_text(drafts: list[Draft], folder: Path) -> str:
    file = drafts[0].file
    lines = [f"  {drafts[0].source}: {flow({'path': relative(file.place, folder), **file.options})}"]
    for one in drafts[1:]:
        lines += [f"  {one.source}:    # one row an order", "    query: |", f"      {one.query(drafts[0].source)}"]
    return "\n".join(lines)


def _by_file(drafts: Sequence[Draft]) -> list[list[Draft]]:
    return [list(group) for _path, group in groupby(drafts, key=lambda one: one.file.path)]


def _table_text(name: str, texts: Sequence[str], note: str | None) -> str:
    lines = [f"  {name}:"]
    for text in texts:
        first, *others = text.splitlines()
        marks = ("    - ", "      ") if len(texts) > 1 else ("    ", "    ")
        lines += [f"{marks[0]}{first}", *(f"{marks[1]}{line}" if line else "" for line in others)]
    return "\n".join([*lines, note] if note else lines)


def _placed(chosen: Sequence[Chosen], matches: Sequence[Match]) -> list[tuple[str, str]]:
    names = {one.ready.name for one in chosen}
    return [
        (str(match.file.path), f"{match.ready.title} (sources/{match.ready.name})")
        for match in matches
        if match.ready.name in names
    ]


def _drafted(drafts: Sequence[Draft]) -> list[str]:
    lines = []
    for group in _by_file(drafts):
        used = {name for one in group for name in one.columns.values()}
        tables = " and ".join(one.table.name for one in group)
        missing = [column for one in group for column in one.missing]
        needed = f"; required, not found: {', '.join(missing)}" if missing else ""
        lines.append(f"{group[0].file.place}: {tables}, {len(used)} of {len(group[0].file.columns)} columns{needed}")
        if unused(group):
            lines.append(f"  not used: {', '.join(unused(group))}")
    return lines


def _notes(text: str, answers: ShopAnswers) -> list[str]:
    notes = []
    if answers.timezone is None and ("timezone: shop" in text or "shop_timezone()" in text):
        notes.append("local times are read as UTC: say the shop's time zone with --timezone")
    if answers.currency is None and "shop_currency()" in text:
        notes.append("amounts without a currency count in the reporting currency: say the shop's with --currency")
    if answers.prices_include_tax is None and "shop_prices_include_tax()" in text:
        notes.append("where a file does not say it, prices count as without tax: --prices-include-tax if they hold it")
    return notes
