"""Files in object storage: `s3://bucket/path`. An object is known by its entity tag, so one that did not change is not
fetched again; what is needed is fetched into the scratch folder and read there.

Credentials and region are those of the usual variables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
AWS_REGION, AWS_ENDPOINT_URL), else of the machine's role.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from shopper.errors import BadInput
from shopper.load.deliveries import DeliveredFile, Delivery, ReadSource, each_once
from shopper.load.row_keys import place_of_name
from shopper.load.sources import FileSource, alternatives, format_of
from shopper.load.variables import expanded, hidden

SCHEME = "s3://"
_WILD = frozenset("*?[")
_SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


def is_remote(source: FileSource) -> bool:
    """Whether the files of a source are in object storage. Raises BadInput for a variable that is not set."""
    return _address(source).startswith(SCHEME)


def delivery_of_objects(source: FileSource) -> Delivery:
    """The objects of a source, with their entity tags as digests.

    Raises BadInput if there is none, if one is empty, and for a store that refuses.
    """
    bucket, pattern = _split(source)
    with _errors(source):
        store = _store(bucket)
        found = [meta for one in alternatives(pattern) for meta in _listed(store, source, one)]
    listed = []
    for meta in sorted({meta["path"]: meta for meta in found}.values(), key=lambda meta: place_of_name(meta["path"])):
        name = f"{SCHEME}{bucket}/{meta['path']}"
        if meta["size"] == 0:
            raise BadInput(f"source {source.name}: {name} is empty (0 bytes)")
        digest = f"{meta['e_tag'] or meta['last_modified'].isoformat()} {meta['size']}"
        listed.append(DeliveredFile(name, digest, meta["size"], 0))
    files, repeated = each_once(source, listed)
    if not files:
        raise BadInput(f"source {source.name}: no object {SCHEME}{bucket}/{pattern}")
    return Delivery(source.name, files, repeated)


def read_objects(
    source: FileSource, delivery: Delivery, folder: Path, read: Callable[[FileSource, Delivery], ReadSource]
) -> tuple[ReadSource, dict[str, str]]:
    """Fetch the objects of a delivery into `folder` and read them with `read`. The result and all messages name the
    objects; the second value is the name of each object by the path of its copy.

    Raises BadInput for an object that changed since it was listed, and as `read` does.
    """
    copies = _fetched(source, delivery, folder)
    names = {str(path): name for name, path in copies.items()}
    local = tuple(replace(file, name=str(copies[file.name])) for file in delivery.files)
    try:
        result = read(source, replace(delivery, files=local))
    except BadInput as error:
        raise BadInput(_named(str(error), names)) from error
    by_file = tuple(replace(file, file=names[file.file]) for file in result.by_file)
    return replace(result, delivery=delivery, by_file=by_file), names


def _fetched(source: FileSource, delivery: Delivery, folder: Path) -> dict[str, Path]:
    import obstore

    bucket, _pattern = _split(source)
    copies = {}
    with _errors(source):
        store = _store(bucket)
        for number, file in enumerate(delivery.files):
            key = file.name.removeprefix(f"{SCHEME}{bucket}/")
            path = folder / source.name / str(number) / key.rpartition("/")[2]
            path.parent.mkdir(parents=True)
            answer = obstore.get(store, key)
            with path.open("wb") as out:
                for block in answer:
                    out.write(block)
            tag = f"{answer.meta['e_tag'] or answer.meta['last_modified'].isoformat()} {path.stat().st_size}"
            if tag != file.digest:
                raise BadInput(f"source {source.name}: {file.name} changed while it was read; load it again")
            copies[file.name] = path
    return copies


def _address(source: FileSource) -> str:
    return expanded(source.path, f"source {source.name}: the path {source.path}")


def _split(source: FileSource) -> tuple[str, str]:
    """The bucket and the path or glob in it."""
    bucket, _, pattern = _address(source).removeprefix(SCHEME).partition("/")
    if not bucket or not pattern:
        raise BadInput(f"source {source.name}: expected a path such as {SCHEME}bucket/orders*.csv")
    return bucket, pattern


def _store(bucket: str) -> Any:
    """The bucket, with the settings of the environment."""
    from obstore.store import S3Store  # here, since only loads from object storage need it

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    settings: dict[str, Any] = {"region": region, "retry_config": _RETRIES}
    if endpoint:
        settings |= {"endpoint": endpoint, "virtual_hosted_style_request": False}
        settings |= {"client_options": {"allow_http": endpoint.startswith("http://")}}
    return S3Store(bucket, **settings)


def _listed(store: Any, source: FileSource, pattern: str) -> Iterator[Mapping[str, Any]]:
    """The objects that are the path, lie in it as a folder, or match it as a glob. Hidden ones belong to no folder or
    glob.
    """
    import obstore

    parts = pattern.split("/")
    fixed = next((number for number, part in enumerate(parts) if _WILD & set(part)), len(parts))
    prefix = "/".join(parts[: min(fixed, len(parts) - 1)])
    listed = [meta for batch in obstore.list(store, prefix=prefix or None) for meta in batch]
    exact = [meta for meta in listed if meta["path"] == pattern]
    if exact:
        yield from exact
        return
    for meta in listed:
        path = str(meta["path"]).split("/")
        in_folder = path[:-1] == pattern.rstrip("/").split("/") and format_of(path[-1]) == source.format
        if (in_folder or _matches(path, parts)) and not path[-1].startswith((".", "~$")):
            yield meta


def _matches(path: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return _matches(path, pattern[1:]) or (bool(path) and _matches(path[1:], pattern))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _matches(path[1:], pattern[1:])


@contextmanager
def _errors(source: FileSource) -> Iterator[None]:
    """Errors of the store as BadInput in one sentence, without secrets."""
    try:
        from obstore.exceptions import BaseError
    except ImportError as error:
        raise BadInput(f"source {source.name}: reading {SCHEME} needs a package: pip install obstore") from error
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        secrets = tuple(os.environ[name] for name in _SECRETS if os.environ.get(name))
        text = " ".join(str(error).split("\n\nDebug source")[0].split())
        raise BadInput(f"source {source.name}: {_address(source)}: {hidden(text, secrets)}") from None


def _named(text: str, names: Mapping[str, str]) -> str:
    for path, name in names.items():
        text = text.replace(path, name)
    return text
