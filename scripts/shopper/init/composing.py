"""Write one mapping from the mappings of several ready sources: the user's files, one shop, the joins between tools."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shopper.init.editing import Edit, edited, file_edits, part_texts
from shopper.init.ready import REFERENCES, ReadySource
from shopper.init.yielding import Counted, Yielded, give_up
from shopper.load.row_keys import RowKey, row_key_of

_REFERENCES = {
    "order_references": ("reference", "order_id"),
    "customer_references": ("reference", "customer_id"),
}


@dataclass
class Chosen:
    """A ready source and the user's files of it: the keys that each entry of a file gets, by name of the entry.

    Files that one path or one encoding can't name are several entries.
    """

    ready: ReadySource
    files: Mapping[str, Sequence[Mapping[str, str]]]
    renamed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the parts of each table that have a file."""
        self.parts: dict[str, list[int]] = {}
        for table, entry in self.ready.tables.items():
            parts = entry.value if isinstance(entry.value, list) else [entry.value]
            given = [i for i, part in enumerate(parts) if self.ready.behind([part["source"]]) & self.files.keys()]
            if given:
                self.parts[table] = given

    @property
    def is_shop(self) -> bool:
        """Whether the source is the shop itself, whose tables go before those of other tools."""
        return self.ready.about.get("kind") == "shop"

    @property
    def read(self) -> set[str]:
        """The sources that the kept tables need."""
        return self.ready.behind(
            [self._sources_of(table)[number] for table, numbers in self.parts.items() for number in numbers]
        )

    def _sources_of(self, table: str) -> list[str]:
        value = self.ready.tables[table].value
        return [part["source"] for part in (value if isinstance(value, list) else [value])]


@dataclass(frozen=True)
class Composition:
    """The text of the two sections, without their heads.

    unread: files that no table needs, by ready source. yielded: tables left out of a source because another fills them.
    """

    sources: str
    tables: Mapping[str, tuple[str, ...]]
    names: frozenset[str]
    unread: tuple[tuple[str, str], ...]
    yielded: tuple[Yielded, ...] = ()


def compose(chosen: Sequence[Chosen], counted: Counted | None = None) -> Composition:
    """Put ready sources together. A source gives up the tables that others fill. `counted`: see `give_up`."""
    yielded = give_up(chosen, counted or {})
    needed = {id(one): one.read for one in chosen}
    is_consumed = {name: any(name in needed[id(one)] for one in chosen) for name in REFERENCES}
    for one in chosen:
        if one.is_shop:
            providers = [name for name in one.ready.sources if _provides(name, is_consumed)]
            needed[id(one)] |= one.ready.behind(providers)
    _rename_repeated(chosen, needed)
    unread = tuple((one.ready.name, name) for one in chosen for name in one.files if name not in needed[id(one)])
    blocks = [block for one in chosen for block in _blocks(one, needed[id(one)])]
    return Composition(
        "\n\n".join(_in_order(blocks + _references(blocks, is_consumed))),
        _tables(chosen),
        frozenset(name for name, _uses, _text in blocks),
        unread,
        tuple(yielded),
    )


Block = tuple[str, frozenset[str], str]


def _provides(name: str, is_consumed: Mapping[str, bool]) -> bool:
    return any(name.endswith(f"_{wanted}") for wanted, consumed in is_consumed.items() if consumed)


def _rename_repeated(chosen: Sequence[Chosen], needed: Mapping[int, set[str]]) -> None:
    """Give another name to sources of the same name as one of another ready source."""
    taken: set[str] = set(REFERENCES)
    for one in chosen:
        for name in one.ready.sources:
            if name in needed[id(one)] and name not in REFERENCES:
                new, number = name, 2
                while new in taken:
                    new, number = f"{name}_{number}", number + 1
                taken.add(new)
                if new != name:
                    one.renamed[name] = new


