"""The channel of a session: its traffic source, the first matching rule, and inheritance by direct visits.

Rules and lists come from the project's seeds; the matching code is the oracle's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Final

from shopper.crosscheck.oracle.identity import VISITOR_PREFIX
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.sources import Source
from shopper.crosscheck.oracle.urls import click_of, host_of, path_of

DIRECT: Final = "direct"
UNATTRIBUTED: Final = "unattributed"
UNASSIGNED: Final = "unassigned"
_NOTHING: Final = frozenset({"direct", "none", "not set"})
_FRONTS: Final = frozenset(
    {"www", "www1", "www2", "www3", "m", "wap", "mobile", "search", "image", "images", "news", "ntp"}
)
_SECOND_LEVEL: Final = frozenset({"co", "com", "net", "org", "gov", "edu", "ac", "ne", "or", "go"})
_RULE_FIELDS: Final = ("source", "source_category", "medium", "campaign", "referrer_host", "click_id", "platform")


class ChannelRules:
    """The seeds: rules by priority, categories of sites, click ids, payment gateways, own domains, sign-in pages."""

    def __init__(
        self,
        rules: Iterable[Row],
        categories: Iterable[Row],
        click_ids: Iterable[Row],
        gateways: Iterable[Row],
        own_domains: Iterable[Row],
        sign_in_pages: Sequence[Row],
    ) -> None:
        self._rules = sorted(rules, key=lambda row: int(row["priority"]))
        self._categories = {row["site"]: row["source_category"] for row in categories}
        self._click_ids = sorted(click_ids, key=lambda row: int(row["priority"]))
        everywhere = [row for row in sign_in_pages if not row["path_pattern"]]
        self._return_domains = {row["domain"] for rows in (gateways, own_domains, everywhere) for row in rows}
        self._sign_in_paths = {row["domain"]: row["path_pattern"] for row in sign_in_pages if row["path_pattern"]}
        self._own_hosts: set[str] = set()
        self._channels: dict[Source, str] = {}

    def learn_own_hosts(self, pages: Iterable[str | None]) -> None:
        """Take the hosts of the shop's pages as its own, except those of search engines, social sites and the like."""
        hosts = {host_of(page) for page in pages}
        self._own_hosts = {host for host in hosts if host and self.site(host) is None}

    def source_of(self, session: Session) -> Source:
        """The traffic source of a session: from its campaign tags, else its click id, else its referrer, else direct.

        Missing tags are filled from the click id, else from the referrer; a medium only if both have the same source.
        A paid click id beats tags that say nothing. An unknown click id is a paid click. Payment gateways and the
        shop's own site do not count as referrers.
        """
        campaign = {name: _lower(value) for name, value in session.campaign.items()}
        referrer = host_of(session.arrived("referrer_url"))
        if self.is_return(session):
            referrer = None
        click = self.click(session.arrived("click_id"), session.arrival_url)
        is_click = click is not None or session.arrived("click_id") is not None
        if click and click["is_paid"] and tags_say_nothing(campaign, click["source"]):
            campaign = dict.fromkeys(campaign)
        site = self.site(referrer) if referrer else None
        is_search = site is not None and self._categories[site] == "search"
        found = click["source"] if click else site if is_search else referrer
        source, medium = campaign["utm_source"], campaign["utm_medium"]
        if source is None and medium is None and campaign["utm_campaign"] is None and not is_click and not referrer:
            source, medium = "(direct)", "(none)"
        elif medium is None and source == "(direct)":
            medium = "(none)"
        elif medium is None and (source is None or (click and source == click["source"])):
            of_referrer = ("organic" if is_search else "referral") if referrer else None
            medium = click["medium"] if click else "cpc" if is_click else of_referrer
        source = source or found
        parameter = click["parameter"] if click else None
        return Source(source, medium, campaign["utm_campaign"], referrer, parameter, session.get("platform"))

    @property
    def click_parameters(self) -> list[str]:
        """Parameters that carry an ad platform's click id, by priority."""
        return [row["parameter"] for row in self._click_ids]

    def click(self, value: str | None, page: str | None) -> Row | None:
        """The rule of the click-id parameter in the landing page, else the first that the value names or matches."""
        named = click_of(page, self.click_parameters)
        if named:
            return next(row for row in self._click_ids if row["parameter"] == named)
        if value is None:
            return None
        named = value.lower().split("=")[0]
        fitting = (
            row
            for row in self._click_ids
            if row["parameter"] == named or (row["value_pattern"] and _matches(row["value_pattern"], value))
        )
        return next(fitting, None)

    def has_click(self, session: Session) -> bool:
        """Whether the session came with a click id, known or not."""
        value = session.arrived("click_id")
        return value is not None or self.click(value, session.arrival_url) is not None

    def is_return(self, session: Session) -> bool:
        """Whether the referrer is the shop's own site, a payment gateway or a sign-in page."""
        url = session.arrived("referrer_url")
        host = host_of(url)
        if host is None:
            return False
        pattern = self._sign_in_paths.get(host)
        is_sign_in = pattern is not None and _matches(pattern, path_of(url))
        return is_sign_in or self.is_return_site(host) or site_of(host) == site_of(host_of(session.arrival_url))

    def is_return_site(self, host: str) -> bool:
        """Whether the host is a payment gateway, a sign-in page, a domain of the shop, or below one, or its page."""
        return (
            any(domain in self._return_domains for domain in _domains(host))
            or host in self._own_hosts
            or ("." in host and site_of(host) in self._own_hosts)
        )

    def is_search(self, source: str) -> bool:
        """Whether the source is a search engine."""
        return self._categories.get(self.site(source) or "") == "search"

    def site(self, source: str) -> str | None:
        """The most specific site in the categories that a source or host belongs to; None if none.

        A bare name matches its site in any country; for a search engine only its front pages, since other services on
        the domain (docs.google.com) are not searches.
        """
        listed = next((site for site in _domains(source) if site in self._categories), None)
        name = _name(source)
        if listed or name not in self._categories:
            return listed
        return name if self._categories[name] != "search" or _is_front_page(source) else None

    def channel(self, source: Source) -> str:
        """The channel of the first rule whose every condition holds, else unassigned."""
        if source not in self._channels:
            self._channels[source] = self._first_match(source)
        return self._channels[source]

    def _first_match(self, source: Source) -> str:
        site = self.site(source.source) if source.source else None
        values = {**source.__dict__, "source_category": self._categories.get(site or "")}
        for rule in self._rules:
            if all(not rule[name] or _matches(rule[name], values[name]) for name in _RULE_FIELDS):
                return str(rule["channel"])
        return UNASSIGNED


