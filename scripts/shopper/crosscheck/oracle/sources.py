"""The traffic source of a session."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where a session came from, lower case; a session that came by itself is `(direct)` / `(none)`."""

    source: str | None
    medium: str | None
    campaign: str | None
    referrer_host: str | None
    click_id: str | None
    platform: str | None
