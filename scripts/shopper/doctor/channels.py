"""Checks of traffic sources: tags of sessions and spend that match no channel rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop, csv_relation

_TAGGED: Final = ("sessions", "marketing_spend")
_TAGS: Final = {"source": "utm_source", "medium": "utm_medium", "campaign": "utm_campaign", "platform": "platform"}
_OTHERS: Final = ("referrer_host", "click_id")
_SHOWN = 10


def check_channels(shop: Shop) -> Iterator[Finding]:
    """Tags that match no rule of the seed. Their sessions and spend become `unassigned`."""
    for table in _TAGGED:
        if shop.has(table, "utm_source"):
            yield from _unassigned(shop, table)


def _unassigned(shop: Shop, table: str) -> Iterator[Finding]:
    """Match distinct tags with the rules, except rules with a referrer or a click id, which are for other visits."""
    reference = shop.root / "seeds" / "reference"
    tags = ", ".join(
        f"coalesce(lower({column}), '') as {tag}" if shop.has(table, column) else f"'' as {tag}"
        for tag, column in _TAGS.items()
    )
    holds = " and ".join(
        f"(coalesce(rules.{tag}, '') = '' or regexp_full_match(tagged.{tag}, rules.{tag}))"
        for tag in (*_TAGS, "source_category")
    )
    untouched = " and ".join(f"coalesce(rules.{column}, '') = ''" for column in _OTHERS)
    found = shop.query(
        f"""
        with tags as (
            select {tags}, count(*) as rows from shop.{table} where utm_source is not null group by all
        ),
        tagged as (
            select tags.*, coalesce(categories.source_category, '') as source_category
            from tags left join {csv_relation(reference / "traffic_source_categories.csv")} as categories
                on categories.site = tags.source or categories.site = split_part(tags.source, '.', 1)
        ),
        tried as (
            select tagged.*, rules.priority is not null as is_known
            from tagged left join {csv_relation(reference / "channel_rules.csv")} as rules on {untouched} and {holds}
        ),
        unmatched as (
            select source, medium, campaign, platform, max(rows) as rows from tried
            group by source, medium, campaign, platform having not bool_or(is_known)
        )
        select source, medium, sum(rows) from unmatched group by all order by sum(rows) desc, source, medium
        """
    )
    rows = sum(int(row[2]) for row in found)
    if rows:
        share = rows / shop.rows[table]
        examples = tuple(f"{source} / {medium or '-'} ({int(count):,})" for source, medium, count in found[:_SHOWN])
        lines = tuple(
            f"<priority below 900>,<channel>,{_pattern(source)},,{_pattern(medium)},,,,"
            for source, medium, _rows in found[:_SHOWN]
        )
        message = f"{rows:,} rows have a source and medium that match no channel rule; they become unassigned"
        fix = Fix("seeds/reference/channel_rules.csv", lines)
        yield Finding(
            severity_of(share, many=WARNING, few=NOTE),
            "channel",
            f"{table}.utm_source",
            message,
            rows,
            share,
            examples,
            fix,
        )


def _pattern(text: str) -> str:
    """A regular expression that matches exactly this text, as a CSV cell."""
    escaped = "".join(f"[{sign}]" if sign in ".()+*?|$" else sign for sign in text)
    return f'"{escaped}"' if "," in escaped else escaped
