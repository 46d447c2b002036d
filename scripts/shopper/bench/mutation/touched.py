"""Which models a change touches: by their own file, or by a macro that they use."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Final

from shopper.bench.mutation.built import Built
from shopper.errors import BadInput

_USERS: Final = 12
"""At most so many models that use a changed macro: some macros are in every model."""


def touched(built: Built, root: Path, since: str) -> list[str]:
    """Mutated models whose own file differs from that of a commit, then those that use a macro of a file that does.

    Of many users always the same are taken, as good as random. Raises BadInput if there is no such commit.
    """
    changed = _changed(root, since)
    mutated = [model for model in built.models.values() if model.is_mutated]
    own = [model.name for model in mutated if model.path in changed]
    users = [model.name for model in mutated if model.name not in own and built.macro_paths(model.name) & changed]
    return own + sorted(users, key=_digest)[:_USERS]


def _changed(root: Path, since: str) -> set[Path]:
    command = ["git", "-C", str(root), "diff", "--name-only", "--relative", since, "--", "models", "macros"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadInput(f"--changed-since: {done.stderr.strip().splitlines()[0]}")
    return {root / line for line in done.stdout.splitlines()}


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
