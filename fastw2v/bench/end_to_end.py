"""Wall time from raw text to saved vectors, of whole subprocesses, with the text outside the page cache.

Ours is `fastw2v train`, gensim's is `gensim_program`; both get the same text, and the same settings in a file. The
programs themselves are warm, as is the cache of compiled kernels, but no text was encoded before: what anyone's first
run on a text meets.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from fastw2v.bench.programs import output_of
from fastw2v.bench.results import Timing
from fastw2v.corpus.cache import FOLDER_SETTING
from fastw2v.settings import Settings
from fastw2v.text.sources import find_sources


def ours(raw: Sequence[Path], settings: Settings, folder: Path) -> Timing:
    """Time `fastw2v train` on these texts; what it saves lies below `folder` while it runs."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        config, output = _config(place, settings), str(Path(place, "model"))
        command = ["fastw2v", "train", "--json", "--config", config, "--output", output]
        seconds, printed = _timed(command, raw, {FOLDER_SETTING: str(Path(place, "cache"))})
    return Timing(seconds, compile_seconds=float(json.loads(printed)["compile_seconds"]))


def gensims(raw: Sequence[Path], settings: Settings, folder: Path) -> Timing:
    """Time gensim in the same way."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        config, output = _config(place, settings), str(Path(place, "model"))
        return Timing(_timed(["fastw2v.bench.gensim_program", config, output], raw)[0])


def drop_from_cache(raw: Sequence[Path]) -> bool:
    """Ask the system to forget these texts; return whether they are then known not to be in memory.

    Needs no privilege, but Linux and a file system on a disk.
    """
    dropped = [_drop(source.path) for source in find_sources(raw) if source.path]
    return all(dropped)


def _config(place: str, settings: Settings) -> str:
    path = Path(place, "settings.json")
    path.write_text(json.dumps(settings.as_dict()), encoding="utf-8")
    return str(path)


def _timed(command: Sequence[str], raw: Sequence[Path], more: Mapping[str, str] | None = None) -> tuple[float, str]:
    """Run `python -m COMMAND RAW...` with the texts out of the cache; return wall seconds, and what it printed.

    more: as in `output_of`.
    """
    drop_from_cache(raw)
    begun = time.perf_counter()
    printed = output_of(f"python -m {command[0]}", [sys.executable, "-m", *command, *map(str, raw)], more)
    return time.perf_counter() - begun, printed


def _drop(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # only pages that are on the disk are dropped
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.preadv(descriptor, [bytearray(1)], 0, os.RWF_NOWAIT)
    except BlockingIOError:  # the read would have to wait for the disk
        return True
    except (AttributeError, OSError):  # no such call on this system, or for this file system
        return False
    finally:
        os.close(descriptor)
    return False
