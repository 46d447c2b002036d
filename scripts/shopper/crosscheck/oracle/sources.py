"""The traffic source of a session."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """The traffic source of a session, in lower case. A direct session has source `(direct)` and medium `(none)`."""

    source: str | None
    medium: str | None
    campaign: str | None
    referrer_host: str | None
    click_id: str | None
    platform: str | None
