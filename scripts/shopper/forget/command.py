"""The command `shopper forget`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def forget_command(
    customers: Annotated[
        list[str] | None, typer.Argument(metavar="CUSTOMER_ID...", help="Ids of customers, as the shop writes them.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="The configuration of `shopper run` for this shop.", metavar="FILE")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be erased, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. Needed where there is no terminal.")] = False,
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Erase customers everywhere: raw rows, quarantine, ledger, marts, reports, exports, every published generation.

    It can't be undone. Without an id, an erasure that was interrupted is brought to its end.
    """
    import sys

    from rich.console import Console

    from shopper.errors import BadInput
    from shopper.forget.forgetting import forget, preview
    from shopper.run.config import default_config, read_config
    from shopper.run.progress import progress_for

    chosen = read_config(config, project) if config else default_config(project)
    console = Console()

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    names = tuple(customers or ())
    if names and (dry_run or not yes):
        found = preview(chosen, names)
        say(f"accounts: {', '.join(found.accounts)}")
        for table, rows in found.rows.items():
            say(f"raw.{table}: {rows:,} rows")
        if dry_run:
            return
        if not sys.stdin.isatty():
            raise BadInput("forget asks before it erases; without a terminal say --yes")
        typer.confirm("Erase these rows everywhere? It can't be undone.", abort=True)
    done = forget(chosen, names, progress=progress_for(console))
    if done.erased:
        say(f"erased: {', '.join(done.erased.accounts)}, {sum(done.erased.rows.values()):,} raw rows")
        if done.erased.untouched:
            say(f"not looked into, being no raw tables of the contract: {', '.join(done.erased.untouched)}")
    say(f"generation {done.generation} is published; removed: {', '.join(done.removed) or 'none'}")
    if done.exports:
        say(f"exports written anew: {', '.join(str(path) for path in done.exports)}")
    if done.deliveries:
        say(f"the shop's own files are as they were: {', '.join(done.deliveries)}")
    say("Readers that hold an older file open keep it until they close it.")
