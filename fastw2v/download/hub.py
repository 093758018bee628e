"""Text from the Hugging Face hub: which file, at which commit, verified by checksum.

`huggingface_hub` makes the requests and goes on after a break inside one call. Since its version 1 it throws away what
arrived when the process ends, so the part that arrived is kept here, beside the file, and the next call goes on from
it. A file gets its name only after its size and SHA-256 are those the hub gives for it.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from fastw2v.download.fetching import KEPT, Fetched, Record, download, known, one_of, place, verify, write_record
from fastw2v.errors import DataError
from fastw2v.system.optional import load
from fastw2v.version import __version__

# What huggingface_hub makes requests with: requests before its version 1, httpx and its successors since.
_HTTP_LIBRARIES = ("requests", "httpx", "httpx2")
_INSTEAD = "Without a download, `fastw2v train` without a corpus trains on the built-in stories."
_CALLER = {"library_name": "fastw2v", "library_version": __version__}


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
    dataset = one_of(DATASETS, name, "dataset")
    file = one_of(dataset.files, split, "split")
    path = place(directory, file)
    before = known(path, dataset.commit)
    if before is not None:
        verify(path, before)
        return Fetched(path, before, already_there=True)
    with _quiet_library():
        url, record = _ask(dataset, file, endpoint)
        already_there = path.exists()
        if already_there:
            verify(path, record)
        else:
            download(path, record, lambda out: _fill(out, url, record))
    write_record(path, record)
    return Fetched(path, record, already_there)


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
            explained = _explained(error, url, broke, KEPT)
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
