"""Options of commands that read a mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AlsoRead = Annotated[
    list[Path] | None,
    typer.Option(
        help="A folder that SQL of the mapping may read beside the mapping's own. May be repeated.", metavar="FOLDER"
    ),
]
