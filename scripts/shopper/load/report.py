"""The printed report of a load: sources read, tables landed, and notes."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from shopper.load.appending import Append
from shopper.load.landing import LoadReport
from shopper.suggestions import listed

_SHOWN_CHANGES = 20
_SHOWN_FILES = 3
_SHOWN_SHAPE = 20


def print_report(report: LoadReport, warehouse: str, console: Console) -> None:
    """Print the sources, the tables and the notes."""
    if not report.is_unchanged:
        console.print(_sources(report))
        console.print(_tables(report))
    for line in notes(report):
        console.print(line, soft_wrap=True, markup=False, highlight=False)
    changed = [table for table in report.tables if not table.is_unchanged]
    landed = [table for table in changed if not table.is_unknown]
    text = f"{sum(table.landed_rows for table in landed):,} rows in {len(landed)} tables landed in {warehouse}"
    console.print(text if changed else f"{warehouse} is unchanged", soft_wrap=True, markup=False, highlight=False)


def notes(report: LoadReport, *, masked: bool = False) -> list[str]:
    """Notes on what the user should check, each with table or source and column. masked: for readers who may not see
    raw values; of an example only its shape is shown (`99,9 Aa`), of a rejected line only its place.
    """
    unchanged = [table.name for table in report.tables if table.is_unchanged]
    lines = [f"unchanged: {', '.join(unchanged)} (same content and mapping as at the last load)"] if unchanged else []
    lines += [f"appended: {table.name}: {_files(table.append)}" for table in report.tables if table.append]
    lines += [
        f"landed whole: {table.name}, since {table.whole_because}" for table in report.tables if table.whole_because
    ]
    lines += [f"rejected: {reject.split(': ')[0] if masked else reject}" for reject in report.rejects]
    lines += [
        f"repeated: {file} has the same content as another file of source {source.name}; read once"
        for source in report.sources
        for file in source.delivery.repeated
    ]
    lines += [
        f"passed over: source {source.name}: of another format, or a name in other capitals: {listed(names)}"
        for source in report.sources
        if (names := source.delivery.passed_over)
    ]
    lines += [
        f"overlap: source {source.name}: {source.replaced:,} rows are in a later file again and count once"
        for source in report.sources
        if source.replaced
    ]
    lines += [
        f"no rows: source {source.name}: {', '.join(file.name for file in source.files[:_SHOWN_FILES])} has none"
        for source in report.sources
        if not source.rows and not source.rejects and not source.unread
    ]
    lines += [f"changed: {change}" for change in report.changes[:_SHOWN_CHANGES]]
    if len(report.changes) > _SHOWN_CHANGES:
        lines.append(f"changed: and {len(report.changes) - _SHOWN_CHANGES:,} more columns")
    lines += [f"not used: {source}: {', '.join(columns)}" for source, columns in report.unused_columns.items()]
    for table in report.tables:
        lines += [
            f"does not cast: {table.name}.{bad.column}: {bad.values:,} values are not of type {bad.type}, for example"
            f" {(masked_value(bad.example) if masked else bad.example)!r} ({bad.outcome})"
            for bad in table.uncast
        ]
        if table.derived_key:
            lines.append(f"derived: {table.name}.{table.derived_key}, from the row's content and occurrence number")
    lines += [
        f"changed since the last successful run: {one.table}: {one.new:,} new, {one.changed:,} changed,"
        f" {one.removed:,} removed keys"
        for one in report.key_changes
        if one.new is not None and one.new + one.changed + one.removed
    ]
    unmarked = [one.table for one in report.key_changes if not one.has_mark]
    if unmarked and not report.is_unchanged:
        lines.append(f"all keys are new, since no run has succeeded yet: {', '.join(unmarked)}")
    unknown = [table.name for table in report.tables if table.is_unknown]
    if unknown:
        lines.append(
            f"unknown: {', '.join(unknown)} (no row, since the files that would tell are not there; not landed)"
        )
    if report.untouched:
        lines.append(f"untouched: {', '.join(report.untouched)} (raw tables that are not in this mapping)")
    if report.absent:
        lines.append(f"absent: {', '.join(report.absent)} (marts that need them stay empty)")
    return lines


def masked_value(value: str) -> str:
    """The shape of a value: every digit 9, every letter a or A, at most twenty characters."""
    shape = "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in value)
    return shape if len(shape) <= _SHOWN_SHAPE else f"{shape[:_SHOWN_SHAPE]}..."


def _files(append: Append) -> str:
    """What became of the files of a table."""
    new = sum(len(files) for files in append.new.values())
    gone = sum(file.rows or 0 for file in append.gone)
    return (
        f"{new:,} new or changed files read; {gone:,} rows of {len(append.gone):,} removed or changed files deleted;"
        f" {append.kept_rows:,} rows of {len(append.kept):,} files unchanged"
    )


def _sources(report: LoadReport) -> Table:
    table = Table(title="read", title_justify="left")
    table.add_column("source")
    for heading in ("files", "rows", "rejects"):
        table.add_column(heading, justify="right")
    for source in report.sources:
        table.add_row(source.name, f"{len(source.files) - source.unread}", f"{source.rows:,}", f"{source.rejects:,}")
    return table


def _tables(report: LoadReport) -> Table:
    table = Table(title="landed", title_justify="left")
    table.add_column("table")
    for heading in ("rows", "left out", "columns", "do not cast"):
        table.add_column(heading, justify="right")
    for landed in (one for one in report.tables if not one.is_unchanged):
        uncast = sum(bad.values for bad in landed.uncast)
        table.add_row(
            landed.name, f"{landed.landed_rows:,}", f"{landed.left_out:,}", f"{len(landed.columns)}", f"{uncast:,}"
        )
    return table
