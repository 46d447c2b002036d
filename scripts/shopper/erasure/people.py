"""All ids of a customer: merged accounts, visitors that only they used, their orders and sessions."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence

import duckdb

from shopper.casts import CastRules
from shopper.contract import Table
from shopper.erasure.erasures import person_id
from shopper.errors import BadInput
from shopper.sql import literal

PEOPLE = "forgotten"


def find_people(
    connection: duckdb.DuckDBPyConnection, raw: str, tables: Sequence[Table], rules: CastRules, customers: Sequence[str]
) -> tuple[str, ...]:
    """Create the temporary table `forgotten` (kind, id) for these customers. Returns their accounts, sorted.

    `raw` is the schema with the raw tables (`shop.raw`). Accounts merged into or from one of theirs belong to them. A
    visitor belongs to them if no other customer was ever seen on that device. Raises BadInput for an id that occurs in
    no raw table.
    """
    columns = {table.name: _columns(connection, f"{raw}.{table.name}") for table in tables}
    seen = _pairs(raw, columns, rules, "customer_id", "customer_id")
    # An account that others were merged into may have no row in customers.
    into = _pairs(raw, columns, rules, "merged_into_customer_id", "customer_id")
    connection.execute(
        "create or replace temp table seen_customers as"
        f" select distinct a as id from ({seen} union all {into}) where a is not null"
    )
    asked = ", ".join(f"({literal(customer)}, {person_id(rules, literal(customer))})" for customer in customers)
    unknown = connection.execute(
        f"select distinct given from (values {asked}) as asked(given, id)"
        " where id is null or id not in (select id from seen_customers) order by given"
    ).fetchall()
    if unknown:
        names = ", ".join(reprlib.repr(name) for (name,) in unknown)
        raise BadInput(f"customer_id {names}: not found in any raw table; expected customer ids as in the shop's data")
    connection.execute(
        f"create or replace temp table {PEOPLE} as"
        f" select distinct 'customer' as kind, id from (values {asked}) as asked(given, id)"
    )
    _add_merged(connection, raw, columns, rules)
    _add_linked(connection, raw, columns, rules, "visitor", "visitor_id", ("sessions", "events", "orders"))
    _add_linked(connection, raw, columns, rules, "session", "session_id", ("sessions", "events"))
    _add_linked(connection, raw, columns, rules, "order", "order_id", ("orders",))
    found = connection.execute(f"select id from {PEOPLE} where kind = 'customer' order by id").fetchall()
    return tuple(name for (name,) in found)


def no_people(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Create an empty temporary table `forgotten`."""
    connection.execute(f"create or replace temp table {PEOPLE} (kind varchar, id varchar)")
    return ()


def _add_merged(
    connection: duckdb.DuckDBPyConnection, raw: str, columns: dict[str, set[str]], rules: CastRules
) -> None:
    if not {"customer_id", "merged_into_customer_id"} <= columns.get("customers", set()):
        return
    merges = _pairs(raw, {"customers": columns["customers"]}, rules, "customer_id", "merged_into_customer_id")
    connection.execute(
        f"""
        insert into {PEOPLE}
        with recursive merges as (
            select a, b from ({merges}) where b is not null
            union
            select b, a from ({merges}) where b is not null
        ),
        accounts as (
            select id from {PEOPLE}
            union
            select merges.b from accounts inner join merges on merges.a = accounts.id
        )
        select 'customer', id from accounts where id not in (select id from {PEOPLE})
        """
    )


def _add_linked(
    connection: duckdb.DuckDBPyConnection,
    raw: str,
    columns: dict[str, set[str]],
    rules: CastRules,
    kind: str,
    column: str,
    tables: tuple[str, ...],
) -> None:
    """Add the ids of rows that belong to them: by customer or, without a customer, by visitor or session. Ids that also
    occur in rows of another customer are not added.
    """
    cleaned = person_id if kind == "visitor" else CastRules.clean
    parts = []
    for name in tables:
        if {column, "customer_id"} <= columns.get(name, set()):
            visitor = person_id(rules, "rows.visitor_id") if "visitor_id" in columns[name] else "null"
            session = rules.clean("rows.session_id") if "session_id" in columns[name] else "null"
            parts.append(
                f"select {cleaned(rules, f'rows.{column}')} as id, {person_id(rules, 'rows.customer_id')} as customer,"
                f" {visitor} as visitor, {session} as session from {raw}.{name} as rows"
            )
    if not parts:
        return
    connection.execute(
        f"""
        insert into {PEOPLE}
        with owned as (
            select
                id,
                customer in (select id from {PEOPLE} where kind = 'customer') as is_theirs,
                customer is null and (
                    coalesce(visitor in (select id from {PEOPLE} where kind = 'visitor'), false)
                    or coalesce(session in (select id from {PEOPLE} where kind = 'session'), false)
                ) as is_their_device
            from ({" union all ".join(parts)})
            where id is not null
        )
        select '{kind}', id from owned
        group by id
        having bool_or(coalesce(is_theirs, is_their_device)) and not bool_or(coalesce(not is_theirs, false))
        """
    )


def _pairs(raw: str, columns: dict[str, set[str]], rules: CastRules, first: str, second: str) -> str:
    """SQL for all pairs of ids in two columns, from all tables that have both columns."""
    parts = [
        f"select {person_id(rules, f'rows.{first}')} as a, {person_id(rules, f'rows.{second}')} as b"
        f" from {raw}.{name} as rows"
        for name, known in columns.items()
        if {first, second} <= known
    ]
    return " union all ".join(parts) if parts else "select null::varchar as a, null::varchar as b where false"


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    return {row[0] for row in connection.execute(f"describe {relation}").fetchall()}
