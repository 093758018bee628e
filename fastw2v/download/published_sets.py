"""Published evaluation sets: their addresses and checksums.

They are the copies among gensim's test data, whose SHA-256 sums also stand in gensim 4.4.0's wheel (its RECORD on
PyPI). The standard library makes the requests: no extra is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from fastw2v.download.fetching import KEPT, Fetched, Record, download, known, one_of, place, verify, write_record
from fastw2v.errors import DataError, UsageError
from fastw2v.version import __version__

_REPOSITORY, _TAG = "piskvorky/gensim", "4.4.0"
ADDRESS = f"https://raw.githubusercontent.com/{_REPOSITORY}/{_TAG}/gensim/test/test_data"
_INSTEAD = "Without a download, `fastw2v evaluate` takes files of your own."
_SECONDS = 20.0
_PIECE = 65_536

SETS = {
    # Finkelstein et al. 2002, "Placing Search in Context: The Concept Revisited".
    "wordsim353": Record(
        repository=_REPOSITORY,
        commit=_TAG,
        file="wordsim353.tsv",
        size=7_186,
        sha256="f92a022fc2537793a15bc3a8c162ebcd74990e033a228bb6388cb71e4c0b1e1d",
        licence="CC-BY-4.0",
        licence_url="https://gabrilovich.com/resources/data/wordsim353/wordsim353.html",
    ),
    # Hill, Reichart and Korhonen 2015, "SimLex-999: Evaluating Semantic Models with (Genuine) Similarity Estimation".
    "simlex999": Record(
        repository=_REPOSITORY,
        commit=_TAG,
        file="simlex999.txt",
        size=18_126,
        sha256="d5e0501971478a511430ee880bd0121e94ac701ba86d90544d83e6d2ba3db05d",
        licence="none stated; its authors ask to cite Hill, Reichart and Korhonen 2015",
        licence_url="https://fh295.github.io/simlex.html",
    ),
    # Mikolov et al. 2013, "Efficient Estimation of Word Representations in Vector Space".
    "google-analogies": Record(
        repository=_REPOSITORY,
        commit=_TAG,
        file="questions-words.txt",
        size=603_955,
        sha256="8c29b3332afc46f3fb8be04cb5297bf96f39aa7131272dff57869b4485b22a36",
        licence="Apache-2.0",
        licence_url="https://code.google.com/archive/p/word2vec/",
    ),
}


def fetch(name: str, directory: str | Path = ".", *, address: str | None = None) -> Fetched:
    """Fetch the file of `SETS[name]` into `directory`, or verify the one that is there.

    Args:
        name: a key of `SETS`.
        directory: made where it does not exist.
        address: of the folder that the file is in; by default ADDRESS.

    Raises:
        UsageError: there is no such set, or `directory` is something else.
        DataError: the host cannot be reached or refuses, the transfer broke off or stalled, the disk is full, or the
            bytes are not those published. No file of that name is left by a failure.
    """
    record = one_of(SETS, name, "dataset")
    path = place(directory, record.file)
    already_there = path.exists()
    if already_there:
        verify(path, record)
    else:
        url = f"{address or ADDRESS}/{record.file}"
        download(path, record, lambda out: _fill(out, url, record))
    if known(path, record.commit) != record:
        write_record(path, record)
    return Fetched(path, record, already_there)


def located(path: Path) -> Path:
    """Return a path; where nothing lies there and it is a set's name, that of the set's file in the same folder.

    Raises:
        UsageError: the set was not fetched.
    """
    record = SETS.get(path.name)
    if record is None or path.exists():
        return path
    file = path.with_name(record.file)
    if not file.exists():
        raise UsageError(f"{path} is not here; `fastw2v download {path.name}` fetches {record.file}.")
    return file


def _fill(out: BinaryIO, url: str, record: Record) -> None:
    """Add what is missing, going on after every break as long as something arrives in between."""
    # Imported here: the names of the sets are looked at by all who read sets.
    from http.client import HTTPException
    from ssl import SSLError
    from urllib.error import HTTPError, URLError

    while (have := out.tell()) < record.size:
        try:
            _receive(out, url, record.size)
        except HTTPError as error:
            error.close()
            if error.code == 416:  # there are fewer bytes than published; this part would never become whole
                _empty(out)
            raise DataError(f"{_host(url)} answers {error.code} for {url}; try again later. {_INSTEAD}") from error
        except (URLError, HTTPException, TimeoutError, ConnectionError, SSLError) as error:
            if out.tell() <= have:
                reason = " ".join(str(getattr(error, "reason", error)).split()) or type(error).__name__
                advice = KEPT if out.tell() else _INSTEAD
                raise DataError(f"{_broke(out, url, record)} ({reason}). {advice}") from error
        else:
            if out.tell() <= have:
                raise DataError(f"{_broke(out, url, record)} (no more arrives). {KEPT}")


def _receive(out: BinaryIO, url: str, size: int) -> None:
    """Append what the host sends from the end of `out` on, at most one byte more than there should be."""
    from urllib.request import Request, urlopen

    have = out.tell()
    headers = {"User-Agent": f"fastw2v/{__version__}", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    request = Request(url, headers=headers)
    with urlopen(request, timeout=_SECONDS) as answer:
        if have and answer.status != 206:  # a host without ranges sends all of it
            _empty(out)
        while out.tell() <= size and (piece := answer.read1(min(_PIECE, size + 1 - out.tell()))):
            out.write(piece)
            out.flush()


def _empty(out: BinaryIO) -> None:
    out.seek(0)
    out.truncate()


def _broke(out: BinaryIO, url: str, record: Record) -> str:
    if out.tell() == 0:
        return f"{_host(url)} cannot be reached"
    return f"{_host(url)} broke off after {out.tell():,} of {record.size:,} bytes"


def _host(url: str) -> str:
    return urlsplit(url).netloc or url
