"""Keys that repeat or are not there, ids that stand for nobody, rows whose parent is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shopper.contract import Table
from shopper.doctor.findings import ERROR, NOTE, WARNING, Finding, Fix, graded
from shopper.doctor.shop import Shop
from shopper.sql import literal

# child, column, parent, whether staging turns rows without a parent away
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
    """Repeated and absent keys, table by table."""
    for table in shop.tables:
        if set(table.keys) <= set(shop.columns[table.name]):
            yield from _absent_keys(shop, table)
            yield from _repeated_keys(shop, table)


def _absent_keys(shop: Shop, table: Table) -> Iterator[Finding]:
    for column in table.columns:
        if column.presence not in {"key", "required"} or column.name not in shop.columns[table.name]:
            continue
        rows = int(shop.query(f"select count(*) from shop.{table.name} where {column.name} is null")[0][0])
        if rows and rows < shop.rows[table.name]:
            share = rows / shop.rows[table.name]
            message = f"{rows:,} rows have none; they wait in quarantine"
            fix = shop.mapped(table.name, column.name, expression="coalesce({}, <what stands for it>)")
            yield Finding(graded(share), "required", f"{table.name}.{column.name}", message, rows, share, fix=fix)


def _repeated_keys(shop: Shop, table: Table) -> Iterator[Finding]:
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
    message = f"{int(keys):,} keys repeat: {int(copies):,} rows are copies, {other:,} say something else"
    fix = None
    if severity == ERROR:
        message += "; the rows look finer than one row per key, and all but one are lost"
        fix = _regrouped(shop, table)
    elif other and not has_versions and "updated_at" in table.by_name:
        message += "; nothing says which is newest"
        fix = shop.mapped_line(table.name, "updated_at: <the column that says when a row was written>")
    else:
        severity = NOTE if share < 0.01 or not other else severity
        message += "; copies are dropped, of versions the newest counts"
    examples = (str(example),)
    yield Finding(severity, "repeated key", f"{table.name}.{table.keys[0]}", message, int(extra), share, examples, fix)


def _regrouped(shop: Shop, table: Table) -> Fix:
    """A query that makes one row of each key, or a key of one's own for each row."""
    key = shop.made_of(table.name, table.keys[0]).column or table.keys[0]
    if table.name in {"orders", "customers", "products", "sessions"}:
        source = shop.mapping.tables[table.name][0].source if shop.mapping else "<source>"
        place = shop.mapping.path.name if shop.mapping else "your mapping"
        first = f'row_number() over (partition by "{key}" order by <which row counts>) = 1'
        line = f"one_{table.name}: {{query: 'select * from {source} qualify {first}'}}"
        return Fix(f"{place}, sources", (line,))
    return shop.mapped(table.name, table.keys[0], expression="{} || '-' || <what tells its rows apart>")


def check_ids(shop: Shop) -> Iterator[Finding]:
    """Ids that very many rows share, and ids that are e-mail addresses."""
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
            message = f"{rows:,} rows share one id, as if it stood for nobody"
            fix = shop.mapped(table, column, expression="nullif({}, " + literal(value) + ")")
            is_person = shop.contract.by_name[table].by_name[column].type == "person_id"
            severity = ERROR if looks_empty and is_person and share >= 0.05 else WARNING
            yield Finding(severity, "shared id", f"{table}.{column}", message, rows, share, (value,), fix)


def _emails(shop: Shop, table: str, column: str) -> Iterator[Finding]:
    rows, example = shop.query(
        f"select count(*), min({column}) from shop.{table} where regexp_full_match({column}, {literal(_EMAIL)})"
    )[0]
    if rows:
        message = f"{rows:,} ids are e-mail addresses: they would stand in every table and export"
        fix = shop.mapped(table, column, expression="md5(lower(trim({})))")
        masked = f"{str(example)[:2]}...@..."
        yield Finding(
            WARNING, "personal data", f"{table}.{column}", message, rows, rows / shop.rows[table], (masked,), fix
        )


def check_parents(shop: Shop) -> Iterator[Finding]:
    """Rows whose parent is not there, and ids that would meet their parent if they were written alike."""
    for child, column, parent, is_required in PARENTS:
        parent_key = shop.contract.by_name[parent].keys[0]
        if not (shop.has(child, column) and shop.has(parent, parent_key)):
            continue
        orphans = (
            f"select {column} as id from shop.{child} where {column} is not null"
            f" and {column} not in (select {parent_key} from shop.{parent} where {parent_key} is not null)"
        )
        rows, alike, example = shop.query(
            f"select count(*), count(*) filter (where {_written_alike('id')} in"
            f" (select {_written_alike(parent_key)} from shop.{parent})), min(id) from ({orphans})"
        )[0]
        share = rows / shop.rows[child]
        if not rows or (not is_required and share < 0.5 and alike < rows / 2):
            continue
        fix = shop.mapped(child, column, expression=_written_alike("{}")) if alike >= rows / 2 else None
        wait = "; they wait in quarantine until it comes" if is_required else ""
        message = f"{rows:,} rows name no row of {parent}{wait}"
        message += f"; {alike:,} of them would, if both ids were written alike" if fix else ""
        severity = graded(share) if is_required else graded(share, many=WARNING, few=NOTE)
        yield Finding(severity, "orphan", f"{child}.{column}", message, rows, share, (str(example),), fix)


def _written_alike(expression: str) -> str:
    r"""An id in lower case without zeros at its beginning and `.0` at its end."""
    return f"ltrim(regexp_replace(lower(cast({expression} as varchar)), '[.]0$', ''), '0')"
