"""The command `shopper init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init_command(
    files: Annotated[
        list[Path], typer.Argument(help="Files of csv, jsonl or parquet, each one table.", metavar="FILE")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The mapping to write.")] = Path("my_shop.yml"),
    timezone: Annotated[
        str | None,
        typer.Option(help="Whose clock times without an offset show: Europe/Paris.", metavar="ZONE"),
    ] = None,
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Draft a mapping from the headers of files, for a person to check: nothing is loaded.

    Exit codes: 0 written; 2 a file can't be read or looks like no table, or the mapping is there already.
    """
    from rich.console import Console
    from rich.text import Text

    from shopper.contract import load_contract
    from shopper.errors import BadInput
    from shopper.init.drafting import as_text, draft
    from shopper.init.settings import add_settings
    from shopper.init.sniffing import sniff, together
    from shopper.project import project_root

    root = project_root(project)
    if output.exists():
        raise BadInput(f"{output} is there already; name another file with --output")
    contract = load_contract(root)
    drafts = draft(together([sniff(path) for path in files]), contract)
    add_settings(drafts, root)
    try:
        output.write_text(as_text(drafts, timezone, output.absolute().parent), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{output} can't be written ({error.strerror})") from error
    console = Console()
    for one in drafts:
        needed = f"; needed still: {', '.join(one.missing)}" if one.missing else ""
        said = f"{one.file.place}: {one.table.name}, {len(one.columns)} of {len(one.file.columns)} columns{needed}"
        console.print(Text(said), soft_wrap=True)
    console.print(Text(f"{output} is written: check it, then `shopper doctor {output}`"), soft_wrap=True)
