"""A scripted client that plays the assistant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from mcp import Client

Call = tuple[str, dict[str, Any]]
QUESTIONS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("questions.yml").read_text(encoding="utf-8"))


def ask(server: Any, calls: Sequence[Call]) -> list[dict[str, Any] | str]:
    """Answers of a server to calls in one session: the structured answer, or the sentence of an error."""

    async def session() -> list[dict[str, Any] | str]:
        async with Client(server) as client:
            return [_content(await client.call_tool(name, arguments)) for name, arguments in calls]

    return asyncio.run(session())


def answered(server: Any, tool: str, /, **arguments: Any) -> dict[str, Any]:
    """The answer to one call, which must not be an error."""
    found = ask(server, [(tool, arguments)])[0]
    assert isinstance(found, dict), found
    return found


def refused(server: Any, tool: str, /, **arguments: Any) -> str:
    """The sentence with which one call is refused."""
    found = ask(server, [(tool, arguments)])[0]
    assert isinstance(found, str), found
    return found


def _content(result: Any) -> dict[str, Any] | str:
    if result.is_error:
        return str(result.content[0].text)
    content: dict[str, Any] = result.structured_content
    return content
