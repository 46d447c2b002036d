"""Files that lie where those of a source lie and are not read: of another format, or with a name in other capitals."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase
from pathlib import Path

from shopper.load.sources import FileSource, alternatives, is_hidden, path_of


def passed_over(source: FileSource, folder: Path, paths: Collection[Path]) -> tuple[str, ...]:
    """The paths of such files beside the files of a source, sorted. `folder` is that of the mapping file.

    Of a folder, all files that are not hidden; of a glob, those that its last part matches but for capitals; none of a
    source of one file.
    """
    whole = path_of(source, folder)
    if whole in paths:
        return ()
    names = [] if whole.is_dir() else [Path(one).name.lower() for one in alternatives(str(whole))]
    beside = {file for home in {path.parent for path in paths} for file in home.iterdir()} - set(paths)
    matching = (file for file in beside if not names or any(fnmatchcase(file.name.lower(), name) for name in names))
    return tuple(sorted(str(file) for file in matching if file.is_file() and not is_hidden(file)))
