"""Output of findings: text for people, JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from shopper.doctor.findings import SEVERITIES, Finding, exit_code

_STYLES = {"stops": "bold red", "error": "red", "warning": "yellow", "note": "dim"}


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print each finding on a line, with its examples and its fix below, and the counts at the end."""
    for one in findings:
        share = f" ({one.share:.1%})" if one.share is not None and one.severity != "note" else ""
        line = Text.assemble(
            (f"{one.severity:8}", _STYLES[one.severity]), (one.subject, "bold"), f": {one.message}{share}"
        )
        console.print(line, soft_wrap=True)
        if one.examples:
            console.print(Text(f"        such as {', '.join(repr(value) for value in one.examples)}"), soft_wrap=True)
        if one.fix:
            console.print(Text(f"        in {one.fix.place}:", style="green"), soft_wrap=True)
            for suggestion in one.fix.lines:
                console.print(Text(f"          {suggestion}", style="green"), soft_wrap=True)
    counted = Counter(one.severity for one in findings)
    counts = ", ".join(f"{counted[severity]} {severity}" for severity in SEVERITIES if counted[severity])
    console.print(Text(counts or "nothing found"))


def as_document(findings: Sequence[Finding]) -> str:
    """The findings as JSON with the keys `exit_code` and `findings`."""
    document = {"exit_code": exit_code(findings), "findings": [asdict(one) for one in findings]}
    return json.dumps(document, ensure_ascii=False, indent=2)
