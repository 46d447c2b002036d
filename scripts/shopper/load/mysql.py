"""MySQL and MariaDB servers, attached with DuckDB's extension."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

import duckdb

from shopper.errors import BadInput
from shopper.extensions import load_extension
from shopper.load.attached import Attached
from shopper.load.variables import expanded, values_of
from shopper.sql import literal
from shopper.suggestions import suggestion

_SETTING = re.compile(r"""\s*(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)"|(\S*))""")
_NAMES = {"dbname": "database", "db": "database", "passwd": "password", "unix_socket": "socket", "username": "user"}
_KNOWN = ("host", "port", "user", "password", "database", "socket", "ssl_mode", "ssl_ca", "ssl_cert", "ssl_key")
# Digits of a decimal in DuckDB.
_MOST_DIGITS = 38
_OPTIONS = {
    "mysql_tinyint1_as_boolean": "false",  # tinyint(1) may hold other numbers
    "mysql_session_time_zone": "'+00:00'",  # timestamps in UTC
    "mysql_query_timeout_enabled": "false",
}


class MySql(Attached):
    """A MySQL or MariaDB server."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, location: str, what: str) -> None:
        """Read the connection. Raises BadInput for a missing extension, variable or setting."""
        load_extension(connection, "mysql_scanner", "reading MySQL")
        self.secrets = values_of(location, what)
        self._settings = _settings_of(location, what)
        self.schema = self._settings.get("database", "")
        host = self._settings.get("socket") or self._settings.get("host") or os.environ.get("MYSQL_HOST", "localhost")
        port = "" if "socket" in self._settings else f":{self._settings.get('port', '3306')}"
        super().__init__(connection, f"mysql://{host}{port}")

    def attach(self) -> None:
        """Connect, read only. The settings are a secret of the scratch database, so that no quoting can fail."""
        for option, value in _OPTIONS.items():
            self.connection.execute(f"set {option} = {value}")
        settings = "".join(f", {key} {literal(value)}" for key, value in self._settings.items())
        self.connection.execute(f"create or replace temporary secret mysql_server (type mysql{settings})")
        self.connection.execute("attach '' as server (type mysql, secret mysql_server, read_only)")

    def rows(self, schema: str, table: str, columns: Sequence[str]) -> str:
        """SQL of all rows, read by a query of our own: the extension's own has no names with backticks. Decimals that
        DuckDB would round to doubles are read as text.
        """
        long = {
            row[0]
            for row in self.connection.execute(
                _remote(
                    "select column_name from information_schema.columns where data_type = 'decimal' and"
                    f" numeric_precision > {_MOST_DIGITS} and table_schema = {_text(schema)} and table_name ="
                    f" {_text(table)}"
                )
            ).fetchall()
        }
        texts = (f"cast({_name(c)} as char) as {_name(c)}" if c in long else _name(c) for c in columns)
        return _remote(f"select {', '.join(texts)} from {_name(schema)}.{_name(table)}")


def _remote(query: str) -> str:
    """SQL that runs a query on the server."""
    return f"select * from mysql_query('server', {literal(query)})"


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _settings_of(location: str, what: str) -> dict[str, str]:
    """The settings of a connection (`host=... user=...`, or a URL), with environment variables replaced."""
    text = expanded(location, what) if re.fullmatch(r"\s*\$\{\w+\}\s*", location) else location
    if "://" in text:
        parts = urlsplit(text)
        try:
            port = parts.port
        except ValueError as error:
            raise BadInput(f"{what}: the port is not a number") from error
        given = {
            "host": unquote(parts.hostname or ""),
            "port": str(port or ""),
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "database": unquote(parts.path.lstrip("/")),
            **dict(parse_qsl(parts.query)),
        }
    else:
        given = {key.lower(): single or double or plain for key, single, double, plain in _SETTING.findall(text)}
        rest = _SETTING.sub("", text).strip()
        if rest or not given:
            raise BadInput(f"{what}: expected host=... user=... password=${{NAME}} database=..., or a URL mysql://...")
    settings = {_NAMES.get(key, key): value for key, value in given.items() if value}
    for key in settings:
        if key not in _KNOWN:
            raise BadInput(f"{what}: unknown setting {key}{suggestion(key, _KNOWN)}")
    return {key: expanded(value, what) for key, value in settings.items()}
