"""Checks of keys and ids: duplicate and missing keys, placeholder ids, rows without a parent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shopper.contract import Table
from shopper.doctor.findings import ERROR, NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop
from shopper.sql import literal

# child, column, parent, whether staging quarantines rows without a parent
PARENTS: Final = (
    ("order_items", "order_id", "orders", True),
    ("payments", "order_id", "orders", True),
    ("refunds", "order_id", "orders", True),
    ("shipments", "order_id", "orders", True),
    ("orders", "customer_id", "customers", False),
    ("order_items", "product_id", "products", False),
    ("events", "product_id", "products", False),
    ("events", "session_id", "sessions", False),
    ("orders", "session_id", "sessions", False),
    ("messages", "campaign_id", "campaigns", False),
    ("messages", "customer_id", "customers", False),
)
_PLACEHOLDER = r"0+|-1|9{3,}|x+|guest|anonymous|anon|unknown|none|n/?a|test|default|dummy|no[ _-]?(customer|user|id)"
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_WRONG_GRAIN = 0.2


def check_keys(shop: Shop) -> Iterator[Finding]:
    """Duplicate and missing keys, table by table."""
    for table in shop.tables:
        if set(table.keys) <= set(shop.columns[table.name]):
            yield from _missing_keys(shop, table)
            yield from _duplicate_keys(shop, table)


def _missing_keys(shop: Shop, table: Table) -> Iterator[Finding]:
    for column in table.columns:
        if column.presence not in {"key", "required"} or column.name not in shop.columns[table.name]:
            continue
        rows = int(shop.query(f"select count(*) from shop.{table.name} where {column.name} is null")[0][0])
        if rows and rows < shop.rows[table.name]:
            share = rows / shop.rows[table.name]
            message = f"{rows:,} rows have no value; they go to quarantine"
            fix = shop.column_fix(table.name, column.name, expression="coalesce({}, <another id>)")
            yield Finding(severity_of(share), "required", f"{table.name}.{column.name}", message, rows, share, fix=fix)


def _duplicate_keys(shop: Shop, table: Table) -> Iterator[Finding]:
    key = ", ".join(table.keys)
    columns = ", ".join(column.name for column in shop.present(table))
    shown = " || ' / ' || ".join(f"coalesce({name}, '')" for name in table.keys)
    keys, extra, copies, example = shop.query(
        "select count(*), coalesce(sum(rows - 1), 0), coalesce(sum(rows - contents), 0), min(example) from ("
        f"select count(*) as rows, count(distinct hash({columns})) as contents, min({shown}) as example"
        f" from shop.{table.name} where {table.keys[0]} is not null group by {key} having count(*) > 1)"
    )[0]
    if not keys:
        return
    share, other = int(extra) / shop.rows[table.name], int(extra) - int(copies)
    has_versions = any(shop.has(table.name, column) for column in ("updated_at", "received_at"))
    severity = ERROR if other / shop.rows[table.name] >= _WRONG_GRAIN and not has_versions else WARNING
    message = f"{int(keys):,} duplicate keys: {int(copies):,} rows are exact copies, {other:,} differ"
    fix = None
    if severity == ERROR:
        message += "; the grain seems finer than one row per key, and only one row of each is kept"
        fix = _one_row_per_key(shop, table)
    elif other and not has_versions and "updated_at" in table.by_name:
        message += "; no column tells which version is the newest"
        fix = shop.table_fix(table.name, "updated_at: <the column with the time of the last change>")
    else:
        severity = NOTE if share < 0.01 or not other else severity
        message += "; copies are dropped, and the newest version is kept"
    examples = (str(example),)
    yield Finding(severity, "repeated key", f"{table.name}.{table.keys[0]}", message, int(extra), share, examples, fix)


def _one_row_per_key(shop: Shop, table: Table) -> Fix:
    """A query that keeps one row per key, or an expression that gives each row its own key."""
    key = shop.definition_of(table.name, table.keys[0]).column or table.keys[0]
    if table.name in {"orders", "customers", "products", "sessions"}:
        source = shop.mapping.tables[table.name][0].source if shop.mapping else "<source>"
        place = shop.mapping.path.name if shop.mapping else "your mapping"
        first = f'row_number() over (partition by "{key}" order by <which row to keep>) = 1'
        line = f"one_{table.name}: {{query: 'select * from {source} qualify {first}'}}"
        return Fix(f"{place}, sources", (line,))
    return shop.column_fix(table.name, table.keys[0], expression="{} || '-' || <a column that distinguishes its rows>")


def check_ids(shop: Shop) -> Iterator[Finding]:
    """Ids that stand for nobody (placeholders, or shared by very many rows), and ids that are e-mail addresses."""
    for table in shop.tables:
        for column in shop.present(table):
            if column.type in {"id", "person_id"} and column.name not in table.keys:
                yield from _shared_id(shop, table.name, column.name)
            if column.type == "person_id":
                yield from _emails(shop, table.name, column.name)


def _shared_id(shop: Shop, table: str, column: str) -> Iterator[Finding]:
    counted = (
        f"select {column} as value, count(*) as rows from shop.{table} where {column} is not null group by {column}"
    )
    is_placeholder = f"regexp_full_match(lower(value), {literal(_PLACEHOLDER)})"
    found = shop.query(
        f"select value, rows, {is_placeholder}, (select quantile_cont(rows, 0.99) from ({counted})) from ({counted})"
        f" where {is_placeholder} or rows >= 1000 order by rows desc, value limit 5"
    )
    for value, rows, looks_empty, usual in found:
        share = rows / shop.rows[table]
        if value == "0" and shop.contract.by_name[table].by_name[column].type == "person_id":
            continue
        if column not in {"customer_id", "visitor_id", "session_id"} and not looks_empty:
            continue
        if (looks_empty and rows >= 10) or (share >= 0.05 and rows >= 50 * max(float(usual), 1)):
            message = f"{rows:,} rows share one id, it may be a placeholder"
            fix = shop.column_fix(table, column, expression="nullif({}, " + literal(value) + ")")
            is_person = shop.contract.by_name[table].by_name[column].type == "person_id"
            severity = ERROR if looks_empty and is_person and share >= 0.05 else WARNING
            yield Finding(severity, "shared id", f"{table}.{column}", message, rows, share, (value,), fix)


def _emails(shop: Shop, table: str, column: str) -> Iterator[Finding]:
    rows, example = shop.query(
        f"select count(*), min({column}) from shop.{table} where regexp_full_match({column}, {literal(_EMAIL)})"
    )[0]
    if rows:
        message = f"{rows:,} ids are e-mail addresses, which would appear in every table and export"
        fix = shop.column_fix(table, column, expression="md5(lower(trim({})))")
        masked = f"{str(example)[:2]}...@..."
        yield Finding(
            WARNING, "personal data", f"{table}.{column}", message, rows, rows / shop.rows[table], (masked,), fix
        )


def check_parents(shop: Shop) -> Iterator[Finding]:
    """Rows without a parent, and ids that would match their parent if both were formatted alike."""
    for child, column, parent, is_required in PARENTS:
        parent_key = shop.contract.by_name[parent].keys[0]
        if not (shop.has(child, column) and shop.has(parent, parent_key)):
            continue
        orphans = (
            f"select {column} as id from shop.{child} where {column} is not null"
            f" and {column} not in (select {parent_key} from shop.{parent} where {parent_key} is not null)"
        )
        rows, alike, example = shop.query(
            f"select count(*), count(*) filter (where {_normalised_id('id')} in"
            f" (select {_normalised_id(parent_key)} from shop.{parent})), min(id) from ({orphans})"
        )[0]
        share = rows / shop.rows[child]
        if not rows or (not is_required and share < 0.5 and alike < rows / 2):
            continue
        fix = shop.column_fix(child, column, expression=_normalised_id("{}")) if alike >= rows / 2 else None
        wait = "; they stay in quarantine until it is delivered" if is_required else ""
        message = f"{rows:,} rows have no match in {parent}{wait}"
        message += f"; {alike:,} of them would match if both ids were formatted alike" if fix else ""
        severity = severity_of(share) if is_required else severity_of(share, many=WARNING, few=NOTE)
        yield Finding(severity, "orphan", f"{child}.{column}", message, rows, share, (str(example),), fix)


def _normalised_id(expression: str) -> str:
    r"""SQL for an id in lower case, without leading zeros and a trailing `.0`."""
    return f"ltrim(regexp_replace(lower(cast({expression} as varchar)), '[.]0$', ''), '0')"
