"""One writer at a time, by an advisory file lock. The operating system releases it when the holder ends or crashes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from shopper.errors import Locked, not_written

# Locks of this process that its own nested calls may take as well.
_LENT: set[Path] = set()


@contextmanager
def exclusive(path: Path, doing: str, *, lent: bool = False) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. `doing` is shown to other processes that want the lock.

    With `lent`, nested calls in this process may take the lock too, such as the load inside a run.

    Raises Locked with the holder if another process has the lock, BadInput if the folder is not writable,
    CheckFailed if there is no room.
    """
    path = path.absolute()
    if path in _LENT:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise not_written(path.parent, error) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "another process"
            raise Locked(f"{path}: held by {holder}; this run ({doing}) changed nothing, try again later") from None
        handle.truncate(0)
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        handle.write(f"process {os.getpid()} ({doing}) since {since}")
        handle.flush()
        if lent:
            _LENT.add(path)
        try:
            yield
        finally:
            _LENT.discard(path)


def warehouse_lock(warehouse: Path, doing: str, *, lent: bool = False) -> AbstractContextManager[None]:
    """The lock for writing the working file `warehouse`. Raises the errors of `exclusive`."""
    return exclusive(warehouse.with_name(warehouse.name + ".lock"), doing, lent=lent)


def publish_lock(folder: Path, doing: str) -> AbstractContextManager[None]:
    """The lock for changing the published data in `folder`. Raises the errors of `exclusive`."""
    return exclusive(folder / ".publish.lock", doing)
