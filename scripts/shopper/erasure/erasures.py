"""The list of erased people, and the raw rows that belong to them.

The list must recognise ids without containing them: `landing.erasures` holds salted SHA-256 digests of the ids of
customers, visitors, orders and sessions; `landing.erasure_salt` holds the salt. Ids are compared as in staging:
trimmed, in Unicode NFC, case-sensitive; the id `0` means nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.contract import Contract, Table
from shopper.sql import literal, quoted

ERASURES: Final = "landing.erasures"
SALT: Final = "landing.erasure_salt"
KINDS: Final = ("customer", "visitor", "order", "session")
_LINKS: Final = {"visitor_id": "visitor", "order_id": "order", "session_id": "session"}

# What stands between the ids of a delimited line or of JSON: an id may have signs or blanks of its own.
_BETWEEN_IDS: Final = ("[\\s,;|\"'{}\\[\\]]+", "\\s*[,;|\"'{}\\[\\]:=~^\\t]+\\s*", "[^0-9\\pL]+")

Member = Callable[[str, str], str]
"""Function of a kind and the SQL of a cleaned id, which returns a SQL condition: the id belongs to an erased person."""


def person_id(rules: CastRules, expression: str) -> str:
    """SQL for the id of a customer or visitor as in staging; null if it means nobody."""
    return rules.typed(rules.clean(expression), "person_id")


def row_condition(table: Table, columns: Collection[str], rules: CastRules, member: Member) -> str | None:
    """SQL condition that a raw row belongs to an erased person; None if the table has no personal columns.

    A row belongs to an erased person by its customer or, if it has no customer, by its visitor, order or session. Rows
    of a later customer on the same device stay, and so do rows of customers whom the erased customer referred.
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
    """A Member that looks ids up in the erasures of an attached database."""

    def member(kind: str, expression: str) -> str:
        salted = f"sha256((select salt from {database}.{SALT}) || {expression})"
        return f"{salted} in (select digest from {database}.{ERASURES} where kind = '{kind}')"

    return member


def has_erasures(connection: duckdb.DuckDBPyConnection, database: str) -> bool:
    """Whether an attached database has a list of erased people."""
    schema, name = ERASURES.split(".")
    # Literals, since DuckDB imports pandas for the first bound parameter, which takes longer than a small load.
    found = connection.execute(
        f"select count(*) from duckdb_tables() where database_name = {literal(database)}"
        f" and schema_name = {literal(schema)} and table_name = {literal(name)}"
    ).fetchone()
    return bool(found and found[0])


def keep_out_of_lines(connection: duckdb.DuckDBPyConnection, database: str, relation: str, column: str) -> None:
    """Delete the rows of `relation` whose text has the id of a person erased in `database` among its words."""
    if has_erasures(connection, database):
        split = (f"regexp_split_to_array(lines.{column}, {literal(between)})" for between in _BETWEEN_IDS)
        connection.execute(
            f"delete from {relation} as lines where exists (select 1 from"
            f" unnest({' || '.join(split)}) as words(word) where"
            f" sha256((select salt from {database}.{SALT}) || word) in (select digest from {database}.{ERASURES}))"
        )


def copy_erasures(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Copy the list of erased people from the database `source` to `target`, which must have none."""
    if has_erasures(connection, source):
        connection.execute(f"create schema if not exists {target}.landing")
        for name in (ERASURES, SALT):
            connection.execute(f"create table {target}.{name} as select * from {source}.{name}")


def keep_out(
    connection: duckdb.DuckDBPyConnection, database: str, relation: str, table: Table, rules: CastRules
) -> int:
    """Delete the rows of people erased in `database` from `relation`, a raw table. Returns the number of rows."""
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
    """The contract tables that exist as tables in the schema raw of an attached database."""
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'raw'", [database]
    ).fetchall()
    names = {name for (name,) in found}
    return [table for table in contract.tables if table.name in names]


def count_forgotten(
    connection: duckdb.DuckDBPyConnection, database: str, relation: str, table: Table, rules: CastRules
) -> int:
    """Number of rows of `relation` with an id of a person erased in `database`, as owner or as referrer."""
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
