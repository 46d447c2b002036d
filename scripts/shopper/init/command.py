"""The command `shopper init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init_command(
    files: Annotated[
        list[Path], typer.Argument(help="CSV, JSON Lines or Parquet files, one table each.", metavar="FILE")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Mapping file to write.")] = Path("my_shop.yml"),
    timezone: Annotated[
        str | None,
        typer.Option(help="Time zone of timestamps without an offset, such as Europe/Paris.", metavar="ZONE"),
    ] = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Draft a mapping from the headers of files. Check it before you use it. Nothing is loaded.

    Exit codes: 0 written; 2 a file can't be read or matches no table, or the mapping already exists.
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
        raise BadInput(f"{output} already exists; choose another file with --output")
    contract = load_contract(root)
    drafts = draft(together([sniff(path) for path in files]), contract)
    add_settings(drafts, root)
    try:
        output.write_text(as_text(drafts, timezone, output.absolute().parent), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{output} can't be written ({error.strerror})") from error
    console = Console()
    for one in drafts:
        needed = f"; required, not found: {', '.join(one.missing)}" if one.missing else ""
        line = f"{one.file.place}: {one.table.name}, {len(one.columns)} of {len(one.file.columns)} columns{needed}"
        console.print(Text(line), soft_wrap=True)
    console.print(Text(f"wrote {output}: check it, then run `shopper doctor {output}`"), soft_wrap=True)
