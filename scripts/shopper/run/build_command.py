"""The command `shopper build`."""

from __future__ import annotations

from typing import Annotated, Any

import typer


def build_command(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Options of `dbt build`, after `--`.", metavar="[-- OPTION...]")
    ] = None,
) -> None:
    """Run `dbt build`: progress instead of a line for each test, and all that dbt says about what failed.

    `shopper build -- --select +kpi_daily` passes options on. dbt's whole log is in logs/dbt.log. Exit codes: 0 built;
    1 a model or test failed, or dbt could not run.
    """
    from time import monotonic

    from rich.console import Console

    from shopper.dbt import FAILED, first_error, invoke_dbt
    from shopper.errors import CheckFailed
    from shopper.progress import progress_for
    from shopper.project import project_root
    from shopper.run.building import ENDINGS, node_result, plain_message

    progress = progress_for(Console())
    ended = 0

    def follow(event: Any) -> None:
        nonlocal ended
        if event.info.name in ENDINGS:
            ended += 1
            name = event.data.node_info.node_name
            # dbt counts the nodes of a test's result by another name than those of a model's.
            progress.part(ended, getattr(event.data, "total", 0) or event.data.num_models, name)
            if event.info.level in {"warn", "error"}:
                progress.log(f"{event.data.status}: {name}")

    progress.step("build")
    began = monotonic()
    invoked = invoke_dbt(["build", *(arguments or [])], threads=None, project=project_root(), on_event=follow)
    results = [node_result(row, invoked) for row in invoked.results]
    kinds = {kind: sum(node.kind == kind for node in results) for kind in ("model", "seed", "test", "unit_test")}
    note = ", ".join(f"{count:,} {kind.replace('_', ' ')}s" for kind, count in kinds.items() if count)
    progress.done("build", "ok" if invoked.success else "failed", monotonic() - began, note)
    for message in invoked.messages:
        if message.startswith(("Inputs absent", "Columns outside")):
            progress.log(message)
    failed = [node for node in results if node.status in FAILED]
    for node in results:
        if node.status in FAILED or node.status == "warn":
            rows = [f"  {row}" for row in node.failing_rows]
            progress.log("\n".join([f"{node.status}: {node.kind} {node.name}: {node.message}", *rows]))
    if not invoked.success:
        skipped = sum(node.status == "skipped" for node in results)
        raise CheckFailed(
            f"{len(failed):,} failed, {skipped:,} skipped" if failed else plain_message(first_error(invoked))
        )
