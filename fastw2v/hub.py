"""Public text from the Hugging Face hub: which file, fetched from where, verified how.

`huggingface_hub` makes the requests and goes on after a break inside one call. Since its version 1 it throws away
what arrived when the process ends, so the part that arrived is kept here, beside the file, and the next call goes on
from it. A file gets its name only after its size and SHA-256 are those the hub gives for it. Imports `errors` and
`atomic` only, and `huggingface_hub` when something must be fetched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

from fastw2v import __version__
from fastw2v.atomic import write_atomically
from fastw2v.errors import DataError, UsageError
from fastw2v.extras import load

# What huggingface_hub makes requests with: requests before its version 1, httpx and its successors since.
_HTTP_LIBRARIES = ("requests", "httpx", "httpx2")
_INSTEAD = "Without a download, `fastw2v train` without a corpus trains on the built-in stories."
_CALLER = {"library_name": "fastw2v", "library_version": __version__}
_KEPT = "What arrived is kept: the same command goes on from there."

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Dataset:
    """Text files of one dataset on the hub, pinned to a commit: everybody gets the same bytes."""

    repository: str
    commit: str
    files: Mapping[str, str]
    licence: str
    licence_url: str


DATASETS = {
    # Eldan and Li (2023), the second version: the stories written by GPT-4 only.
    "tinystories": Dataset(
        repository="roneneldan/TinyStories",
        commit="f54c09fd23315a6f9c86f9dc80f725de7d8f9c64",
        files={"train": "TinyStoriesV2-GPT4-train.txt", "valid": "TinyStoriesV2-GPT4-valid.txt"},
        licence="CDLA-Sharing-1.0",
        licence_url="https://cdla.dev/sharing-1-0/",
    )
}


@dataclass(frozen=True)
class Record:
    """Where a file came from; kept beside it, as FILE.source.json."""

    repository: str
    commit: str
    file: str
    size: int
    sha256: str
    licence: str
    licence_url: str


@dataclass(frozen=True)
class Fetched:
    """A verified file on this machine; `already_there` when nothing had to be fetched."""

    path: Path
    record: Record
    already_there: bool


def fetch(name: str, split: str = "train", directory: str | Path = ".", *, endpoint: str | None = None) -> Fetched:
    """Fetch a file of `DATASETS[name]` into `directory`, or verify the one that is there.

    Args:
        name: a key of `DATASETS`.
        split: a key of the dataset's `files`.
        directory: made where it does not exist.
        endpoint: address of the hub; without it HF_ENDPOINT, else huggingface.co.

    Raises:
        UsageError: there is no such dataset or split.
        MissingExtraError: huggingface_hub is needed and not installed.
        DataError: the hub cannot be reached or refuses, the transfer broke off or stalled, the disk is full, or the
            bytes are not those that the hub announced. No file of that name is left by a failure.
    """
    dataset = _one_of(DATASETS, name, "dataset")
    file = _one_of(dataset.files, split, "split")
    path = Path(directory) / file
    if path.parent.exists() and not path.parent.is_dir():
        raise UsageError(f"{directory} is not a directory; give another --output.")
    known = _known(path, dataset)
    if known is not None:
        _verify(path, known)
        return Fetched(path, known, already_there=True)
    with _quiet_library():
        url, record = _ask(dataset, file, endpoint)
        already_there = path.exists()
        if already_there:
            _verify(path, record)
        else:
            _download(url, path, record)
    text = json.dumps(asdict(record), indent=2) + "\n"
    write_atomically(_record_path(path), lambda out: out.write(text.encode()))
    return Fetched(path, record, already_there)


def _one_of(values: Mapping[str, _Value], name: str, what: str) -> _Value:
    if name not in values:
        raise UsageError(f"{what} must be one of {', '.join(values)}. Got {name!r}.")
    return values[name]


# ------------------------------------------------------------------------------------------------ what is there already


def _record_path(path: Path) -> Path:
    return path.with_name(path.name + ".source.json")


def _known(path: Path, dataset: Dataset) -> Record | None:
    """Return the record of a file that is there, if it is of the commit wanted."""
    if not path.exists():
        return None
    try:
        record = Record(**json.loads(_record_path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    wanted = (record.commit, record.file) == (dataset.commit, path.name) and isinstance(record.size, int)
    return record if wanted else None


def _verify(path: Path, record: Record) -> None:
    """Raise DataError unless the file, which this call did not fetch, has the size and the SHA-256 wanted."""
    size = path.stat().st_size
    if size != record.size or _sha256(path) != record.sha256:
        raise DataError(
            f"{path} is not {record.file} of {record.repository} as the hub has it ({size:,} bytes here, "
            f"{record.size:,} there, or another SHA-256): move it away, or give another --output."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ------------------------------------------------------------------------------------------------------- the requests


@contextlib.contextmanager
def _quiet_library() -> Iterator[None]:
    """Import huggingface_hub, and silence its warnings: what matters in them is in our one line."""
    # Reading `file_download` imports all that is needed, so that nothing is missing halfway.
    load("huggingface_hub.file_download", "Downloading", "hub")
    logger = logging.getLogger("huggingface_hub")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _ask(dataset: Dataset, file: str, endpoint: str | None) -> tuple[str, Record]:
    """Ask the hub for the file's size and SHA-256; return them with the file's address."""
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url

    url = hf_hub_url(dataset.repository, file, repo_type="dataset", revision=dataset.commit, endpoint=endpoint)
    try:
        # The limit is given here because the function's own default is read when the library is imported.
        metadata = get_hf_file_metadata(url, timeout=constants.HF_HUB_ETAG_TIMEOUT, **_CALLER)
    except Exception as error:
        explained = _explained(error, url, f"{_host(url)} cannot be reached", _INSTEAD)
        if explained is None:
            raise
        raise explained from error
    sha256 = metadata.etag or ""
    # A file in large-file storage has its SHA-256 as etag; TinyStories' files are such.
    if metadata.commit_hash != dataset.commit or metadata.size is None or not re.fullmatch("[0-9a-f]{64}", sha256):
        raise DataError(
            f"{_host(url)} does not answer as a Hugging Face hub does: no commit {dataset.commit[:12]}, size or "
            f"SHA-256 for {file}. Is it a proxy or a login page? {_INSTEAD}"
        )
    return url, Record(
        repository=dataset.repository,
        commit=metadata.commit_hash,
        file=file,
        size=metadata.size,
        sha256=sha256,
        licence=dataset.licence,
        licence_url=dataset.licence_url,
    )


def _download(url: str, path: Path, record: Record) -> None:
    """Fetch the file under another name, verify it, and give it its name."""
    # With the SHA-256 in its name, a part of other bytes is never gone on with.
    part = path.with_name(f"{path.name}.{record.sha256[:12]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as out:
            _lock(out, part)
            _check_space(path.parent, record.size - out.tell())
            _fill(out, url, record)
            os.fsync(out.fileno())
    except OSError as error:
        raise DataError(f"Cannot write {part}: {error.strerror or error}. {_KEPT}") from error
    arrived, sha256 = part.stat().st_size, _sha256(part)
    if (arrived, sha256) != (record.size, record.sha256):
        part.unlink()
        raise DataError(
            f"{record.file} arrived damaged and was removed: {arrived:,} bytes with SHA-256 {sha256[:12]}..., where "
            f"the hub announced {record.size:,} with {record.sha256[:12]}... . Try again."
        )
    part.replace(path)


def _lock(out: BinaryIO, part: Path) -> None:
    """Keep a second process from adding to the same part. The system drops the lock when the process ends."""
    try:
        import fcntl
    except ImportError:
        return  # Windows; there two processes at once are found by the SHA-256
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DataError(f"Another process is fetching {part}: wait for it, or give another --output.") from error
    except OSError:
        return  # a file system without locks; the same


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(f"{folder.resolve()} has {free:,} bytes free, {needed:,} are needed; give another --output.")


def _fill(out: BinaryIO, url: str, record: Record) -> None:
    """Fetch what is missing, going on after every break as long as something arrives in between."""
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers

    # The user's token, if any; the HTTP library drops it where the hub sends us on to another host. A compressed
    # answer would have other sizes and ranges.
    headers = {**build_hf_headers(**_CALLER), "Accept-Encoding": "identity"}
    while (have := out.tell()) < record.size:
        try:
            http_get(
                url,
                out,
                resume_size=have,
                headers=headers,
                expected_size=record.size,
                displayed_filename=record.file,
            )
            # Each part of the file is on its way to the disk before the next is asked for.
            out.flush()
        except Exception as error:
            if _status(error) == 416:
                # The hub has fewer bytes than it announced; this part would never become whole.
                out.truncate(0)
            elif out.tell() > have and _of_the_network(error):
                continue
            broke = f"{_host(url)} broke off after {out.tell():,} of {record.size:,} bytes"
            explained = _explained(error, url, broke, _KEPT)
            if explained is None:
                raise
            raise explained from error


# --------------------------------------------------------------------------------------------------------- the errors


def _host(url: str) -> str:
    return urlsplit(url).netloc or url


def _status(error: Exception) -> int | None:
    """Return the status that the server answered with, if that is what the error is about."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _of_the_network(error: Exception) -> bool:
    """Tell a break of the connection, and a body shorter than announced, from everything else."""
    if _status(error) is not None:
        return False
    # huggingface_hub raises a bare OSError, without a number, for a body of another size than announced.
    numberless = isinstance(error, OSError) and error.errno is None
    return type(error).__module__.partition(".")[0] in _HTTP_LIBRARIES or numberless


def _explained(error: Exception, url: str, broken: str, advice: str) -> DataError | None:
    """Return the error that says in one line what happened; None if it is no error of the hub or the network."""
    from huggingface_hub.utils import OfflineModeIsEnabled

    if isinstance(error, OfflineModeIsEnabled):
        return DataError(f"HF_HUB_OFFLINE is set, so nothing is fetched; unset it. {_INSTEAD}")
    status, file = _status(error), url.rpartition("/")[2]
    if status in (401, 403):
        return DataError(
            f"{_host(url)} refuses {file} ({status}): a token may be missing or wrong (`hf auth login`), or the "
            f"dataset may ask to accept its terms on its page. {_INSTEAD}"
        )
    if status == 404:
        return DataError(f"{_host(url)} has no such file (404): {url}. {_INSTEAD}")
    if status is not None:
        return DataError(f"{_host(url)} answers {status} for {file}; try again later. {_INSTEAD}")
    if _of_the_network(error):
        reason = " ".join(str(error).split()) or type(error).__name__
        return DataError(f"{broken} ({reason}). {advice}")
    return None
