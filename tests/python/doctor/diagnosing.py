"""Types of the findings that tests of `shopper doctor` read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Findings = dict[tuple[str, str], dict[str, Any]]
Diagnose = Callable[..., Findings]
