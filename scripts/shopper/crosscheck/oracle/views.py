"""Page views: one page is one view, however many tags report it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from shopper.crosscheck.oracle.settings import Row

PAGE_VIEWS: Final = frozenset({"page_view", "category_view", "product_view", "search"})
_BY_DETAIL: Final = ("product_view", "search", "category_view", "page_view")
_LIST: Final = "category_view"


def mark_views(events: Iterable[Row], seconds: int) -> None:
    """Set `is_view` (counts as a page view) and `is_repeat` (repeats another tag of its page) of every event.

    `topic` and `load_ms` are content category and load time, of the view that counts also where only another tag of the
    page knows them.
    """
    of_visit: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for event in events:
        event["is_view"] = event["event_type"] in PAGE_VIEWS
        event["is_repeat"] = False
        event["topic"], event["load_ms"] = event["content_category"], event["page_load_ms"]
        if event["is_view"] and event["page_url"] is not None:
            of_visit[event["visitor_id"], event["session_id"]].append(event)
    for views in of_visit.values():
        views.sort(key=lambda view: (view["occurred_at"], view["event_id"]))
        for page in _pages(views, timedelta(seconds=seconds)):
            if _is_within_open_page(page, views):
                for view in page:
                    view["is_view"], view["is_repeat"] = False, True
            elif len(page) > 1:
                _settle(page)


def _pages(views: list[Row], reach: timedelta) -> list[list[Row]]:
    """Views of one address, each within reach of the one before."""
    last: dict[str, tuple[datetime, list[Row]]] = {}
    pages = []
    for view in views:
        moment, page = last.get(view["page_url"], (datetime.min, []))
        if not page or view["occurred_at"] - moment > reach:
            page = []
            pages.append(page)
        page.append(view)
        last[view["page_url"]] = (view["occurred_at"], page)
    return pages


def _is_within_open_page(page: list[Row], views: list[Row]) -> bool:
    """Whether the page is only lists, reported while the visitor is still at that address."""
    if any(view["event_type"] != _LIST for view in page):
        return False
    first = next(place for place, view in enumerate(views) if view is page[0])
    opened = [view["page_url"] for view in views[:first] if view["event_type"] != _LIST]
    return bool(opened) and opened[-1] == page[0]["page_url"]


def _settle(page: list[Row]) -> None:
    """Choose the views that count: the most specific one, and one for each further product."""
    kinds = [view["page_type"] for view in page if view["event_type"] == "page_view"]
    plain = max((kind for kind in kinds if kind not in (None, "other")), default=None)

    def order(view: Row) -> tuple[int, bool, str, datetime, str]:
        detail = _BY_DETAIL.index(view["event_type"])
        kind = view["page_type"] if view["page_type"] not in (None, "other") else plain
        if view["event_type"] == _LIST and kind not in (None, "category"):
            detail = len(_BY_DETAIL)
        product = view["product_id"] if view["event_type"] == "product_view" else None
        return detail, product is None, product or "", view["occurred_at"], view["event_id"]

    best, *others = sorted(page, key=order)
    products = {best["product_id"]} if best["event_type"] == "product_view" else set()
    has_search = best["event_type"] == "search"
    for view in others:
        if view["event_type"] == "product_view" and view["product_id"] not in {None, *products}:
            products.add(view["product_id"])
            continue
        view["is_view"] = False
        # A search that leads straight to a product is still a search.
        view["is_repeat"] = view["event_type"] != "search" or has_search
        has_search = has_search or view["event_type"] == "search"
    folded = [view for view in others if not view["is_view"]]
    for column in ("topic", "load_ms"):
        known = [view[column] for view in folded if view[column] is not None]
        if best[column] is None and known:
            best[column] = max(known)
