"""The command `shopper forget`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def forget_command(
    customers: Annotated[
        list[str] | None, typer.Argument(metavar="CUSTOMER_ID...", help="Ids of customers, as in the shop's data.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Configuration of `shopper run` for this shop.", metavar="FILE")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be erased, change nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask for confirmation. Required without a terminal.")
    ] = False,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Erase customers everywhere: raw rows, quarantine, ledger, marts, reports, exports, every published generation.

    This can't be undone. Without an id, an interrupted erasure is completed.

    Exit codes: 0 erased; 1 the rebuild failed or a file could not be written: the same command goes on; 2 no such
    customer, or bad configuration; 75 another process has the warehouse.
    """
    import sys

    from rich.console import Console

    from shopper.errors import BadInput
    from shopper.forget.forgetting import forget, preview
    from shopper.progress import progress_for
    from shopper.run.config import default_config, read_config

    chosen = read_config(config, project) if config else default_config(project)
    console = Console()

    def log(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    names = tuple(customers or ())
    if names and (dry_run or not yes):
        found = preview(chosen, names)
        log(f"accounts: {', '.join(found.accounts)}")
        for table, rows in found.rows.items():
            log(f"raw.{table}: {rows:,} rows")
        if dry_run:
            return
        if not sys.stdin.isatty():
            raise BadInput("forget asks for confirmation; without a terminal, use --yes")
        typer.confirm("Erase these rows everywhere? It can't be undone.", abort=True)
    done = forget(chosen, names, progress=progress_for(console))
    if done.erased:
        log(f"erased: {', '.join(done.erased.accounts)}, {sum(done.erased.rows.values()):,} raw rows")
        if done.erased.untouched:
            log(f"not searched, since they are not raw tables of the contract: {', '.join(done.erased.untouched)}")
    log(f"generation {done.generation} is published; removed: {', '.join(done.removed) or 'none'}")
    if done.exports:
        log(f"exports rewritten: {', '.join(str(path) for path in done.exports)}")
    if done.deliveries:
        log(f"not changed, the shop's own files: {', '.join(done.deliveries)}")
    log("Readers that have an older file open can read it until they close it.")
