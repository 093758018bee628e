"""The cache of encoded corpora, keyed by the text's content and the reading settings, not by its path.

    FASTW2V_CACHE_DIR    the cache directory; default: `fastw2v/corpora` in the user's cache directory
    FASTW2V_CACHE_SIZE   the size limit, such as 20GB; least recently used entries are evicted first

A corpus in the cache is a directory as `store` describes; its name is the key.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fastw2v.corpus import store
from fastw2v.corpus.snapshot import Snapshot
from fastw2v.errors import DataError, UsageError
from fastw2v.files.locks import locked
from fastw2v.files.user_cache import user_cache
from fastw2v.messages.callers import by_caller
from fastw2v.settings import READING, Settings
from fastw2v.text import TextCorpus, parse_limit, tokenise
from fastw2v.text.sources import reads_as

logger = logging.getLogger(__name__)

FOLDER_SETTING, SIZE_SETTING = "FASTW2V_CACHE_DIR", "FASTW2V_CACHE_SIZE"
DEFAULT_SIZE = "20GB"
# Part of the cache key. Increment it whenever the way text is split into documents changes.
_READER_VERSION = 3


@dataclass(frozen=True)
class Entry:
    """A corpus in the cache: its key, the name of its text, tokens, bytes on disk, and when it was last used."""

    key: str
    name: str
    tokens: int
    size: int
    used: float


class Cache:
    """The encoded corpora in the cache directory.

    say: called with a message whenever an entry is created, reused or evicted.

    Raises:
        UsageError: FASTW2V_CACHE_SIZE is not a size, or the cache directory cannot be determined.
    """

    def __init__(self, say: Callable[[str], None] = lambda _: None) -> None:
        self.folder = cache_folder()
        self.most = _most()
        self._say = say

    def get(
        self, corpus: TextCorpus, settings: Settings, snapshot: Snapshot, fill: Callable[[], store.Fill]
    ) -> store.StoredCorpus | None:
        """Return the cached corpus (a cache hit), or encode it now and cache it.

        If the cache cannot be used, log a warning and return None: the caller then reads the text without it.

        Raises:
            DataError: the text cannot be read, or changed while it was read.
        """
        place = self.folder / key_of(settings, snapshot)
        try:
            found = self._found(place)
            if found is not None:
                return found
            self.folder.mkdir(parents=True, exist_ok=True)
            # If several runs need the same text, the first encodes it; the others wait for the lock, then reuse it.
            with locked(self.folder / f".{place.name}.turn", "encodes the same text", wait=True):
                return self._found(place) or self._made(place, fill)
        except (store.StorageError, UsageError) as error:  # UsageError: other files are in the way
            _warn(str(error).rstrip("."))
        except OSError as error:
            _warn(f"Cannot write {place}: {error.strerror or error}")
        return None

    def _made(self, place: Path, fill: Callable[[], store.Fill]) -> store.StoredCorpus:
        """Encode the corpus into the cache, then evict old entries."""
        made = store.write(place, fill(), overwrite=True, wait=True)
        self._say(f"Encoded text is kept for the next run ({place}); fastw2v cache list shows all of it.")
        try:
            self._make_room(keep=place.name)
        except OSError as error:
            self._say(f"No room can be made in the cache: {error}.")
        return made

    def _found(self, place: Path) -> store.StoredCorpus | None:
        """Open the cached corpus; if there is none, or it cannot be used and is removed, return None."""
        if not place.exists():
            return None
        try:
            found = store.open_corpus(place)
        except (DataError, OSError) as error:
            self._say(f"{error} It is encoded again.")
        except UsageError:
            # The directory exists but holds no corpus.
            pass
        else:
            with contextlib.suppress(OSError):
                os.utime(place)
            self._say(f"Text encoded before is used again ({place}).")
            return found
        self._remove(place)
        return None

    def entries(self) -> list[Entry]:
        """Return the cache's entries, least recently used first."""
        found = [_entry(place) for place in self.folder.iterdir()] if self.folder.is_dir() else []
        return sorted((entry for entry in found if entry is not None), key=lambda entry: entry.used)

    def clear(self, entries: Iterable[Entry]) -> int:
        """Remove these entries; return the number of bytes freed."""
        freed = 0
        for entry in entries:
            self._remove(self.folder / entry.key)
            freed += entry.size
        self._sweep()
        return freed

    def _make_room(self, keep: str) -> None:
        self._sweep()
        entries = self.entries()
        total = sum(entry.size for entry in entries)
        for entry in entries:
            if total > self.most and entry.key != keep:
                self._remove(self.folder / entry.key)
                self._say(f"{entry.name} leaves the cache, which may take {self.most:,} bytes ({SIZE_SETTING}).")
                total -= entry.size
            elif entry.key == keep and entry.size > self.most:
                self._say(
                    f"{entry.name} alone takes {entry.size:,} bytes, and the cache may take {self.most:,} "
                    f"({SIZE_SETTING}): it leaves when other text is encoded; fastw2v cache clear removes it now."
                )

    def _remove(self, place: Path) -> None:
        # Rename it before deleting: if the deletion is interrupted, the rest is not taken for a corpus, and the next
        # write to this entry removes it. A process that has the files memory-mapped can go on using them.
        with contextlib.suppress(OSError):
            going = store.beside(place, "removed")
            shutil.rmtree(going, ignore_errors=True)
            place.rename(going)
            shutil.rmtree(going, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove temporary files of killed runs."""
        for key in {path.name.split(".")[1] for path in self.folder.glob(".*.*")}:
            place = self.folder / key
            with contextlib.suppress(DataError, OSError), locked(store.beside(place, "lock"), "encodes"):
                store.remove_leftovers(place)


def usual_cache(say: Callable[[str], None]) -> Cache | None:
    """Return the cache for training; without a cache directory (no home, none set), log a warning and return None."""
    try:
        cache_folder()
    except UsageError as error:
        _warn(str(error.__cause__).rstrip("."))
        return None
    return Cache(say)


def cache_folder() -> Path:
    """Return the folder of the cache.

    Raises:
        UsageError: the user's cache directory cannot be determined, and FASTW2V_CACHE_DIR is not set.
    """
    chosen = os.environ.get(FOLDER_SETTING)
    try:
        return Path(chosen) if chosen else user_cache() / "fastw2v" / "corpora"
    except RuntimeError as error:
        raise UsageError(f"No folder for the cache: {error}. Set {FOLDER_SETTING}, or use {_without()}.") from error


def key_of(settings: Settings, snapshot: Snapshot) -> str:
    """Return the cache key: a hash of the text's content, the reading settings and the format versions."""
    how = [getattr(settings, name) for name in READING]
    what = [(file.sha256, reads_as(file.path)) for file in snapshot.files]
    whole = [store.FORMAT_VERSION, _READER_VERSION, tokenise.VERSION, unicodedata.unidata_version, how, what]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:32]


def _warn(problem: str) -> None:
    logger.warning(
        "encoded text is not kept (%s): the text is read into memory; %s can name another folder",
        *(problem, FOLDER_SETTING),
    )


def _entry(place: Path) -> Entry | None:
    # Names that begin with a dot: entries being written or removed, and locks.
    if place.name.startswith(".") or not store.holds_corpus(place):
        return None
    try:
        manifest = store.read_manifest(place / store.MANIFEST)
        size = sum(file.stat().st_size for file in place.iterdir())
        return Entry(place.name, str(manifest["text"].get("name")), manifest["tokens"], size, place.stat().st_mtime)
    except (DataError, OSError):
        return None


def _without() -> str:
    return by_caller("--no-cache", "cache=None")


def _most() -> int:
    text = os.environ.get(SIZE_SETTING) or DEFAULT_SIZE
    try:
        size = parse_limit(text).bytes
    except UsageError:
        size = None
    if size is None:
        raise UsageError(f"{SIZE_SETTING} must be a size in B, kB, MB or GB. Got {text!r}; {DEFAULT_SIZE} works.")
    return size
