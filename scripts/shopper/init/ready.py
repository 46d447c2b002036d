"""The ready sources of the project (`sources/<name>/mapping.yml`), as `shopper init` uses them: text and its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from shopper.errors import BadInput
from shopper.load.named_columns import Headers, NamedColumns, headers_of, named_columns_of

Node = Any
_MARKED_NUMBER = re.compile(r"number_of\((?:[^(),]|\([^()]*\))*,")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
REFERENCES = ("order_references", "customer_references")


@dataclass(frozen=True)
class Entry:
    """One entry of a section: its key and where that is, its value, and the text of both with the comment above."""

    key: str
    key_at: int
    value: Any
    node: Node
    start: int
    end: int


@dataclass(frozen=True)
class ReadySource:
    """A ready source. `name`: its folder; `text`: its mapping file."""

    name: str
    text: str

    @cached_property
    def _root(self) -> Node:
        return yaml.compose(self.text, Loader=_Loader)

    @cached_property
    def _document(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.load(self.text, Loader=_Loader)
        return found

    @property
    def about(self) -> Mapping[str, Any]:
        """What the source is: title, kind, yields."""
        found: dict[str, Any] = self._document.get("about", {})
        return found

    @property
    def reads_decimal_commas(self) -> bool:
        """Whether the mapping itself finds the decimal sign of its numbers, as `number_of(text, mark)`."""
        return _MARKED_NUMBER.search(self.text) is not None

    @property
    def title(self) -> str:
        """The title of the source, for messages."""
        return str(self.about.get("title", self.name))

    @property
    def shop(self) -> Mapping[str, str]:
        """The settings of the example's shop."""
        found: dict[str, str] = self._document.get("shop", {})
        return found

    @cached_property
    def sources(self) -> dict[str, Entry]:
        """The entries of the section `sources`."""
        return self._entries("sources")

    @cached_property
    def tables(self) -> dict[str, Entry]:
        """The entries of the section `tables`."""
        return self._entries("tables")

    @cached_property
    def files(self) -> dict[str, NamedColumns]:
        """The columns of each file of the source."""
        return {
            name: named_columns_of(entry.value, f"{self.name}: sources.{name}")
            for name, entry in self.sources.items()
            if isinstance(entry.value, dict) and ("path" in entry.value or "absent" in entry.value)
        }

    @cached_property
    def known_headers(self) -> dict[str, tuple[tuple[tuple[str, Headers], ...], int]]:
        """By file: its columns, each with all its headers, and how many of them it needs."""
        return {
            name: (tuple((column, headers_of(named, column)) for column in named.all), len(named.needs))
            for name, named in self.files.items()
        }

    @cached_property
    def texts(self) -> dict[str, frozenset[str] | None]:
        """By file: the headers of all its columns together, as they are compared; None if one of them varies."""
        return {
            name: None
            if any(headers.varying for _column, headers in known)
            else frozenset[str]().union(*(headers.texts for _column, headers in known))
            for name, (known, _needs) in self.known_headers.items()
        }

    def uses(self, name: str) -> tuple[str, ...]:
        """The sources that a query reads."""
        entry = self.sources[name]
        if not isinstance(entry.value, dict) or "query" not in entry.value:
            return ()
        words = {word.lower() for word in _WORD.findall(entry.value["query"])}
        return tuple(other for other in self.sources if other != name and other.lower() in words)

    def behind(self, names: list[str]) -> set[str]:
        """The given sources and all that their queries read."""
        left, found = list(names), set[str]()
        while left:
            name = left.pop()
            if name in self.sources and name not in found:
                found.add(name)
                left += self.uses(name)
        return found

    def _entries(self, section: str) -> dict[str, Entry]:
        pairs: list[tuple[Node, Node]] = next(
            (value.value for key, value in self._root.value if key.value == section), []
        )
        tops = [key.start_mark.index for key, _value in self._root.value]
        starts = [self._start(key) for key, _value in pairs]
        first = pairs[0][0].start_mark.index if pairs else 0
        after = [self._start_of(place) for place in tops if place > first]
        ends = [*starts[1:], min(after, default=len(self.text))]
        values = self._document[section]
        return {
            key.value: Entry(key.value, key.start_mark.index, values[key.value], value, start, end)
            for (key, value), start, end in zip(pairs, starts, ends, strict=True)
        }

    def _start(self, key: Node) -> int:
        return self._start_of(key.start_mark.index)

    def _start_of(self, place: int) -> int:
        """The start of the line of a place, or of the comment lines above it."""
        start = self.text.rfind("\n", 0, place) + 1
        while start:
            above = self.text.rfind("\n", 0, start - 1) + 1
            line = self.text[above:start].strip()
            if line and not line.startswith("#"):
                break
            start = above
        return start


def ready_sources(root: Path) -> list[ReadySource]:
    """The ready sources of the project in `root`. Raises BadInput for one that can't be read."""
    found = []
    for path in sorted(root.glob("sources/*/mapping.yml")):
        try:
            found.append(ReadySource(path.parent.name, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{path}: can't be read: {error}") from error
    return found
