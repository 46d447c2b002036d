"""The whole erasure: the working file, everything built from it, what is published, reports, exports."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import load_contract
from shopper.erasure.erasures import ERASURES, has_erasures
from shopper.erasure.rewriting import Erased, remove_copies, rewrite_without
from shopper.errors import BadInput, CheckFailed, Locked, ShopperError
from shopper.export.exporting import renew_exports
from shopper.locks import publish_lock, warehouse_lock
from shopper.project import run_folder
from shopper.publish.generations import Generations, Keep
from shopper.run.config import RunConfig
from shopper.run.progress import Progress
from shopper.run.runner import run
from shopper.sql import is_lock_conflict, literal, lock_holder, reason


@dataclass(frozen=True)
class Forgotten:
    """What an erasure did. `erased` is None where one that was interrupted was only brought to its end; `generation` is
    what readers now get, `removed` those that are gone, `exports` the files written anew, `deliveries` the names of
    files that the loader read rows of the changed tables from: they are the shop's own, and still hold the customer.
    """

    erased: Erased | None
    generation: str
    removed: tuple[str, ...]
    exports: tuple[Path, ...]
    deliveries: tuple[str, ...]


def preview(config: RunConfig, customers: tuple[str, ...]) -> Erased:
    """What `forget` would erase. Raises as it does; nothing changes."""
    _expect_shop(config)
    with warehouse_lock(config.warehouse, "shopper forget"):
        return _rewrite(config, customers, dry_run=True)


def forget(config: RunConfig, customers: tuple[str, ...], *, progress: Progress | None = None) -> Forgotten:
    """Erase customers, with the accounts merged into theirs, from the warehouse of `config` and all that it published.

    The working file is written anew without their raw rows, everything is built again from it, tested and published,
    and every other generation, report and export goes. Loads to come keep their rows out. Without `customers`, an
    erasure that was interrupted is brought to its end.

    Raises BadInput for unknown ids and for the sample shop, Locked, and CheckFailed when the build or a test fails:
    readers then have what they had, which still holds the customer, until `forget` is called again.
    """
    told = progress or Progress()
    _expect_shop(config)
    with warehouse_lock(config.warehouse, "shopper forget", lent=True):
        erased = None
        if customers:
            with _marked_unfinished(config):
                erased = _rewrite(config, customers)
        elif _pending(config):
            with _marked_unfinished(config):
                _rewrite(config, ())
        else:
            raise BadInput("no customer named, and no erasure waits to be brought to its end")
        result = run(replace(config, load=None, gates=()), progress=told)
        if result.exit_code != 0 or result.generation is None:
            raise CheckFailed(
                "the working file no longer holds the customer, but it could not be built and published again:"
                f" {result.message}\nWhat is published is as before and still holds the customer; call `shopper forget`"
                " again when this is mended"
            )
        remove_copies(config.warehouse)
        removed = _remove_older(config, result.generation)
        _remove_reports(config, result.report)
        exports = renew_exports(config.publish, config.warehouse.stem, erased.accounts if erased else ())
        deliveries = _deliveries(config, erased)
        _complete(config)
    return Forgotten(erased, result.generation, removed, exports, deliveries)


def _expect_shop(config: RunConfig) -> None:
    if config.variables.get("raw_data") != "source":
        raise BadInput("vars.raw_data is 'sample': the sample shop has no customers to forget; expected source")
    if not config.warehouse.is_file():
        raise BadInput(f"{config.warehouse}: no warehouse there")


def _rewrite(config: RunConfig, customers: tuple[str, ...], *, dry_run: bool = False) -> Erased:
    rules = CastRules(config.root, config.variables)
    return rewrite_without(config.warehouse, load_contract(config.root), rules, customers, dry_run=dry_run)


@contextmanager
def _marked_unfinished(config: RunConfig) -> Iterator[None]:
    """What is killed from here on is followed by a run that builds everything; what changed nothing is not."""
    mark = run_folder(config.warehouse) / "unfinished"
    was_there = mark.exists()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text("shopper forget\n", encoding="utf-8")
    try:
        yield
    except ShopperError:
        if not was_there:
            mark.unlink(missing_ok=True)
        raise


def _pending(config: RunConfig) -> bool:
    try:
        with duckdb.connect(str(config.warehouse), read_only=True) as connection:
            if not has_erasures(connection, config.warehouse.stem):
                return False
            row = connection.execute(f"select count(*) from {ERASURES} where completed_at is null").fetchone()
    except duckdb.Error as error:
        if is_lock_conflict(str(error)):
            raise Locked(f"{config.warehouse} is open in {lock_holder(str(error))}; nothing changed") from error
        raise CheckFailed(f"{config.warehouse} can't be read: {reason(error)}") from error
    return bool(row and row[0])


def _complete(config: RunConfig) -> None:
    with duckdb.connect(str(config.warehouse)) as connection:
        connection.execute(
            f"update {ERASURES} set completed_at = current_timestamp at time zone 'UTC' where completed_at is null"
        )


def _remove_older(config: RunConfig, generation: str) -> tuple[str, ...]:
    """Every generation but the new one; raises CheckFailed where one stays."""
    generations = Generations(config.publish)
    with publish_lock(config.publish, "shopper forget"):
        removed = generations.prune(Keep(generations=1), datetime.now(UTC))
    # What could only be moved aside counts as well.
    left = sorted(path.name for path in generations.path(generation).parent.iterdir() if path.name != generation)
    if left:
        raise CheckFailed(f"{config.publish}: generation {', '.join(left)} could not be removed; call it again")
    return tuple(removed)


def _remove_reports(config: RunConfig, latest: Path | None) -> None:
    """Reports of earlier runs quote rows that failed tests; dbt's artifacts quote the command line, too."""
    shutil.rmtree(run_folder(config.warehouse) / "target", ignore_errors=True)
    home = run_folder(config.warehouse) / "reports"
    for path in home.iterdir() if home.is_dir() else ():
        if path.is_dir() and not path.is_symlink() and (latest is None or path not in latest.parents):
            shutil.rmtree(path)


def _deliveries(config: RunConfig, erased: Erased | None) -> tuple[str, ...]:
    if erased is None or not erased.rows:
        return ()
    names = ", ".join(literal(name) for name in erased.rows)
    with duckdb.connect(str(config.warehouse), read_only=True) as connection:
        known = connection.execute(
            "select count(*) from duckdb_tables() where schema_name = 'landing' and table_name = 'loads'"
        ).fetchone()
        if not known or not known[0]:
            return ()
        rows = connection.execute(
            f"select distinct file from landing.loads where table_name in ({names}) order by file"
        ).fetchall()
    return tuple(name for (name,) in rows)
