"""Finds what leads nowhere on a built site: `python -m shopper.site.links target/site`."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from shopper.errors import BadInput

# The folder of dbt's page, which draws its content itself: its addresses are `#!/<kind>/<id of a node>`.
_DBT: Final = "dbt"
_DRAWN: Final = "!/"


class Page(HTMLParser):
    """An HTML file: its anchors, its links, and the addresses that a browser fetches to show it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        if path.parent.name != _DBT:
            self.feed(self.text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep what a tag names or points to."""
        given = {name: value for name, value in attributes if value is not None}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        addresses = {given[name] for name in ("href", "src") if name in given}
        self.links |= addresses
        if tag == "link" or "src" in given:
            self.fetched |= addresses


def dead_links(site: Path) -> list[str]:
    """`<page>: <address>` of each link without target, and of each file that a page fetches from another host.

    Raises BadInput where the folder holds no page.
    """
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    if not pages:
        raise BadInput(f"{site}: no page is here; `make docs` builds them")
    dead = []
    for path, page in pages.items():
        outside = {address for address in page.fetched if urlsplit(address).netloc}
        missing = {address for address in page.links if not _leads_somewhere(site, path, address, pages)}
        dead += [f"{path.relative_to(site)}: {address}" for address in sorted(outside | missing)]
    return dead


def _leads_somewhere(site: Path, path: Path, address: str, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return True
    folder = site if parts.path.startswith("/") else path.parent
    target = (folder / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    anchor = unquote(parts.fragment)
    if not anchor or not target.is_file():
        return target.is_file()
    page = pages.get(target)
    if page is None:
        return False
    if anchor.startswith(_DRAWN):
        return f'"{anchor.rpartition("/")[2]}"' in page.text
    return anchor in page.anchors


if __name__ == "__main__":
    try:
        found = dead_links(Path(sys.argv[1]).resolve())
    except BadInput as error:
        sys.exit(str(error))
    sys.exit("\n".join(["These links lead nowhere, or to another host:", *found]) if found else 0)
