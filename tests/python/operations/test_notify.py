"""Messages about runs: to a webhook on this machine and to a command; they never fail or hold up a run."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from operated_shop import Shop

from running import ROOT
from shopper.errors import BadInput
from shopper.run import notify, read_config
from shopper.run.building import BuildResult, NodeResult
from shopper.run.notify import Notify, send

FAILED = NodeResult("unique_orders", "test", "fail", 0.1, "Got 1 result", ("customer=ann@example.com",))
BUILT = BuildResult({}, (FAILED,), (), (), (), ())
FACTS: dict[str, Any] = {
    "name": "gift & tea shop",
    "status": "failed",
    "exit_code": 1,
    "message": "1 failed, 2 skipped; nothing was published\ntest unique_orders: Got 1\n  customer=ann@example.com",
    "generation": None,
    "gates": [],
    "build": BUILT,
    "changes": None,
}
HELD = {"gates": [{"outcome": "held"}], "status": "refused", "message": "held by a gate: orders: 3 rows", "build": None}
MOVED = {
    "status": "published", "exit_code": 0, "message": "", "generation": "20240131T030000Z-001", "build": None,
    "changes": {"unusual": ["orders: 40 on 2024-01-30, usually 80 on this weekday"]},
}  # fmt: skip


class Webhook:
    """A server on this machine. `got` has the bodies; `answer` is the status; it answers once `may_answer` is set."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.answer = 200
        self.drips = 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.got.append((self.path, self.headers["Content-Type"], json.loads(body)))
                for _drip in range(webhook.drips):
                    webhook.may_answer.wait(0.2)
                    self.wfile.write(b"HTTP/1.0 100 Continue\r\n\r\n")  # no read of the client ever times out
                if not webhook.drips:
                    webhook.may_answer.wait(60)
                self.send_response(webhook.answer)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/services/T0/secret"


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    started = Webhook()
    monkeypatch.setenv("SHOP_WEBHOOK", started.address)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield started
    started.may_answer.set()
    started.server.shutdown()
    started.server.server_close()


def sent(facts: dict[str, Any], **settings: Any) -> list[str]:
    """Send the message of a run, and return the lines of the log."""
    lines: list[str] = []
    send(Notify(**{"webhook": "SHOP_WEBHOOK", **settings}), {**FACTS, **facts}, Path("report.html"), lines.append)
    assert not any("secret" in line or "127.0.0.1" in line for line in lines)
    return lines


def test_a_failed_run_is_posted_without_rows(webhook: Webhook) -> None:
    assert sent({}) == ["notify: webhook: told of a run that failed"]
    text = "gift &amp; tea shop: failed: 1 failed, 2 skipped; nothing was published\ntest unique_orders"
    assert webhook.got == [("/services/T0/secret", "application/json; charset=utf-8", {"text": text})]


def test_a_held_run_and_unusual_moves_are_posted(webhook: Webhook) -> None:
    assert sent(HELD) == ["notify: webhook: told of a run that was held"]
    assert sent(MOVED) == ["notify: webhook: told of a run that published unusual changes"]
    assert [body["text"] for _path, _type, body in webhook.got] == [
        "gift &amp; tea shop: held: held by a gate: orders: 3 rows",
        "gift &amp; tea shop: unusual: published 20240131T030000Z-001, with unusual changes\n"
        "orders: 40 on 2024-01-30, usually 80 on this weekday",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {**MOVED, "changes": {"unusual": []}},
        {**MOVED, "changes": None},
        {"status": "stopped"},
        {"status": "checked"},
        {"status": "locked"},
    ],
)
def test_what_is_no_news_is_not_posted(facts: dict[str, Any], webhook: Webhook) -> None:
    assert sent(facts) == [] and webhook.got == []


def test_only_what_was_asked_for_is_posted(webhook: Webhook) -> None:
    assert sent(MOVED, when=("failed", "held")) == [] and webhook.got == []


def test_long_messages_are_cut(webhook: Webhook) -> None:
    sent({**MOVED, "changes": {"unusual": ["x" * 5000] * 30}})
    text = webhook.got[0][2]["text"]
    assert len(text) < 4000 and text.endswith("and 20 more")


def test_a_webhook_that_refuses_is_a_line_of_the_log(webhook: Webhook) -> None:
    webhook.answer = 403
    assert sent({}) == ["notify: webhook: refused with HTTP 403"]


