"""YAML that users write, in files and options, read with one error for everything that can be wrong with them."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, Final

import yaml

from shopper.errors import BadInput

# A configuration that names every column of every table has a few thousand nodes.
_MOST_NODES: Final = 200_000


class _WithoutRepeatedKeys(yaml.constructor.BaseConstructor):
    """Rejects a duplicate key instead of using the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key}", key_node.start_mark)
            if isinstance(key, Hashable):
                seen.add(key)
        return super().construct_mapping(node, deep)


class TextLoader(_WithoutRepeatedKeys, yaml.BaseLoader):
    """Reads every scalar as text, so that a column named `No` or a value `001` is not converted."""


class StrictLoader(_WithoutRepeatedKeys, yaml.SafeLoader):
    """Reads scalars by their YAML types."""


def read_yaml(path: Path, loader: type[TextLoader | StrictLoader]) -> Any:
    """The document of a file; None if the file is empty.

    Raises BadInput if it can't be read, is not valid YAML, is nested too deeply, or grows too large by its aliases.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not a text file in UTF-8 ({error.reason})") from error
    return parse_yaml(text, str(path), loader)


def parse_yaml(text: str, place: str, loader: type[TextLoader | StrictLoader]) -> Any:
    """The document in a text; None if it is empty. `place` begins messages: a file, or an option of the command line.

    Raises BadInput as `read_yaml`.
    """
    try:
        reading = loader(text)
        root = reading.get_single_node()
        if _nodes(root, {}) > _MOST_NODES:
            raise BadInput(f"{place}: has more than {_MOST_NODES:,} entries with its aliases expanded")
        return None if root is None else reading.construct_document(root)
    except RecursionError as error:
        raise BadInput(f"{place}: nested too deeply") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise BadInput(f"{place}: not valid YAML: {' '.join(str(error).split())}") from error


def _nodes(node: yaml.Node | None, counted: dict[int, int]) -> int:
    """Number of nodes with aliases expanded. A node that contains itself counts as endless."""
    if node is None or isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in counted:
        counted[id(node)] = _MOST_NODES + 1
        entries = node.value if isinstance(node, yaml.SequenceNode) else [one for pair in node.value for one in pair]
        counted[id(node)] = 1 + sum(_nodes(entry, counted) for entry in entries)
    return counted[id(node)]
