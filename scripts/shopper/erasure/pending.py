"""Erasures that were interrupted: the working file has no row of the person left, but older generations do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.erasure.erasures import ERASURES, SALT, has_erasures, person_id
from shopper.errors import CheckFailed, Locked
from shopper.sql import is_lock_conflict, literal, lock_holder, reason


@dataclass(frozen=True)
class Pending:
    """Whether there is an interrupted erasure, and which of the customers asked for it erases."""

    is_there: bool = False
    customers: tuple[str, ...] = ()


def pending(warehouse: Path, rules: CastRules, customers: Collection[str] = ()) -> Pending:
    """The interrupted erasure of a working file. Raises Locked if another process has it, CheckFailed if it can't be
    read.
    """
    try:
        with duckdb.connect(str(warehouse.resolve()), read_only=True) as connection:
            if not has_erasures(connection, warehouse.resolve().stem):
                return Pending()
            begun = f"from {ERASURES} where completed_at is null"
            row = connection.execute(f"select count(*) {begun}").fetchone()
            salted = f"sha256((select salt from {SALT}) || {{}}) in (select digest {begun} and kind = 'customer')"
            theirs = tuple(
                customer
                for customer in customers
                if connection.execute(f"select 1 where {salted.format(person_id(rules, literal(customer)))}").fetchone()
            )
            return Pending(bool(row and row[0]), theirs)
    except duckdb.Error as error:
        if is_lock_conflict(str(error)):
            raise Locked(f"{warehouse} is open in {lock_holder(str(error))}; nothing changed") from error
        raise CheckFailed(f"{warehouse} can't be read: {reason(error)}") from error