def test_a_dead_webhook_is_a_line_of_the_log(monkeypatch: pytest.MonkeyPatch, webhook: Webhook) -> None:
    webhook.server.shutdown()
    webhook.server.server_close()
    assert sent({}) == ["notify: webhook: not reached (ConnectionRefusedError)"]
    monkeypatch.setenv("SHOP_WEBHOOK", "http://secret:port/")
    assert sent({})[0].startswith("notify: webhook: not reached (")


def test_a_slow_webhook_does_not_hold_up_the_run(monkeypatch: pytest.MonkeyPatch, webhook: Webhook) -> None:
    monkeypatch.setattr(notify, "SECONDS", 0.5)
    webhook.may_answer.clear()
    assert sent({}) in (
        ["notify: webhook: no answer within 0.5 seconds"],
        ["notify: webhook: not reached (TimeoutError)"],
    )
    assert not webhook.may_answer.is_set()  # it has not answered yet


def test_a_webhook_that_answers_bit_by_bit_does_not_hold_up_the_run(
    monkeypatch: pytest.MonkeyPatch, webhook: Webhook
) -> None:
    monkeypatch.setattr(notify, "SECONDS", 0.5)
    webhook.drips = 50
    webhook.may_answer.clear()
    assert sent({}) == ["notify: webhook: no answer within 0.5 seconds"]
    assert not webhook.may_answer.is_set()


def test_a_command_gets_the_message_as_json(tmp_path: Path) -> None:
    written = tmp_path / "message.json"
    program = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"
    command = (sys.executable, "-c", program, str(written))
    assert sent({}, webhook=None, command=command) == ["notify: command: told of a run that failed"]
    assert json.loads(written.read_text(encoding="utf-8")) == {
        "occasion": "failed",
        "text": "gift & tea shop: failed: 1 failed, 2 skipped; nothing was published\ntest unique_orders",
        "name": "gift & tea shop",
        "status": "failed",
        "exit_code": 1,
        "generation": None,
        "report": "report.html",
    }


def test_a_command_that_fails_or_lasts_is_a_line_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(*command: str) -> list[str]:
        return sent({}, webhook=None, command=command)

    assert ran("no-such-program") == ["notify: command: no-such-program can't be started (FileNotFoundError)"]
    assert ran("false") == ["notify: command: false ended with exit code 1"]
    monkeypatch.setattr(notify, "SECONDS", 0.5)
    assert ran("sleep", "600") == ["notify: command: sleep was ended: it took longer than 0.5 seconds"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{webhook: 'https://hooks.example.com/secret'}", "notify.webhook: expected ${NAME}"),
        ("{webhook: '${NO_SUCH_WEBHOOK}'}", "the environment variable NO_SUCH_WEBHOOK holds no http address"),
        ("{webhook: '${BAD_WEBHOOK}'}", "the environment variable BAD_WEBHOOK holds no http address"),
        ("{}", "notify: expected webhook or command"),
        ("{command: []}", "notify.command is []; expected a program and its arguments"),
        ('{command: "mail \'x"}', "expected a program and its arguments"),
        ("{command: mail, when: [broken]}", "notify.when is 'broken'; expected any of failed, held, unusual"),
        ("{url: x}", "unknown key notify.url"),
    ],
)
def test_mistakes_are_reported_without_the_secret(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAD_WEBHOOK", "ftp://secret")
    path = tmp_path / "shop.yml"
    path.write_text(f"notify: {text}\n", encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        read_config(path, ROOT)
    assert message in str(raised.value) and "secret" not in str(raised.value)


def test_a_run_posts_what_failed_and_keeps_its_exit_code(shop: Shop, webhook: Webhook) -> None:
    shop.configure(name="shop", notify={"webhook": "${SHOP_WEBHOOK}"})
    shop.orders(more="select 'o7' as order_id, 'c1' as customer_id, '2024-01-05' as ordered_at, '1' as total_amount")
    environment = {**shop.environment, "SHOP_WEBHOOK": webhook.address, "no_proxy": "127.0.0.1"}
    call = shop.processes.run("run", shop.config, environment=environment)
    assert call.process.exitcode == 1
    assert "notify: webhook: told of a run that failed" in call.output and "secret" not in call.output
    told = [body["text"].splitlines() for _path, _type, body in webhook.got]
    assert len(told) == 1 and told[0][0].startswith("shop: failed: 1 failed, ")
    assert told[0][1:] == ["test unique_key_orders_order_id"]
    report = shop.warehouse.with_suffix(".run") / "reports" / "latest"
    assert all("secret" not in path.read_text(encoding="utf-8") for path in report.iterdir())
