"""Options of commands that write a mapping."""

from __future__ import annotations

from typing import Annotated

import typer

PricesIncludeTax = Annotated[
    bool | None,
    typer.Option("--prices-include-tax/--prices-without-tax", help="Whether the shop's prices hold the tax."),
]
Count = Annotated[
    list[str] | None,
    typer.Option(
        help="Where several tools fill a table: the one that counts, such as payments=stripe. May be repeated.",
        metavar="TABLE=SOURCE",
    ),
]
