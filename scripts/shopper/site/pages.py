"""Writes all that MkDocs reads: `python -m shopper.site.pages target/docs` after `dbt docs generate --static` there.

Files keep their paths in the project, so that one relative link works in both.
"""

from __future__ import annotations

import json
import shutil
import sys
from itertools import chain
from pathlib import Path
from typing import Final

from shopper.site import contract, diagram, markdown

_ASSETS: Final = Path(__file__).parent / "assets"
_DOCUMENTS: Final = ("*.md", "docs/**/*.md", "sources/**/*.md", "examples/**/*.md", "models/**/*.md", "*/README.md")
_PICTURES: Final = ("docs/images/*",)
_DEFINITIONS: Final = "docs/definitions/README.md"
_DBT: Final = "dbt/models.html"


def write_pages(root: Path, built: Path) -> None:
    """Write `pages/` in `built`, the folder with dbt's manifest and its static page. root: the project."""
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    documents = {name: (root / name).read_text(encoding="utf-8") for name in _names(root, _DOCUMENTS)}
    documents[_DEFINITIONS] = _index(documents)
    pictures = _names(root, _PICTURES)
    files = {*documents, *pictures, _DBT}
    written = {name: markdown.page(name, text, files) for name, text in documents.items()}
    written |= {"docs/contract.md": contract.page(manifest), "docs/diagram.md": diagram.page(manifest)}

    pages = built / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(_ASSETS, pages / "assets")
    for name in (*written, *pictures, _DBT):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (pages / name).write_text(text, encoding="utf-8")
    for name in pictures:
        shutil.copyfile(root / name, pages / name)
    shutil.copyfile(built / "static_index.html", pages / _DBT)


def _names(root: Path, patterns: tuple[str, ...]) -> list[str]:
    found = chain.from_iterable(root.glob(pattern) for pattern in patterns)
    return sorted({path.relative_to(root).as_posix() for path in found})


def _index(documents: dict[str, str]) -> str:
    """The list of the pages with definitions, each by its title."""
    folder = _DEFINITIONS.removesuffix("README.md")
    titles = {name: text.partition("\n")[0].rpartition(": ")[2] for name, text in documents.items() if folder in name}
    lines = [f"- [{title}]({name.removeprefix(folder)})" for name, title in titles.items()]
    return "\n".join(["# Definitions", "", "What the numbers mean, by subject.", "", *lines, ""])


if __name__ == "__main__":
    write_pages(Path.cwd(), Path(sys.argv[1]))