def assign_channels(sessions: Sequence[Session], rules: ChannelRules, window: timedelta) -> None:
    """Set the own channel of every session, and its channel; sources, customers and goes_on are known.

    A direct session inherits the last non-direct channel within the window, of the customer on any device, else of the
    visitor. A session that goes on keeps the channel of the visitor's arrival before it, within the window.
    """
    touches: dict[str, Session] = {}
    arrivals: dict[str, Session] = {}
    for session in sorted(sessions, key=lambda one: (one.started_at, one.name, one.number)):
        assert session.source
        person = session.customer_id or VISITOR_PREFIX + session.visitor_id
        is_foreign = session.goes_on and session.source.medium == "referral"
        session.own_channel = session.channel = DIRECT if is_foreign else rules.channel(session.source)
        touch = touches.get(person)
        if session.own_channel == DIRECT and touch and session.started_at - touch.started_at <= window:
            session.channel = touch.own_channel
        if session.goes_on:
            session.source = replace(session.source, source="(direct)", medium="(none)", campaign=None)
            arrival = arrivals.get(session.visitor_id)
            if arrival and session.started_at - arrival.started_at <= window:
                session.arrival, session.channel = arrival, arrival.channel
            continue
        arrivals[session.visitor_id] = session
        if session.own_channel != DIRECT:
            touches[person] = session


def spend_channel(row: Row, rules: ChannelRules) -> str:
    """The channel of a row of marketing spend, by the same rules, including its platform."""
    source, medium = _lower(row["utm_source"]), _lower(row["utm_medium"])
    if not (source or medium or row["utm_campaign"]):
        source, medium = "(direct)", "(none)"
    return rules.channel(Source(source, medium, _lower(row["utm_campaign"]), None, None, row["platform"]))


def tags_say_nothing(campaign: Mapping[str, str | None], click_source: str | None) -> bool:
    """Whether the tags are none at all, or only what tools derive: organic, direct, not set, referral from a host.

    A named campaign is the shop's own, and so is a referral from a name that is no host (unless the ad platform's).
    """
    source, medium, name = campaign["utm_source"], campaign["utm_medium"], campaign["utm_campaign"]
    if name is not None and name.strip("()") not in {"organic", "referral", *_NOTHING}:
        return False
    if medium == "organic":
        return True
    if medium == "referral":
        return source is None or "." in source or source == click_source
    return all(tag is None or tag.strip("()") in _NOTHING for tag in (source, medium))


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _matches(pattern: str, value: str | None) -> bool:
    return value is not None and _pattern(pattern).fullmatch(value) is not None


def _lower(value: str | None) -> str | None:
    return value.lower() if value else None


def _domains(host: str) -> list[str]:
    """A host and its parent domains, longest first."""
    labels = host.split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def site_of(host: str | None) -> str | None:
    """The registrable part of a host: `google.co.uk` of www.google.co.uk."""
    if host is None:
        return None
    labels = host.split(".")
    is_double = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if is_double else labels[-2:])


def _is_front_page(host: str) -> bool:
    """Whether the part before the site is only `www`, `m`, a language or similar."""
    before = host.removesuffix(site_of(host) or host).split(".")
    return all(label in _FRONTS or len(label) in {0, 2} for label in before)


def _name(host: str) -> str:
    """The name of a host without its public suffix: `google` of www.google.co.uk."""
    return (site_of(host) or host).split(".")[0]


def signup_channel(text: str | None, rules: ChannelRules) -> str | None:
    """The channel of a sign-up, from the account's text (a platform, source or medium); None without text."""
    if text is None:
        return None
    word = text.lower()
    for source in (
        Source("(direct)", "(none)", None, None, None, word),
        Source(word, None, None, None, None, None),
        Source(None, word, None, None, None, None),
    ):
        channel = rules.channel(source)
        if channel not in {UNASSIGNED, DIRECT} or word == DIRECT:
            return channel
    return None


def acquisition_channels(
    first_orders: Mapping[str, tuple[str | None, str | None]],
    first_sessions: Mapping[str, str],
    signup_channels: Mapping[str, str],
) -> dict[str, str]:
    """Acquisition channel by customer.

    first_orders: by customer, the channel of the session of the first valid order, and that order's sales channel.
    """
    result = {}
    for customer, (session_channel, sales_channel) in first_orders.items():
        of_sale = sales_channel if sales_channel not in {None, "web"} else None
        result[customer] = (
            session_channel or of_sale or first_sessions.get(customer) or signup_channels.get(customer) or UNATTRIBUTED
        )
    return result
