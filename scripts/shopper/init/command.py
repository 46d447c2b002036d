"""The command `shopper init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shopper.init.options import Count, PricesIncludeTax


def init_command(
    files: Annotated[list[Path], typer.Argument(help="CSV, JSON, Parquet or Excel files of one shop.", metavar="FILE")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Mapping file to write.")] = Path("my_shop.yml"),
    timezone: Annotated[
        str | None,
        typer.Option(help="Time zone of timestamps without an offset, such as Europe/Paris.", metavar="ZONE"),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of amounts without one, such as EUR.", metavar="CODE")
    ] = None,
    prices_include_tax: PricesIncludeTax = None,
    count: Count = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Write a mapping for the files of a shop. Nothing is loaded.

    Exports of known tools (sources/README.md) are recognised; other files are drafted by the names of their columns:
    check those before you use them. Exit codes: 0 written; 2 no file can be mapped, or the mapping already exists.
    """
    from rich.console import Console
    from rich.text import Text

    from shopper.contract import load_contract
    from shopper.errors import BadInput, not_written
    from shopper.init.writing import ShopAnswers, write_mapping
    from shopper.init.yielding import counted_of
    from shopper.project import project_root

    root = project_root(project)
    if output.exists():
        raise BadInput(f"{output} already exists; choose another file with --output")
    answers = ShopAnswers(timezone, currency, prices_include_tax, counted_of(count or []))
    written = write_mapping(files, output.absolute().parent, load_contract(root), root, answers)
    try:
        output.write_text(written.text, encoding="utf-8")
    except OSError as error:
        raise not_written(output.absolute().parent, error) from error
    console = Console()
    lines = [*written.placed, *(f"left out: {line}" for line in written.left_out), *written.notes]
    for line in [*lines, f"wrote {output}: check it, then run `shopper doctor {output}`"]:
        console.print(Text(line), soft_wrap=True)
