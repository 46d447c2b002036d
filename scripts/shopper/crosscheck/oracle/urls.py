"""Parts of a URL: host, path, and the campaign in its query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from shopper.crosscheck.oracle.redaction import redacted_text

CAMPAIGN_PARAMETERS: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


@lru_cache(maxsize=100_000)
def host_of(url: str | None) -> str | None:
    """The host in lower case, without `www.` and port; None if there is none."""
    if not url:
        return None
    rest = url.split("//", 1)[1] if "//" in url else url
    host = rest.split("/")[0].split("?")[0].split("#")[0].rsplit("@", 1)[-1].split(":")[0].lower()
    return host.removeprefix("www.") or None


@lru_cache(maxsize=100_000)
def path_of(url: str | None) -> str | None:
    """The path of a URL without query and fragment; `/` if it is empty."""
    if not url:
        return None
    rest = url.split("//", 1)[1] if "//" in url else url
    rest = rest.split("?")[0].split("#")[0]
    return "/" + rest.split("/", 1)[1] if "/" in rest else "/"


@lru_cache(maxsize=100_000)
def _parameters(url: str | None) -> Mapping[str, str]:
    if not url or "?" not in url:
        return {}
    query = url.split("?", 1)[1].split("#")[0]
    found: dict[str, str] = {}
    for pair in query.replace(";", "&").split("&"):
        name, _, value = pair.partition("=")
        value = redacted_text(decoded(value))
        if value and name.lower() not in found:
            found[name.lower()] = value
    return found


def decoded(text: str) -> str:
    """Decode percent-encoding (twice if it was encoded twice) and plus signs, and trim."""
    once = unquote(text.replace("+", " "))
    return unquote(once).strip() if "%" in once else once.strip()


def campaign_of(url: str | None) -> dict[str, str | None]:
    """The utm_* values of a URL; None if missing. The first of repeated parameters counts."""
    found = _parameters(url)
    return {name: found.get(name) for name in CAMPAIGN_PARAMETERS}


def click_of(url: str | None, parameters: Sequence[str]) -> str | None:
    """The first of the click-id parameters in the URL; None if it has none."""
    found = _parameters(url)
    return next((name for name in parameters if name in found), None)
