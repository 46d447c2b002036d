"""Links in the Markdown files: every file and every heading that one points to exists."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

from running import ROOT
from shopper.load import mapping, named_columns, shop_settings, sources, sql_functions
from shopper.load.database_sources import KINDS

LINK = re.compile(r"\]\(([^()\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```", re.S | re.M)
INLINE_CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)
EXTERNAL = re.compile(r"[a-z][a-z+.-]*:")


def documents() -> list[Path]:
    """Markdown files of the repository, new ones too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def anchors(text: str) -> set[str]:
    """Anchors of the headings, as GitHub makes them; a repeated heading gets a number."""
    seen: Counter[str] = Counter()
    found = set()
    for title in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


def broken_links(document: Path) -> list[str]:
    """Relative links that lead to no file, or to no heading of a Markdown file."""
    text = document.read_text(encoding="utf-8")
    broken = []
    for link in LINK.findall(INLINE_CODE.sub("", FENCE.sub("", text))):
        if EXTERNAL.match(link):
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        is_known_anchor = not anchor or (
            target.suffix == ".md" and target.is_file() and anchor in anchors(target.read_text(encoding="utf-8"))
        )
        if not target.exists() or not is_known_anchor:
            broken.append(link)
    return broken


def test_links_between_documents_resolve() -> None:
    broken = {str(document.relative_to(ROOT)): broken_links(document) for document in documents()}
    assert {name: links for name, links in broken.items() if links} == {}


def test_broken_links_are_found(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text(
        "# Here it is\n[x](#here-it-is) [x](b.md) [x](#there) [x](a.md#here-it-is) [x](https://x.y/z)\n"
    )
    assert broken_links(document) == ["b.md", "#there"]


def test_every_key_and_function_of_a_mapping_is_described() -> None:
    text = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    of_tables = {*mapping._COLUMN_KEYS, *mapping._PART_KEYS, *shop_settings._KEYS}
    of_sources = {*sources._FILE_KEYS, *sources._LISTED_KEYS, *named_columns.KEYS}
    described = set(re.findall(r"`(\w+)`", text)) | set(re.findall(r"`(\w+)\(", text))
    assert (of_tables | of_sources | sql_functions.NAMES) - described == set()
    assert all(f"{{{kind}: " in text for kind in KINDS)