def _blocks(one: Chosen, needed: set[str]) -> list[Block]:
    """The kept entries of the sources, with the user's files. Each with its name and the names that it uses."""
    found = []
    for name, entry in one.ready.sources.items():
        if name in REFERENCES or name not in needed:
            continue
        new = one.renamed.get(name, name)
        given = one.files.get(name, ())
        if len(given) > 1:
            found += _several(one, name, new)
            continue
        edits: list[Edit] = []
        if name in one.ready.files:
            edits = file_edits(entry.node, given[0] if given else None)
        text = _renamed(edited(one.ready.text, entry.start, entry.end, edits), one.renamed)
        uses = frozenset(one.renamed.get(used, used) for used in one.ready.uses(name))
        found.append((new, uses, text.strip("\n")))
    if found:
        head = f"  # {one.ready.title}: sources/{one.ready.name}/README.md\n"
        found[0] = (found[0][0], found[0][1], head + found[0][2])
    return found


def _several(one: Chosen, name: str, new: str) -> list[Block]:
    """Entries for files of one kind that differ in folder, format or encoding, and the query that joins them."""
    entry = one.ready.sources[name]
    found: list[Block] = []
    for number, keys in enumerate(one.files[name], start=1):
        own = f"{new}_{number}"
        edits = [*file_edits(entry.node, keys), (entry.key_at, entry.key_at + len(name), own)]
        found.append((own, frozenset(), edited(one.ready.text, entry.start, entry.end, edits).strip("\n")))
    names = [own for own, _uses, _text in found]
    key = row_key_of(entry.value, name)
    query = _last_of(names, key) if key else " union all by name ".join(f"select * from {own}" for own in names)
    return [*found, (new, frozenset(names), f"  {new}:\n    query: |\n      {query}")]


def _last_of(names: Sequence[str], key: RowKey) -> str:
    """SQL of the rows of several relations; of the rows of one key those of the newest, else of the last relation."""
    each = " union all by name ".join(f"select *, {number} as place from {own}" for number, own in enumerate(names))
    first, *_others = values = key.values()
    columns = ",\n          ".join(values)
    return (
        "select * exclude (place, newest)"
        f"\n      from (\n          select *, max({key.newest_of()}) over (\n          partition by place, {columns}"
        "\n          ) as newest"
        f"\n          from ({each})\n      )"
        f"\n      qualify row(newest, place) = max(row(newest, place)) over (partition by {columns})"
        f"\n      or {first} = ''"
    )


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for name, new in names.items():
        text = re.sub(rf"\b{name}\b", new, text)
    return text


def _references(blocks: Sequence[Block], is_consumed: Mapping[str, bool]) -> list[Block]:
    """The relations by which other tools name orders and customers, made of what the shops know; empty without one."""
    found = []
    for wanted, consumed in is_consumed.items():
        if not consumed:
            continue
        reference, key = _REFERENCES[wanted]
        providers = [name for name, _uses, _text in blocks if re.fullmatch(rf"\w+_{wanted}(_\d+)?", name)]
        if providers:
            union = " union all ".join(f"select {reference}, {key} from {name}" for name in providers)
            thing = "an order" if key == "order_id" else "a customer"
            lines = [
                f"  # The names by which other tools call {thing} of the shop.",
                f"  {wanted}:",
                "    query: |",
                f"      select {reference}, min({key}) as {key}",
                f"      from ({union})",
                f"      group by {reference}",
                f"      having count(distinct {key}) = 1",
            ]
        else:
            empty = f"select null::varchar as {reference}, null::varchar as {key} where false"
            lines = [f'  {wanted}: {{query: "{empty}"}}    # filled where the shop\'s own files are here too']
        found.append((wanted, frozenset(providers), "\n".join(lines)))
    return found


def _in_order(blocks: Sequence[Block]) -> list[str]:
    """The texts of the blocks, each below those that it uses, otherwise in the given order."""
    left, placed, texts = list(blocks), set[str](), list[str]()
    names = {name for name, _uses, _text in blocks}
    while left:
        block = next((one for one in left if (one[1] & names) <= placed), left[0])
        left.remove(block)
        placed.add(block[0])
        texts.append(block[2])
    return texts


def _tables(chosen: Sequence[Chosen]) -> dict[str, tuple[str, ...]]:
    """The kept parts of each table, as the items of a list without their dash."""
    found: dict[str, tuple[str, ...]] = {}
    for one in chosen:
        for table, numbers in one.parts.items():
            texts = part_texts(one.ready.text, one.ready.tables[table].node)
            parts = tuple(_renamed(texts[number], one.renamed) for number in numbers)
            found[table] = found.get(table, ()) + parts
    return found
