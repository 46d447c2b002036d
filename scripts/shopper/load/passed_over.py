"""Files that lie where those of a source lie and are not read: of another format, or with a name in other capitals."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from shopper.errors import BadInput
from shopper.load.sources import FileSource, alternatives, files_of, has_files, is_hidden, path_of


def passed_over(
    sources: Collection[FileSource], folder: Path, found: Mapping[str, Collection[Path]]
) -> dict[str, tuple[str, ...]]:
    """By source of a mapping, the paths of such files beside its own that no source reads, sorted, for messages.

    folder: that of the mapping file; found: the local files of the sources that are needed now. Of a folder, all files
    that are not hidden; of a glob, those that its last part matches but for capitals; none of a source of one file.
    """
    beside = {source.name: _beside(source, folder, found[source.name]) for source in sources if source.name in found}
    if any(beside.values()):
        read = _read(sources, folder, found)
        beside = {
            name: {file for file in files if os.path.realpath(file) not in read} for name, files in beside.items()
        }
    return {name: tuple(sorted(_shown(file) for file in files)) for name, files in beside.items()}


def _read(sources: Collection[FileSource], folder: Path, found: Mapping[str, Collection[Path]]) -> set[str]:
    """The real paths of the files of all sources."""
    paths = [path for needed in found.values() for path in needed]
    for source in sources:
        if source.name not in found:
            # What another load reads is not passed over. Its variables need not be set now.
            with suppress(BadInput):
                paths += files_of(source, folder)
    return {os.path.realpath(path) for path in paths}


def _beside(source: FileSource, folder: Path, paths: Collection[Path]) -> set[Path]:
    whole = path_of(source, folder)
    if whole in paths:
        return set()
    names = [] if has_files(whole) else [Path(one).name.lower() for one in alternatives(str(whole))]
    own, beside = set(paths), set[Path]()
    for home in {path.parent for path in paths}:
        # A note stops no load: a folder that can't be listed may still have files that can be read by name.
        with suppress(OSError):
            beside |= {
                file
                for file in home.iterdir()
                if file not in own
                and not is_hidden(file)
                and (not names or any(fnmatchcase(file.name.lower(), name) for name in names))
                and file.is_file()
            }
    return beside


def _shown(file: Path) -> str:
    return str(file).encode("utf-8", "replace").decode("utf-8")
