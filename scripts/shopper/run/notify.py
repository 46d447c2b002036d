"""A message to people when a run fails, is held by a gate, or publishes something unusual: a webhook or a command.

The message never fails or delays a run: whatever goes wrong, and whatever takes longer than a few seconds, is one line
of the log. It names models, tests and totals, no rows: what leaves the machine holds no personal data.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

FAILED: Final = "failed"
HELD: Final = "held"
UNUSUAL: Final = "unusual"
OCCASIONS: Final = (FAILED, HELD, UNUSUAL)
SECONDS: Final = 4.0
"""Longest time that a message may take."""
_SHOWN: Final = 10
_LONGEST_LINE: Final = 300


@dataclass(frozen=True)
class Notify:
    """Who hears of a run, and when. webhook: name of the environment variable with the address; the address itself is a
    secret and is read only to be used. command: program and arguments; gets the message as JSON on its standard input.
    """

    webhook: str | None = None
    command: tuple[str, ...] = ()
    when: tuple[str, ...] = OCCASIONS


def occasion_of(facts: Mapping[str, Any]) -> str | None:
    """Why people should hear of a run, by the facts of its report; None if they need not.

    A run that was stopped, only checked, or did not start because another one was running, is no news.
    """
    if facts.get("status") == "published":
        return UNUSUAL if (facts.get("changes") or {}).get("unusual") else None
    if any(gate["outcome"] == "held" for gate in facts.get("gates", ())):
        return HELD
    return FAILED if facts.get("status") in {"failed", "refused", "nothing_selected"} else None


def message_of(occasion: str, facts: Mapping[str, Any]) -> str:
    """The text: what happened in the first line, then the models and tests that failed or the numbers that moved."""
    lines: Sequence[str]
    if occasion == UNUSUAL:
        title = f"published {facts['generation']}, with unusual changes"
        lines = facts["changes"]["unusual"]
    else:
        title = str(facts["message"]).split("\n")[0]
        built = facts.get("build")
        lines = [f"{node.kind} {node.name}" for node in built.failed] if built else []
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    shown = [f"{facts['name']}: {occasion}: {title}", *lines[:_SHOWN], *more]
    return "\n".join(line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + " ..." for line in shown)


def send(notify: Notify, facts: Mapping[str, Any], report: object, log: Callable[[str], None]) -> None:
    """Send the message of a run, if there is one to send. Returns within `SECONDS`, and raises nothing.

    facts: the content of report.json, its builds as objects. report: path of the page for the command.
    """
    occasion = occasion_of(facts)
    if occasion is None or occasion not in notify.when:
        return
    text = message_of(occasion, facts)
    ways: list[tuple[str, Callable[[], str]]] = []
    if notify.webhook:
        address = os.environ.get(notify.webhook, "")
        ways.append(("webhook", lambda: _post(address, text)))
    if notify.command:
        names = ("name", "status", "exit_code", "generation")
        document = {"occasion": occasion, "text": text, **{name: facts[name] for name in names}}
        document["report"] = str(report) if report else None
        ways.append(("command", lambda: _run(notify.command, json.dumps(document, ensure_ascii=False))))
    for way, problem in _all_in_time(ways).items():
        log(f"notify: {way}: {problem or f'told of a run that {_said(occasion)}'}")


def _said(occasion: str) -> str:
    return {FAILED: "failed", HELD: "was held", UNUSUAL: "published unusual changes"}[occasion]


def _all_in_time(ways: Sequence[tuple[str, Callable[[], str]]]) -> dict[str, str]:
    """Take all ways at once. The problem of each, empty if there was none."""
    problems = {way: f"no answer within {SECONDS:g} seconds" for way, _act in ways}

    def take(way: str, act: Callable[[], str]) -> None:
        problems[way] = act()

    # Daemons: a name server that does not answer can't be interrupted, and must not keep the process alive.
    threads = [threading.Thread(target=take, args=each, daemon=True) for each in ways]
    for thread in threads:
        thread.start()
    deadline = monotonic() + SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))
    return dict(problems)


def _post(address: str, text: str) -> str:
    """Post the message as Slack and what is compatible with it want it. Errors are named without the address."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = json.dumps({"text": escaped}, ensure_ascii=False).encode()
    try:
        request = urllib.request.Request(address, body, {"Content-Type": "application/json; charset=utf-8"})
        with urllib.request.urlopen(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        return f"refused with HTTP {error.code}"
    except urllib.error.URLError as error:
        return f"not reached ({type(error.reason).__name__})"
    except Exception as error:
        return f"not reached ({type(error).__name__})"


def _run(command: Sequence[str], document: str) -> str:
    """Run the command with the document on its standard input; end it, and what it started, when the time is over."""
    try:
        started = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except (OSError, ValueError) as error:
        return f"{command[0]} can't be started ({type(error).__name__})"
    try:
        started.communicate(document.encode(), timeout=SECONDS * 0.9)
    except subprocess.TimeoutExpired:
        with suppress(OSError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        return f"{command[0]} was ended: it took longer than {SECONDS:g} seconds"
    return f"{command[0]} ended with exit code {started.returncode}" if started.returncode else ""
