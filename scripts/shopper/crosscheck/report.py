"""The report of a crosscheck: tables on a terminal, plain text in a pipe, JSON in a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from shopper.crosscheck.check import Result
from shopper.crosscheck.truths.measured import Measured


def print_report(console: Console, results: Sequence[Result], measured: Sequence[Measured]) -> None:
    """Print the checks, their differences, the planted truths, and a summary."""
    if console.is_terminal:
        console.print(_checks_table(results))
        if measured:
            console.print(_truths_table(measured))
    else:
        _print_plain(console, results, measured)
    for result in results:
        if result.comparison is not None:
            for difference in result.comparison.examples:
                _line(console, f"  {result.check.subject}, {result.check.mart}: {difference}")
    _line(console, summary(results, measured))


def summary(results: Sequence[Result], measured: Sequence[Measured]) -> str:
    """The result in one line."""
    equal = sum(result.passed for result in results)
    cells = sum(result.comparison.cells for result in results if result.comparison)
    text = f"{equal} of {len(results)} checks equal over {cells:,} cells"
    if measured:
        held = sum(one.verdict == "holds" for one in measured)
        off = sum(not one.passed for one in measured)
        pending = sum(one.is_pending for one in measured)
        text += f"; planted truths: {held} hold, {off} off, {pending} not yet measured"
    return text


def write_json(path: Path, results: Sequence[Result], measured: Sequence[Measured]) -> None:
    """Write the report as JSON."""
    document = {
        "passed": all(result.passed for result in results) and all(one.passed for one in measured),
        "checks": [_check_entry(result) for result in results],
        "truths": [_truth_entry(one) for one in measured],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")


def _check_entry(result: Result) -> dict[str, Any]:
    comparison = result.comparison
    return {
        "subject": result.check.subject,
        "what": result.check.what,
        "mart": f"{result.check.schema}.{result.check.mart}",
        "expected": result.expected,
        "warehouse": result.actual,
        "cells": comparison.cells if comparison else 0,
        "differing": comparison.differing if comparison else None,
        "examples": [str(difference) for difference in comparison.examples] if comparison else [],
        "passed": result.passed,
    }


def _truth_entry(one: Measured) -> dict[str, Any]:
    return {
        "name": one.truth.name,
        "report_says": one.truth.claim,
        "planted": one.truth.planted,
        "warehouse": one.value,
        "low": one.truth.low,
        "high": one.truth.high,
        "unit": one.truth.unit,
        "measured_as": one.truth.measured_as,
        "note": one.note,
        "verdict": one.verdict,
    }


def _check_cells(result: Result) -> tuple[str, ...]:
    differing = "" if result.comparison is None else f"{result.comparison.differing:,}"
    verdict = "equal" if result.passed else "missing" if result.comparison is None else "DIFFERS"
    return result.check.subject, result.check.what, result.expected, result.actual, differing, verdict


def _truth_cells(one: Measured) -> tuple[str, ...]:
    warehouse = one.note if one.value is None else f"{one.value:.4g}" + (f" ({one.note})" if one.note else "")
    tolerance = f"{one.truth.low:g} to {one.truth.high:g}"
    return one.truth.claim, f"{one.truth.planted:g}", warehouse, tolerance, one.verdict


_CHECK_COLUMNS = ("subject", "what", "second computation", "warehouse", "differing", "verdict")
_TRUTH_COLUMNS = ("truth", "planted", "warehouse", "tolerance", "verdict")


def _checks_table(results: Sequence[Result]) -> Table:
    table = Table(*_CHECK_COLUMNS, title="The marts compared with a second computation")
    for result in results:
        table.add_row(*_check_cells(result), style=None if result.passed else "bold red")
    return table


def _truths_table(measured: Sequence[Measured]) -> Table:
    table = Table(*_TRUTH_COLUMNS, title="Planted truths of the sample shop")
    for one in measured:
        table.add_row(*_truth_cells(one), style="dim" if one.is_pending else None if one.passed else "bold red")
    return table


def _print_plain(console: Console, results: Sequence[Result], measured: Sequence[Measured]) -> None:
    _line(console, "\t".join(_CHECK_COLUMNS))
    for result in results:
        _line(console, "\t".join(_check_cells(result)))
    if measured:
        _line(console, "")
        _line(console, "\t".join(_TRUTH_COLUMNS))
        for one in measured:
            _line(console, "\t".join(_truth_cells(one)))


def _line(console: Console, text: str) -> None:
    console.out(text, highlight=False)
