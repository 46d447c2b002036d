"""The command `shopper mcp` where it can't start."""

from __future__ import annotations

import importlib.util

import pytest

from running import Shopper


def test_without_the_sdk_the_command_says_how_to_get_it(shopper: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ran = shopper("mcp")
    assert (ran.code, "the package mcp is not installed here; `make mcp`" in ran.output) == (2, True)


def test_a_wrong_limit_is_refused(shopper: Shopper) -> None:
    assert shopper("mcp", "--rows", 0).code == 2
