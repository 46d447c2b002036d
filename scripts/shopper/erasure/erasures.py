"""Who was forgotten, and which raw rows are theirs.

The list must know them again without naming them: `landing.erasures` holds salted SHA-256 digests of the ids of
customers, visitors, orders and sessions, `landing.erasure_salt` the salt. Ids are compared as staging compares them:
trimmed, in one Unicode form, case kept; a person called `0` is nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.contract import Contract, Table
from shopper.sql import quoted

ERASURES: Final = "landing.erasures"
SALT: Final = "landing.erasure_salt"
KINDS: Final = ("customer", "visitor", "order", "session")
_LINKS: Final = {"visitor_id": "visitor", "order_id": "order", "session_id": "session"}

Member = Callable[[str, str], str]
"""From a kind and a SQL expression of a cleaned id to a SQL condition: this id is one of the forgotten."""


def person_id(rules: CastRules, expression: str) -> str:
    """The id of a customer or visitor as staging has it, null where it means nobody."""
    return rules.typed(rules.clean(expression), "person_id")


def row_condition(table: Table, columns: Collection[str], rules: CastRules, member: Member) -> str | None:
    """The SQL condition that a raw row belongs to somebody forgotten; None where the table has nobody's rows.

    A row is theirs by its own customer; or, where it names no other customer, by its visitor, order or session. What a
    later customer of the same device did stays, and so do the rows of those whom a forgotten customer brought.
    """

    def cleaned(column: str) -> str:
        if column in {"order_id", "session_id"}:
            return rules.clean(f"rows.{column}")
        return person_id(rules, f"rows.{column}")

    named = [column for column in ("customer_id", "unit_id") if column in columns]
    own = []
    for column in named:
        own.append(member("customer", cleaned(column)))
        if column == "unit_id":
            own.append(member("visitor", cleaned(column)))
    nobody_else = f"{cleaned('customer_id')} is null" if "customer_id" in columns else "true"
    links = [
        f"({member(kind, cleaned(column))} and {nobody_else})"
        for column, kind in _LINKS.items()
        if column in columns and table.name != "customers"
    ]
    conditions = [*own, *links]
    return f"coalesce({' or '.join(conditions)}, false)" if conditions else None


def hashed_member(database: str) -> Member:
    """Membership in the erasures of an attached database."""

    def member(kind: str, expression: str) -> str:
        salted = f"sha256((select salt from {database}.{SALT}) || {expression})"
        return f"{salted} in (select digest from {database}.{ERASURES} where kind = '{kind}')"

    return member


def has_erasures(connection: duckdb.DuckDBPyConnection, database: str) -> bool:
    """Somebody was forgotten in an attached database."""
    schema, name = ERASURES.split(".")
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ? and schema_name = ? and table_name = ?",
        [database, schema, name],
    ).fetchone()
    return bool(found and found[0])


def copy_erasures(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Bring who was forgotten in the database `source` into `target`, where nobody was yet."""
    if has_erasures(connection, source):
        connection.execute(f"create schema if not exists {target}.landing")
        for name in (ERASURES, SALT):
            connection.execute(f"create table {target}.{name} as select * from {source}.{name}")


def keep_out(
    connection: duckdb.DuckDBPyConnection, database: str, relation: str, table: Table, rules: CastRules
) -> int:
    """Delete from `relation`, rows of a raw table, those of people forgotten in `database`; how many there were."""
    if not has_erasures(connection, database):
        return 0
    columns = [row[0] for row in connection.execute(f"describe {relation}").fetchall()]
    condition = row_condition(table, columns, rules, hashed_member(quoted(database)))
    deleted = 0
    if condition:
        row = connection.execute(f"delete from {relation} as rows where {condition}").fetchone()
        deleted = int(row[0]) if row else 0
    if "referrer_customer_id" in columns:
        theirs = hashed_member(quoted(database))("customer", person_id(rules, "referrer_customer_id"))
        connection.execute(f"update {relation} set referrer_customer_id = null where coalesce({theirs}, false)")
    return deleted


def contract_tables(connection: duckdb.DuckDBPyConnection, database: str, contract: Contract) -> list[Table]:
    """The contract's tables that the schema raw of an attached database holds as tables."""
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'raw'", [database]
    ).fetchall()
    names = {name for (name,) in found}
    return [table for table in contract.tables if table.name in names]


def count_forgotten(
    connection: duckdb.DuckDBPyConnection, database: str, relation: str, table: Table, rules: CastRules
) -> int:
    """Rows of `relation` that name people forgotten in `database`, as their own or as those who brought others."""
    if not has_erasures(connection, database):
        return 0
    columns = [row[0] for row in connection.execute(f"describe {relation}").fetchall()]
    member = hashed_member(quoted(database))
    conditions = [row_condition(table, columns, rules, member)]
    if "referrer_customer_id" in columns:
        conditions.append(f"coalesce({member('customer', person_id(rules, 'rows.referrer_customer_id'))}, false)")
    wanted = " or ".join(condition for condition in conditions if condition)
    row = connection.execute(f"select count(*) from {relation} as rows where {wanted or 'false'}").fetchone()
    return int(row[0]) if row else 0
