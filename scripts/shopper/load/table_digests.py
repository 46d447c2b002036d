"""Digests by which the loader knows whether a table would be the same as at the last load."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import Table
from shopper.load.database_sources import DatabaseSource
from shopper.load.deliveries import Delivery, digest_of
from shopper.load.mapping import LoadMapping
from shopper.load.sources import FileSource, Source, StoredSource


def made_by_of(mapping: LoadMapping, rules: CastRules, table: Table) -> str:
    """Digest of everything but content that determines the rows: mapping, rules and code, not the files' paths."""
    sources = [_without_location(source) for source in mapping.needed_sources([table.name])]
    made_of = (_code_digest(), table.columns, (mapping.tables[table.name], sources, mapping.shop), rules.digest)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


def table_digest(mapping: LoadMapping, table: str, made_by: str, deliveries: Mapping[str, Delivery]) -> str:
    """Digest of what made a table and of the content behind it."""
    content = {source.name: _content(source, deliveries[source.name]) for source in mapping.stored_behind(table)}
    return hashlib.sha256(repr((made_by, content)).encode()).hexdigest()


@cache
def _code_digest() -> str:
    """Digest of the engine's version and the loader's code: another version loads every table again."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(repr((duckdb.__version__, [digest_of(file) for file in files])).encode()).hexdigest()


def _content(source: StoredSource, delivery: Delivery) -> list[str]:
    """The digests of the files, in the order of names where the last one counts."""
    if isinstance(source, FileSource) and source.key:
        return [file.digest for file in delivery.files]
    return sorted(delivery.digests)


def _without_location(source: Source) -> Source:
    """The source without its location, so that moving a file does not change a digest."""
    if isinstance(source, FileSource):
        return replace(source, path="")
    return replace(source, location="") if isinstance(source, DatabaseSource) else source
