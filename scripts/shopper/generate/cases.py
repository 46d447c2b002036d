"""What shops of common platforms export, one of each in the sample shop, from `cases.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from shopper.generate.faults import defaults

PATH: Final = Path(__file__).with_name("cases.yml")


@dataclass(frozen=True, slots=True)
class Case:
    """Rows by raw table, complete with the defaults of the table, and the right values in marts.

    marts: by mart and key, the values by column; None where the mart must not have the key.
    """

    name: str
    rows: dict[str, tuple[dict[str, str | None], ...]]
    marts: dict[str, dict[str, dict[str, Any] | None]]


@cache
def cases() -> tuple[Case, ...]:
    """All cases, in the order of the file."""
    document = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return tuple(
        Case(
            entry["name"],
            {
                table: tuple({**defaults().get(table, {}), **row} for row in rows)
                for table, rows in entry["rows"].items()
            },
            entry["marts"],
        )
        for entry in document["cases"]
    )
