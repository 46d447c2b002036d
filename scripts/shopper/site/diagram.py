"""Keys and references of the marts, drawn as one SVG a domain and listed in a table, from dbt's manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean
from typing import Any, Final

from shopper.publish.descriptions import keys, references

DBT_PAGE: Final = "../dbt/models.html"
_LINE: Final = 20
_GAP: Final = 16
_BOX: Final = 300
_RIGHT: Final = 460
_HEAD: Final = """# Keys and references

The columns of each mart's key, and those (→) whose values a test finds in another table: a mart, or a seed of rules. A
name leads to its page in dbt's documentation.
"""


@dataclass(frozen=True)
class Mart:
    """A mart. id: dbt's name of its node; references: by column, the id and column of the table that it refers to."""

    id: str
    domain: str
    key: tuple[str, ...]
    references: dict[str, tuple[str, str]]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of its key, then those that refer to another table."""
        return tuple(dict.fromkeys((*self.key, *self.references)))

    @property
    def targets(self) -> set[str]:
        """Ids of the tables that it refers to."""
        return {table for table, _ in self.references.values()}


def marts(manifest: Mapping[str, Any]) -> list[Mart]:
    """All marts and tables of the audit, by domain and name. References to tables that nobody sees are left out."""
    nodes, all_keys = manifest["nodes"], keys(manifest)
    shown = {name for name, node in nodes.items() if node.get("access") == "public" and node["fqn"][1] != "semantic"}
    seen = shown | {name for name, node in nodes.items() if node["resource_type"] == "seed"}
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for (table, column), target in sorted(references(manifest).items()):
        if target[0] in seen and target[0] != table:
            found[table][column] = target
    listed = [Mart(name, nodes[name]["fqn"][-2], all_keys.get(name, ()), found[name]) for name in shown]
    return sorted(listed, key=lambda mart: (mart.domain, mart.id))


def page(manifest: Mapping[str, Any]) -> str:
    """A heading, a drawing and a table for each domain."""
    by_domain = defaultdict(list)
    for mart in marts(manifest):
        by_domain[mart.domain].append(mart)
    parts = [_HEAD]
    for domain, found in by_domain.items():
        parts += [f"## {domain.capitalize()}\n", *_drawing([mart for mart in found if mart.references]), *_table(found)]
    return "\n".join(parts)


def _table(found: list[Mart]) -> Iterator[str]:
    yield "\n| mart | key | refers to |\n|---|---|---|"
    for mart in found:
        targets = (f"`{column}` → `{_name(table)}.{field}`" for column, (table, field) in mart.references.items())
        yield f"| [{_name(mart.id)}]({_address(mart.id)}) | {_code(mart.key)} | {', '.join(targets)} |"
    yield ""


def _drawing(left: list[Mart]) -> Iterator[str]:
    """Marts with references on the left, the tables that they refer to on the right, a line for each reference."""
    if not left:
        return
    heights = [(1 + len(mart.columns)) * _LINE + _GAP for mart in left]
    tops = dict(zip((mart.id for mart in left), accumulate(heights, initial=_GAP), strict=False))
    readers = defaultdict(list)
    for mart in left:
        for target in mart.targets:
            readers[target].append(tops[mart.id])
    right = sorted(readers, key=lambda target: (fmean(readers[target]), target))
    step = max(sum(heights) // len(right), _LINE + _GAP)
    ends = {target: _GAP + place * step for place, target in enumerate(right)}
    height = max(sum(heights), step * len(right)) + _GAP
    yield f'<div class="diagram"><svg viewBox="0 0 {_RIGHT + _BOX} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
    for mart in left:
        yield from _box(mart.id, 0, tops[mart.id], [_row(mart, column) for column in mart.columns])
        for column, (target, _) in mart.references.items():
            start = tops[mart.id] + (1 + mart.columns.index(column)) * _LINE + _LINE // 2
            end = ends[target] + _LINE // 2
            middle = (_BOX + _RIGHT) // 2
            yield f'<path d="M{_BOX} {start} C{middle} {start} {middle} {end} {_RIGHT} {end}"/>'
    for target in right:
        yield from _box(target, _RIGHT, ends[target], [])
    yield "</svg></div>"


def _box(table: str, x: int, y: int, lines: list[str]) -> Iterator[str]:
    yield f'<rect x="{x}" y="{y}" width="{_BOX}" height="{(1 + len(lines)) * _LINE}"/>'
    yield f'<a href="{_address(table)}"><text class="name" x="{x + 8}" y="{y + 15}">{_name(table)}</text></a>'
    for place, line in enumerate(lines, 1):
        yield f'<text x="{x + 8}" y="{y + place * _LINE + 15}">{line}</text>'


def _row(mart: Mart, column: str) -> str:
    return f"{column}{' (key)' if column in mart.key else ''}{' →' if column in mart.references else ''}"


def _address(table: str) -> str:
    return f"{DBT_PAGE}#!/{table.split('.')[0]}/{table}"


def _name(table: str) -> str:
    return table.rsplit(".", 1)[-1]


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
