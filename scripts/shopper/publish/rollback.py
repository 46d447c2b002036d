"""Back to a generation that readers had before: checked, then one atomic change of the link."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.errors import BadInput, CheckFailed
from shopper.locks import publish_lock
from shopper.publish.generations import Generations
from shopper.sql import literal, quoted, reason
from shopper.stopping import finishing


@dataclass(frozen=True)
class Kept:
    """A generation that is there: its id, when it was published (ISO), what readers had before, its rows in all."""

    id: str
    created_at: str
    follows: str
    rows: int
    labels: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True)
class Rollback:
    """What a rollback changed: the generation that readers get, and the one that they no longer get."""

    to: str
    left: str


def listed(folder: Path) -> list[Kept]:
    """The generations of a publish folder, newest first."""
    generations = Generations(folder)
    current = generations.current()
    kept = []
    for generation in reversed(generations.ids()):
        manifest = generations.manifest(generation)
        kept.append(
            Kept(
                generation,
                str(manifest.get("created_at", "")),
                str(manifest.get("follows") or ""),
                sum(manifest.get("rows", {}).values()),
                tuple(manifest.get("labels", ())),
                generation == current,
            )
        )
    return kept


def rollback(folder: Path, to: str | None = None) -> Rollback:
    """Let readers of `folder` have the generation `to`, else the one that they had before the current one.

    Raises BadInput when there is no such generation, CheckFailed when it is not whole, Locked while another process
    publishes. Readers then keep what they have.
    """
    generations = Generations(folder)
    current = generations.current()
    if current is None:
        raise BadInput(f"{folder}: nothing is published there")
    with publish_lock(folder, "shopper rollback"):
        wanted = to or generations.before(current)
        if wanted is None:
            raise BadInput(f"{folder}: {current} is the oldest generation that is kept; nothing to go back to")
        if wanted not in generations.ids():
            raise BadInput(f"{folder}: no generation {wanted}; there are {', '.join(generations.ids())}")
        if wanted == current:
            raise BadInput(f"{folder}: readers already get {current}")
        stem = _whole(generations, wanted)
        with finishing():
            generations.switch(wanted, stem)
    return Rollback(wanted, current)


def _whole(generations: Generations, generation: str) -> str:
    """The stem of the generation's DuckDB file, which holds the rows that its manifest says."""
    path = generations.path(generation)
    rows = generations.manifest(generation).get("rows")
    files = sorted(path.glob("*.duckdb"))
    if not rows or len(files) != 1:
        raise CheckFailed(f"{path}: not a whole generation; readers keep what they have")
    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(str(files[0]))} as kept (read_only)")
            for name, expected in rows.items():
                schema, _, table = name.partition(".")
                found = connection.execute(f"select count(*) from kept.{quoted(schema)}.{quoted(table)}").fetchone()
                if found != (expected,):
                    raise CheckFailed(f"{path}: {name} has not the {expected} rows that it was published with")
    except duckdb.Error as error:
        raise CheckFailed(f"{path} can't be read: {reason(error)}; readers keep what they have") from error
    return files[0].stem
