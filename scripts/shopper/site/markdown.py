"""Markdown as GitHub reads it, rewritten as Python-Markdown, which MkDocs uses, reads it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

_FENCE: Final = re.compile(r"(^ *```.*?^ *```[^\n]*$)", re.S | re.M)
_CODE_OR_LINK: Final = re.compile(r"`[^`\n]*`|(!?)\[((?:`[^`\n]*`|[^\]])*)\]\(([^()\s]+)\)")
_ITEM: Final = re.compile(r"( *)(?:[-*]|1\.) ")
_BLOCK: Final = re.compile(r"^\{% docs (\w+) %\}\n(.*?)^\{% enddocs %\}$", re.S | re.M)
_EXTERNAL: Final = re.compile(r"[a-z][a-z+.-]*:|#")


def page(name: str, text: str, files: Collection[str]) -> str:
    """The text of a Markdown file for the site. name: path from the project's root; files: paths of all that is on the
    site. A link to anything else becomes its label; one to a folder leads to its README.md.
    """

    def outside_code(part: str) -> str:
        return "\n".join(_lists(_definitions(_links(name, part, files)).split("\n")))

    return _change_outside_fences(text, outside_code)


def _change_outside_fences(text: str, change: Callable[[str], str]) -> str:
    return "".join(part if place % 2 else change(part) for place, part in enumerate(_FENCE.split(text)))


def _links(name: str, text: str, files: Collection[str]) -> str:
    def rewritten(found: re.Match[str]) -> str:
        bang, label, link = found.groups()
        if link is None or _EXTERNAL.match(link):
            return found[0]
        path, hash_sign, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if target in files:
            return found[0]
        if f"{target}/README.md" in files:
            return f"{bang}[{label}]({path.rstrip('/')}/README.md{hash_sign}{anchor})"
        return str(label)

    return _CODE_OR_LINK.sub(rewritten, text)


def _definitions(text: str) -> str:
    """Each doc block under a heading of its name."""
    return _BLOCK.sub(lambda found: f"## {found[1]}\n\n{found[2].rstrip()}\n", text)


def _lists(lines: list[str]) -> Iterator[str]:
    """An empty line before each list, and four spaces for each level: Python-Markdown needs both."""
    is_in_list = False
    before = ""
    for line in lines:
        item = _ITEM.match(line)
        if item and before.strip() and not is_in_list:
            yield ""
        is_in_list = bool(line.strip()) and (bool(item) or is_in_list)
        before = line
        yield item[1] + line if item else line
