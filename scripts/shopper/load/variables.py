"""Environment variables in a mapping: paths and connections may contain ${NAME}, so that secrets stay out of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from shopper.errors import BadInput, do_not_show

VARIABLE = re.compile(r"\$\{(\w+)\}")


def expanded(text: str, what: str) -> str:
    """Replace ${NAME} by environment variables. `what` names the text in messages.

    Raises BadInput for a variable that is not set.
    """
    return VARIABLE.sub(lambda match: variable(match.group(1), what), text)


def variable(name: str, what: str) -> str:
    """The value of an environment variable. Raises BadInput if it is not set, or empty."""
    if not os.environ.get(name):
        raise BadInput(f"{what} needs the environment variable {name}, which is not set")
    do_not_show(os.environ[name], name)
    return os.environ[name]


def values_of(text: str, what: str) -> tuple[str, ...]:
    """The values of all variables in a text, which messages must not show. Raises BadInput as `expanded`."""
    return tuple(variable(name, what) for name in VARIABLE.findall(text))


def home_expanded(path: str) -> Path:
    """The path with `~` replaced. Raises BadInput for the home folder of a user that does not exist."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise BadInput(f"{path}: {error}") from error


def hidden(text: str, secrets: tuple[str, ...]) -> str:
    """The text with secrets removed."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret.replace("'", "''"), "***").replace(secret, "***")
    return text
