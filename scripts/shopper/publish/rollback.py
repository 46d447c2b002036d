"""Rollback to an earlier generation: verify it, then switch the link in one atomic step."""

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
class KeptGeneration:
    """A kept generation: id, time of publication (ISO), id of the generation before it, total number of rows."""

    id: str
    created_at: str
    follows: str
    rows: int
    labels: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True)
class Rollback:
    """Result of a rollback: the generation that is current now, and the one that was current before."""

    current: str
    previous: str


def list_generations(folder: Path) -> list[KeptGeneration]:
    """The generations of a publish folder, newest first."""
    generations = Generations(folder)
    current = generations.current()
    kept = []
    for generation in reversed(generations.ids()):
        manifest = generations.manifest(generation)
        kept.append(
            KeptGeneration(
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
    """Make the generation `to` current in `folder`; default: the one that was current before.

    Raises BadInput if there is no such generation, CheckFailed if it is incomplete, Locked if another process
    publishes. After an error the current generation stays.
    """
    generations = Generations(folder)
    current = generations.current()
    if current is None:
        raise BadInput(f"{folder}: nothing is published there")
    with publish_lock(folder, "shopper rollback"):
        wanted = to or generations.before(current)
        if wanted is None:
            raise BadInput(f"{folder}: {current} is the oldest generation kept, there is none to go back to")
        if wanted not in generations.ids():
            raise BadInput(f"{folder}: no generation {wanted}; there are {', '.join(generations.ids())}")
        if wanted == current:
            raise BadInput(f"{folder}: readers already get {current}")
        stem = _verified_stem(generations, wanted)
        with finishing():
            generations.switch(wanted, stem)
    return Rollback(wanted, current)


def _verified_stem(generations: Generations, generation: str) -> str:
    """The stem of the generation's DuckDB file. Raises CheckFailed unless its rows match the manifest."""
    path = generations.path(generation)
    rows = generations.manifest(generation).get("rows")
    files = sorted(path.glob("*.duckdb"))
    if not rows or len(files) != 1:
        raise CheckFailed(f"{path}: not a complete generation; readers keep what they have")
    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(str(files[0]))} as kept (read_only)")
            for name, expected in rows.items():
                schema, _, table = name.partition(".")
                found = connection.execute(f"select count(*) from kept.{quoted(schema)}.{quoted(table)}").fetchone()
                if found != (expected,):
                    raise CheckFailed(f"{path}: {name} does not have the {expected} rows that it was published with")
    except duckdb.Error as error:
        raise CheckFailed(f"{path} can't be read: {reason(error)}; readers keep what they have") from error
    return files[0].stem
