"""The complete erasure: the working file, everything built from it, published generations, reports, exports."""

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
from shopper.erasure.erasures import ERASURES
from shopper.erasure.pending import pending
from shopper.erasure.rewriting import Erased, remove_copies, rewrite_without
from shopper.errors import BadInput, CheckFailed, ShopperError
from shopper.export.exporting import renew_exports
from shopper.locks import publish_lock, warehouse_lock
from shopper.progress import Progress
from shopper.project import run_folder
from shopper.publish.generations import Generations, Keep
from shopper.run.config import RunConfig
from shopper.run.runner import run
from shopper.sql import literal


@dataclass(frozen=True)
class Forgotten:
    """Result of an erasure.

    erased: None if only an interrupted erasure was completed. generation: id of the new current generation. removed:
    ids of removed generations. exports: rewritten files. deliveries: the shop's own files that the changed tables were
    loaded from; they still contain the customer.
    """

    erased: Erased | None
    generation: str
    removed: tuple[str, ...]
    exports: tuple[Path, ...]
    deliveries: tuple[str, ...]


def preview(config: RunConfig, customers: tuple[str, ...]) -> Erased:
    """What `forget` would erase. Changes nothing; raises the same errors."""
    _check_shop(config)
    with warehouse_lock(config.warehouse, "shopper forget"):
        return _rewrite(config, customers, dry_run=True)


def forget(config: RunConfig, customers: tuple[str, ...], *, progress: Progress | None = None) -> Forgotten:
    """Erase customers, and the accounts merged with theirs, from the warehouse of `config` and everything published.

    The working file is rewritten without their raw rows, then everything is rebuilt, tested and published. All other
    generations and reports are removed, and exports are rewritten. Later loads keep the customers' rows out. Without
    `customers`, or with those of an interrupted erasure, that one is completed.

    Raises BadInput for unknown ids and for the sample shop, Locked if another process has the warehouse, CheckFailed if
    the build or a test fails: readers then keep the previous generation, which still contains the customer, until
    `forget` is called again.
    """
    reporter = progress or Progress()
    _check_shop(config)
    with warehouse_lock(config.warehouse, "shopper forget", lent=True):
        erased = None
        begun = pending(config.warehouse, CastRules(config.root, config.variables), customers)
        left = tuple(customer for customer in customers if customer not in begun.customers)
        if left:
            with _marked_unfinished(config):
                erased = _rewrite(config, left)
        elif begun.is_there:
            with _marked_unfinished(config):
                _rewrite(config, ())
        else:
            raise BadInput("no customer given, and no interrupted erasure to complete")
        result = run(replace(config, load=None, gates=()), progress=reporter)
        if result.exit_code != 0 or result.generation is None:
            raise CheckFailed(
                "the working file no longer contains the customer, but the build or publication failed:"
                f" {result.message}\nThe published data still contains the customer; correct this and call"
                " `shopper forget` again"
            )
        remove_copies(config.warehouse)
        removed = _remove_older(config, result.generation)
        _remove_reports(config, result.report)
        forgotten = {*customers, *(erased.accounts if erased else ())}
        exports = renew_exports(config.publish, config.warehouse.stem, forgotten)
        deliveries = _deliveries(config, erased)
        _complete(config)
    return Forgotten(erased, result.generation, removed, exports, deliveries)


def _check_shop(config: RunConfig) -> None:
    if config.variables.get("raw_data") != "source":
        raise BadInput("vars.raw_data is 'sample': the sample shop has no customers to forget; expected source")
    if not config.warehouse.is_file():
        raise BadInput(f"{config.warehouse}: no warehouse there")


def _rewrite(config: RunConfig, customers: tuple[str, ...], *, dry_run: bool = False) -> Erased:
    rules = CastRules(config.root, config.variables)
    return rewrite_without(config.warehouse, load_contract(config.root), rules, customers, dry_run=dry_run)


@contextmanager
def _marked_unfinished(config: RunConfig) -> Iterator[None]:
    """Set the marker of an unfinished build, so that the next run after a kill rebuilds everything. The marker is
    removed again if nothing was changed.
    """
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


def _complete(config: RunConfig) -> None:
    with duckdb.connect(str(config.warehouse)) as connection:
        connection.execute(
            f"update {ERASURES} set completed_at = current_timestamp at time zone 'UTC' where completed_at is null"
        )


def _remove_older(config: RunConfig, generation: str) -> tuple[str, ...]:
    """Remove every generation but the new one. Raises CheckFailed if one can't be removed."""
    generations = Generations(config.publish)
    with publish_lock(config.publish, "shopper forget"):
        removed = generations.prune(Keep(generations=1), datetime.now(UTC))
    left = generations.leftovers(generation)
    if left:
        raise CheckFailed(
            f"{config.publish}: generation {', '.join(left)} could not be removed; run `shopper forget` again"
        )
    return tuple(removed)


def _remove_reports(config: RunConfig, latest: Path | None) -> None:
    """Remove earlier reports and dbt artifacts: they quote rows of failed tests and the command line."""
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
