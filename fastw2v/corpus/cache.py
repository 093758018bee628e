"""The cache of encoded corpora, keyed by the text's content and the reading settings, not by its path.

    FASTW2V_CACHE_DIR    where they lie; default: the user's folder for caches
    FASTW2V_CACHE_SIZE   what they may take together, such as 20GB; the least recently used go first

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
# Raised whenever the division into documents changes.
_READER_VERSION = 2


@dataclass(frozen=True)
class Entry:
    """A corpus in the cache: its key, the name of its text, tokens, bytes on disk, and when it was last used."""

    key: str
    name: str
    tokens: int
    size: int
    used: float


class Cache:
    """The encoded corpora in a folder.

    `say` is told what is made, reused or removed.

    Raises:
        UsageError: FASTW2V_CACHE_SIZE is not a size, or there is no folder for caches.
    """

    def __init__(self, say: Callable[[str], None] = lambda _: None) -> None:
        self.folder = cache_folder()
        self.most = _most()
        self._say = say

    def get(
        self, corpus: TextCorpus, settings: Settings, snapshot: Snapshot, fill: Callable[[], store.Fill]
    ) -> store.StoredCorpus | None:
        """Return the corpus as encoded before; or encode it now and keep it.

        None, and a warning, where it cannot be kept, whatever the reason: the text is to be read without.

        Raises:
            DataError: the text cannot be read, or changed meanwhile.
        """
        place = self.folder / key_of(settings, snapshot)
        try:
            found = self._found(place)
            if found is not None:
                return found
            self.folder.mkdir(parents=True, exist_ok=True)
            # Of several runs on one text the first encodes it; the others wait, and find it.
            with locked(self.folder / f".{place.name}.turn", "encodes the same text", wait=True):
                return self._found(place) or self._made(place, fill)
        except (store.StorageError, UsageError) as error:  # UsageError: files of somebody else's lie there
            _warn(str(error).rstrip("."))
        except OSError as error:
            _warn(f"Cannot write {place}: {error.strerror or error}")
        return None

    def _made(self, place: Path, fill: Callable[[], store.Fill]) -> store.StoredCorpus:
        """Encode it."""
        made = store.write(place, fill(), overwrite=True, wait=True)
        self._say(f"Encoded text is kept for the next run ({place}); fastw2v cache list shows all of it.")
        try:
            self._make_room(keep=place.name)
        except OSError as error:
            self._say(f"No room can be made in the cache: {error}.")
        return made

    def _found(self, place: Path) -> store.StoredCorpus | None:
        """Open what lies there; None, and nothing lies there, if it cannot be used."""
        if not place.exists():
            return None
        try:
            found = store.open_corpus(place)
        except (DataError, OSError) as error:
            self._say(f"{error} It is encoded again.")
        except UsageError:
            # Some files are there, and no corpus.
            pass
        else:
            with contextlib.suppress(OSError):
                os.utime(place)
            self._say(f"Text encoded before is used again ({place}).")
            return found
        self._remove(place)
        return None

    def entries(self) -> list[Entry]:
        """Return what is kept, least recently used first."""
        found = [_entry(place) for place in self.folder.iterdir()] if self.folder.is_dir() else []
        return sorted((entry for entry in found if entry is not None), key=lambda entry: entry.used)

    def clear(self, entries: Iterable[Entry]) -> int:
        """Remove these; return how many bytes that frees."""
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
        # Under another name first: what is left of a removal cut short is no corpus, and goes when the next one is
        # written there. A run that has it mapped goes on.
        with contextlib.suppress(OSError):
            going = store.beside(place, "removed")
            shutil.rmtree(going, ignore_errors=True)
            place.rename(going)
            shutil.rmtree(going, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what killed runs left."""
        for key in {path.name.split(".")[1] for path in self.folder.glob(".*.*")}:
            place = self.folder / key
            with contextlib.suppress(DataError, OSError), locked(store.beside(place, "lock"), "encodes"):
                store.remove_leftovers(place)


def usual_cache(say: Callable[[str], None]) -> Cache | None:
    """Return the cache, for training; None, and a warning, where there is no folder for it and none was chosen."""
    try:
        cache_folder()
    except UsageError as error:
        _warn(str(error.__cause__).rstrip("."))
        return None
    return Cache(say)


def cache_folder() -> Path:
    """Return the folder of the cache.

    Raises:
        UsageError: there is none.
    """
    chosen = os.environ.get(FOLDER_SETTING)
    try:
        return Path(chosen) if chosen else user_cache() / "fastw2v" / "corpora"
    except RuntimeError as error:
        raise UsageError(f"No folder for the cache: {error}. Set {FOLDER_SETTING}, or use {_without()}.") from error


def key_of(settings: Settings, snapshot: Snapshot) -> str:
    """Return a name for what the text holds and how it is read."""
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
    # Names with a dot: what is being written or removed.
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
