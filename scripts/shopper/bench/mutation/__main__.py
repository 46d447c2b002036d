"""`python -m shopper.bench.mutation`: mutate models, print the score and the survivors. After `make warehouse`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from shopper.bench.mutation.built import Built
from shopper.bench.mutation.mutating import Mutating
from shopper.bench.mutation.results import SURVIVED, Results, counted, stale, table, write_page
from shopper.bench.mutation.touched import touched
from shopper.bench.mutation.trial import open_trial
from shopper.errors import ShopperError
from shopper.project import artifacts_folder, project_root, warehouse_path

_ALL: Final = 1000


def main(
    models: Annotated[list[str] | None, typer.Argument(help="Models, or folders of models/. Default: all.")] = None,
    changed_since: Annotated[
        str, typer.Option(help="Only models that differ from this commit, or use a macro that does.")
    ] = "",
    per_model: Annotated[int, typer.Option(help="Mutants of each model, the same in every run.", min=1)] = _ALL,
    minutes: Annotated[float, typer.Option(help="Stop after this time; the next call goes on.", min=0)] = 600,
    again: Annotated[bool, typer.Option("--survivors-again", help="Try known survivors again.")] = False,
    page: Annotated[Path | None, typer.Option(help="Put the table into this page.", exists=True)] = None,
    at_least: Annotated[
        float, typer.Option(help="Exit code 1 below this share of killed mutants, if all were tried.", min=0, max=1)
    ] = 0,
) -> None:
    """Change one node of a model at a time, and see whether a test notices it."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    root = project_root()
    try:
        built = Built(artifacts_folder(root), root)
        names = touched(built, root, changed_since) if changed_since else models or []
    except ShopperError as error:
        console.print(str(error))
        raise SystemExit(error.exit_code) from error
    chosen = [
        model
        for model in built.models.values()
        if model.is_mutated
        and (model.name in names or any(model.folder.startswith(name) for name in names) or not names)
    ]
    if changed_since and not names:
        console.print("no model was changed")
        return
    mutating = Mutating(built, lambda: open_trial(built, warehouse_path(root), root), chosen, per_model)
    results = Results(artifacts_folder(root) / "mutation" / "results.jsonl")
    for number, result in enumerate(mutating.run(results, minutes * 60, survivors_again=again), 1):
        if result.outcome == SURVIVED:
            console.print(f"{number} survived: {result.model} {result.step} {result.text}")
    known = results.of(mutating.mutants)
    console.print(table(known))
    if page:
        write_page(page, known)
    left = len(mutating.mutants) - len(known)
    if left:
        console.print(f"{left} mutants were not tried")
    if not names and per_model >= _ALL:
        for entry in stale(mutating.mutants):
            console.print(f"equal.yml has what is no mutant any more: {entry}")
    valid = counted(known)
    if valid and not left and sum(one.outcome != SURVIVED for one in valid) < at_least * len(valid):
        raise SystemExit(1)


if __name__ == "__main__":
    typer.run(main)
