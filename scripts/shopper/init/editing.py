"""Changes in the text of a mapping that leave the rest of it, and its comments, as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from shopper.load.sources import format_of

Node = Any
Edit = tuple[int, int, str]
_DEFAULTS: Final = {"encoding": "utf-8", "delimiter": ",", "skip": None, "decimal": None, "sheet": None}
UNTIL_HEADER: Final = "until header"


def file_edits(node: Node, keys: Mapping[str, str] | None) -> list[Edit]:
    """The edits that give the entry of a file the user's path and options; None: the user does not have the file."""
    pairs = {key.value: (key, value) for key, value in node.value}
    place = pairs.get("path") or pairs["absent"]
    if keys is None:
        return [(place[0].start_mark.index, place[1].end_mark.index, "absent: true")]
    wanted = {"path": keys["path"]}
    if "format" in pairs or format_of(keys["path"]) is None:
        wanted["format"] = keys["format"]
    skip = pairs.get("skip")
    for key, default in _DEFAULTS.items():
        value = keys.get(key, default if key in pairs else None)
        if key == "skip" and skip and skip[1].value == UNTIL_HEADER:
            value = None
        elif key == "skip" and skip and value is None:
            value = "0"
        if value is not None:
            wanted[key] = value
    is_flow = bool(node.flow_style)
    separator = ", " if is_flow else "\n" + " " * place[0].start_mark.column
    new = [f"{key}: {scalar(value)}" for key, value in wanted.items() if key == "path" or key not in pairs]
    edits = [(place[0].start_mark.index, place[1].end_mark.index, separator.join(new))]
    for key, value in wanted.items():
        if key in pairs and key != "path":
            edits.append((pairs[key][1].start_mark.index, pairs[key][1].end_mark.index, scalar(value)))
    return edits


def edited(text: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    """The text between two places after the edits in it."""
    for first, last, new in sorted(edits, reverse=True):
        text = text[:first] + new + text[last:]
        end += len(new) - (last - first)
    return text[start:end]


def part_texts(text: str, node: Node) -> list[str]:
    """The text of each mapping of a table, its first line without indentation and the others relative to it."""
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return [_dedented(text, item) for item in items]


def _dedented(text: str, node: Node) -> str:
    column = node.start_mark.column
    lines = text[node.start_mark.index : node.end_mark.index].splitlines()
    lines = [lines[0], *(line[column:] if not line[:column].strip() else line.strip() for line in lines[1:])]
    # The end of a block is where the next entry begins, so that the comment above that one is not part of it.
    below = text[node.start_mark.index : node.end_mark.index].splitlines()
    while len(lines) > 1 and (not lines[-1].strip() or _is_outer_comment(below[len(lines) - 1], column)):
        lines.pop()
    return "\n".join(line.rstrip() for line in lines)


def _is_outer_comment(line: str, column: int) -> bool:
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) < column


def scalar(text: str) -> str:
    """A YAML flow scalar, quoted if necessary."""
    dumped = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000).strip()
    return dumped[1:-1]
