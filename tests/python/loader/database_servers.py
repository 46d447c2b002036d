"""Real database servers that the tests of the loader start on their own: MariaDB and PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest

PASSWORD: Final = "s3cret' \"word"
_QUIET: Final[dict[str, Any]] = dict.fromkeys(("stdout", "stderr", "stdin"), subprocess.DEVNULL)


@dataclass(frozen=True)
class Server:
    """A running server: its kind in a mapping, its folder, and how a mapping names it.

    settings: with the password as the variable SHOP_PASSWORD; url: the same as one address; plain: without the
    password; address: as the load ledger names it; command: the client of the administrator.
    """

    kind: str
    folder: Path
    settings: str
    url: str
    plain: str
    address: str
    command: tuple[str, ...]

    def run(self, sql: str) -> None:
        """Run SQL as the administrator."""
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        subprocess.run([*self.command, sql], env=environment, check=True, capture_output=True)


def _program(name: str) -> str:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"
    found = shutil.which(name, path=path)
    found = found or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def _require_extension(name: str) -> None:
    if find_spec(f"duckdb_extension_{name}") is None:
        pytest.skip(f"duckdb-extension-{name.replace('_', '-')} is not installed")


@contextmanager
def _folder(user: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder for a server, and how to run it: both refuse to run as root, so their own user does it then."""
    if os.getuid() == 0 and user not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip(f"tests run as root, and there is no user {user} to run the server")
    folder = Path(tempfile.mkdtemp(prefix=f"shopper-{user}-"))
    as_user: dict[str, Any] = {"cwd": folder}
    try:
        if os.getuid() == 0:
            shutil.chown(folder, user)
            as_user |= {"user": user, "group": user, "extra_groups": []}
        yield folder, as_user | _QUIET
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def mysql_server() -> Iterator[Server]:
    """A MariaDB server on a port of its own, whose clock is not in UTC."""
    _require_extension("mysql_scanner")
    install, daemon, client = map(_program, ("mariadb-install-db", "mariadbd", "mariadb"))
    with _folder("mysql") as (folder, as_user), socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        data = ["--no-defaults", f"--datadir={folder / 'data'}"]
        created = [install, *data, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(created, check=True, **as_user)
        process = subprocess.Popen(
            [daemon, *data, f"--socket={folder / 'socket'}", f"--port={port}", "--bind-address=127.0.0.1",
             "--skip-log-bin", "--default-time-zone=+05:00", "--innodb-flush-log-at-trx-commit=0",
             f"--pid-file={folder / 'pid'}"],
            **as_user,
        )  # fmt: skip
        place = f"127.0.0.1:{port}/shop"
        plain = f"host=127.0.0.1 port={port} user=reader dbname=shop"
        server = Server(
            "mysql", folder, f"{plain} password=${{SHOP_PASSWORD}}", f"mysql://reader:${{SHOP_PASSWORD}}@{place}",
            plain, f"mysql://{place}.orders",
            (client, "--no-defaults", "--default-character-set=utf8mb4", "-uroot", f"--socket={folder / 'socket'}",
             "-e"),
        )  # fmt: skip
        try:
            for _ in range(300):
                if process.poll() is not None:
                    pytest.fail("MariaDB stopped")
                try:
                    server.run("select 1")
                    break
                except subprocess.CalledProcessError:
                    time.sleep(0.1)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server on its own socket."""
    _require_extension("postgres_scanner")
    initdb, pg_ctl, client = map(_program, ("initdb", "pg_ctl", "psql"))
    with _folder("postgres") as (folder, as_user):
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if "user" in as_user:
            shutil.chown(folder / "password", as_user["user"])
        data = str(folder / "data")
        created = [initdb, "-D", data, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}",
                   "--encoding=UTF8", "--locale=C", "--no-sync"]  # fmt: skip
        subprocess.run(created, check=True, **as_user)
        control = [pg_ctl, "-D", data]
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        subprocess.run([*control, "-w", "-o", options, "start"], check=True, **as_user)
        plain = f"host={folder} dbname=postgres user=postgres"
        host = str(folder).replace("/", "%2F")
        try:
            yield Server(
                "postgres", folder, f"{plain} password=${{SHOP_PASSWORD}}",
                f"postgresql://postgres:${{SHOP_PASSWORD}}@{host}/postgres", plain,
                f"postgresql://{folder}:5432/postgres/Shop.orders",
                (client, "-h", str(folder), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qc"),
            )  # fmt: skip
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **as_user)
