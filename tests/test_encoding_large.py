"""Encoding what is large: a line, documents without number, a vocabulary, tokens beyond 32 bits, more than memory.

Each case runs at a small size always, and at full size where slow tests run. Memory is that of a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pairs import pair_arrays

import fastw2v
from fastw2v import Settings
from fastw2v.corpus.vocabulary import Stream
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.training.plan import Plan

ROOT = Path(fastw2v.__file__).parents[1]
MB = 10**6
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from Linux's /proc")
slow = pytest.mark.slow

# Runs in a process of its own; `peak(work)` is what the work takes at its highest moment, beyond what is there before
# it. Compilers, libraries and a first small encoding come before.
PRELUDE = """
import json, sys, threading, time
from pathlib import Path
import numpy as np
from fastw2v import Callback, Settings, Word2Vec
from fastw2v.corpus import reading, store
from fastw2v.corpus.encoder import encode_pieces

folder = Path(sys.argv[1])

def status(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(name))

class Peak(threading.Thread):
    # Pages of mapped files are the system's to drop: those of the process itself are counted.
    def __init__(self):
        super().__init__(daemon=True)
        self.highest, self.ended = 0, False

    def run(self):
        while not self.ended:
            self.highest = max(self.highest, status("RssAnon"))
            time.sleep(0.002)

def peak(work, beyond=True):
    before, thread = status("RssAnon") if beyond else 0, Peak()
    thread.start()
    result = work()
    thread.ended = True
    thread.join()
    return result, max(0, thread.highest - before)

def fill(pieces, **how):
    def filled(sink):
        words, counts = encode_pieces((piece.encode() for piece in pieces), "words", sink, **how)
        return words, counts, {"text": {"documents": "line"}, "max_vocab_size": None}
    return filled

(folder / "first.txt").write_text("a b c d e f g\\n" * 100_000)
reading.encode_text(folder / "first.txt", Settings(), folder / "first")
"""


def figures(folder: Path, script: str, *arguments: Any) -> dict[str, Any]:
    """Run a script after the prelude; return what it prints last."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script, str(folder), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(found)
    return found


def needs_disk(folder: Path, gigabytes: float) -> None:
    free = shutil.disk_usage(folder).free
    if free < gigabytes * 1e9:
        pytest.skip(f"needs {gigabytes} GB of free disk; there are {free / 1e9:.1f}")


# -------------------------------------------------------------------------------------------------------- a long line

LINE = """
size = int(sys.argv[2])
block = " ".join(f"word{number}" for number in range(100_000)).encode() + b" "
with (folder / "line.txt").open("wb") as file:
    for _ in range(size // len(block)):
        file.write(block)
    file.write(b"end\\n")
stored, took = peak(lambda: reading.encode_text(folder / "line.txt", Settings(), folder / "corpus"))
print(json.dumps({
    "peak": took, "documents": stored.corpus.documents, "tokens": stored.corpus.tokens,
    "expected": size // len(block) * 100_000 + 1, "words": len(stored.corpus.items),
    "last": stored.corpus.items[int(stored.corpus.ids[-1])],
}))
"""


@pytest.mark.parametrize("size", [64 * MB, pytest.param(1024 * MB, marks=slow)])
def test_a_single_line_is_one_document_and_is_never_held_whole(size: int, tmp_path: Path) -> None:
    needs_disk(tmp_path, 3 * size / 1e9)
    found = figures(tmp_path, LINE, size)
    assert (found["documents"], found["tokens"]) == (1, found["expected"])
    assert (found["words"], found["last"]) == (100_001, "end")
    # Pieces of a long line have about 4 MB; a scanner's arrays take some times that.
    assert found["peak"] < 100 * MB


# -------------------------------------------------------------------------------------------------- empty documents

EMPTY = """
number = int(sys.argv[2])
with (folder / "empty.txt").open("w") as file:
    for kind in ("\\n", " \\n", "--\\n"):
        for _ in range(10):
            file.write(kind * (number // 30))
    file.write("a b\\n")
stored, took = peak(lambda: reading.encode_text(folder / "empty.txt", Settings(), folder / "corpus"))
print(json.dumps({"peak": took, "offsets": stored.corpus.offsets.tolist(), "words": stored.corpus.items}))
"""


def test_empty_documents_leave_nothing_and_take_nothing(tmp_path: Path) -> None:
    # 20 MB of text. Of a few hundred thousand documents even all that was kept would take less than the bound below.
    found = figures(tmp_path, EMPTY, 10_000_000)
    assert found["offsets"] == [0, 2]
    assert found["words"] == ["a", "b"]
    # A megabyte of line ends is a million texts, for a moment.
    assert found["peak"] < 120 * MB


# ------------------------------------------------------------------------------------------------ a large vocabulary

TYPES = """
number = int(sys.argv[2])
def pieces():
    for low in range(0, number, 50_000):
        yield " ".join(f"w{i}" for i in range(low, min(low + 50_000, number))) + "\\0"
    yield f"w0 w{number - 1}\\0"
stored, took = peak(lambda: store.write(folder / "corpus", fill(pieces())))
opened = store.open_corpus(folder / "corpus").corpus
counts = np.fromfile(folder / "corpus" / "counts.bin", dtype="<i8")
print(json.dumps({
    "peak": took, "words": len(opened.items), "ids": opened.ids.dtype.name, "counts": np.bincount(counts).tolist(),
    "ends": [opened.items[0], opened.items[-1]], "last": opened.ids[-2:].tolist(),
    "named": all(word == f"w{i}" for i, word in enumerate(opened.items)),
}))
"""


@pytest.mark.parametrize("number", [200_000, pytest.param(10_000_000, marks=slow)])
def test_a_vocabulary_of_millions_of_types_is_kept_whole(number: int, tmp_path: Path) -> None:
    found = figures(tmp_path, TYPES, number)
    assert (found["words"], found["ids"]) == (number, "uint32")
    assert found["ends"] == ["w0", f"w{number - 1}"]
    assert found["last"] == [0, number - 1]
    assert found["counts"] == [0, number - 2, 2]
    assert found["named"]
    # Words, hashes, counts and tables, and the words as Python's own, which take most.
    assert found["peak"] < 40 * MB + 400 * number


BOUNDED = """
number, most = int(sys.argv[2]), int(sys.argv[3])
def pieces():
    for low in range(0, number, 50_000):
        yield "often again " * 5_000 + " ".join(f"w{i}" for i in range(low, low + 50_000)) + "\\0"
stored, took = peak(lambda: store.write(folder / "corpus", fill(pieces(), max_vocab_size=most)))
corpus = stored.corpus
print(json.dumps({
    "peak": took, "words": len(corpus.items), "tokens": corpus.tokens,
    "often": [int((corpus.ids == i).sum()) for i in range(2)], "first": corpus.items[:2],
}))
"""


@pytest.mark.parametrize("number", [2_000_000, pytest.param(60_000_000, marks=slow)])
def test_counting_with_a_limit_takes_the_same_memory_for_any_variety_of_words(number: int, tmp_path: Path) -> None:
    needs_disk(tmp_path, number * 20 / 1e9)
    found = figures(tmp_path, BOUNDED, number, 100_000)
    assert found["words"] <= 100_000
    assert found["first"] == ["often", "again"]
    assert found["often"] == [number // 10] * 2
    assert found["tokens"] == number * 6 // 5
    assert found["peak"] < 40 * MB


# --------------------------------------------------------------------------------------------- tokens beyond 32 bits

TOKENS = """
number = int(sys.argv[2])
each = 500_000
piece = "a b " * (each // 2) + "\\0"
def pieces():
    for _ in range(number // each):
        yield piece
    yield "c a\\0"
stored, took = peak(lambda: store.write(folder / "corpus", fill(pieces())))
opened = store.open_corpus(folder / "corpus").corpus
print(json.dumps({
    "peak": took, "tokens": opened.tokens, "dtypes": [opened.ids.dtype.name, opened.offsets.dtype.name],
    "offsets": opened.offsets[-3:].tolist(), "even": bool((np.diff(opened.offsets[:-1]) == each).all()),
    "end": opened.ids[opened.offsets[-2] - 2:].tolist(),
    "counts": np.fromfile(folder / "corpus" / "counts.bin", dtype="<i8").tolist(),
}))
"""


@pytest.mark.parametrize("number", [1_000_000, pytest.param(2**31 // 500_000 * 500_000 + 1_000_000, marks=slow)])
def test_tokens_are_numbered_in_64_bits(number: int, tmp_path: Path) -> None:
    if number > 2**31:
        needs_disk(tmp_path, 25)
    found = figures(tmp_path, TOKENS, number)
    assert found["tokens"] == number + 2
    assert found["dtypes"] == ["uint8", "int64"]
    assert found["offsets"] == [number - 500_000, number, number + 2]
    assert found["even"]
    assert found["end"] == [0, 1, 2, 0]
    assert found["counts"] == [number // 2 + 1, number // 2, 1]
    assert found["peak"] < 100 * MB


def test_windows_beyond_32_bits_are_those_of_the_same_documents_alone() -> None:
    # Documents on both sides of position 2^31, behind a long one: zeros of a file that takes no room.
    lengths = [3, 100, 1, 200, 70, 40]
    before, ends = 2**31 - 150, np.cumsum([0, *lengths])
    settings = Settings(sample=0, shrink_windows=False, noise="per-pair", batch_size=16)
    draws = NumpyDraws(np.arange(1, 51)[::-1].copy(), settings)
    with tempfile.TemporaryFile() as file:
        file.truncate(4 * (before + int(ends[-1])))
        ids = np.memmap(file, dtype=np.int32, mode="r+")
        ids[before:] = np.arange(ends[-1]) % 50
        far = Stream(np.asarray(ids), np.concatenate(([0], before + ends)))
        near = Stream(np.array(ids[before:]), ends)
        found = [*Plan(far, settings, draws).blocks(0, after=before - 1)]
        expected = [*Plan(near, settings, draws).blocks(0)]
    assert sum(map(len, found)) == ends[-1]
    for mine, other in zip(found, expected, strict=True):
        assert mine.positions.tolist() == (before + other.positions).tolist()
        for one, two in zip(pair_arrays(mine)[:2], pair_arrays(other)[:2], strict=True):
            assert one.tolist() == two.tolist()


# ------------------------------------------------------------------------------------------------- more than memory

# Trained until the engine reports for the first time.
MEMORY = """
size, between = int(sys.argv[2]), {"lines": "\\n", "one line": " "}[sys.argv[3]]
random = np.random.default_rng(1)
ids = (20_000 * random.random(600_000) ** 4).astype(int)
words = [f"w{number:x}" for number in range(20_000)]
lines = [" ".join(words[i] for i in part) for part in np.split(ids, 30_000)]
block = (between.join(lines) + between).encode()
with (folder / "text.txt").open("wb") as file:
    for _ in range(max(1, size // len(block))):
        file.write(block)
del block, lines

class Enough(Exception):
    pass

class Stop(Callback):
    def on_progress(self, progress):
        raise Enough

def train(corpus):
    try:
        Word2Vec(vector_size=50, min_count=1, epochs=2).fit(corpus, callbacks=[Stop()])
    except Enough:
        return True
    return False

train(folder / "first")
(folder / "few.txt").write_text(" ".join(words * 5) + "\\n")
reading.encode_text(folder / "few.txt", Settings(), folder / "few")
train(folder / "few")
_, encoding = peak(lambda: reading.encode_text(folder / "text.txt", Settings(), folder / "corpus"), beyond=False)
stopped, training = peak(lambda: train(folder / "corpus"), beyond=False)
print(json.dumps({
    "encoding": encoding, "training": training, "stopped": stopped, "text": (folder / "text.txt").stat().st_size,
    "corpus": sum(path.stat().st_size for path in (folder / "corpus").iterdir()),
}))
"""


@pytest.mark.parametrize("text", ["lines", pytest.param("one line", marks=slow)])
def test_memory_does_not_grow_with_the_corpus(text: str, tmp_path: Path) -> None:
    # With fewer documents than are looked at together (`vocabulary.CHUNK`) it takes less. The first may compile, which
    # takes memory of its own.
    _, few, many = (figures(fresh(tmp_path / str(size)), MEMORY, size * MB, text) for size in (1, 48, 144))
    assert many["text"] > 2.9 * few["text"]
    assert few["stopped"]
    assert many["stopped"]
    for stage in ("encoding", "training"):
        # The streams alone would differ by 64 MB. What the allocator keeps from before differs by up to 15 MB.
        assert abs(many[stage] - few[stage]) < 30 * MB, stage


@slow
def test_a_corpus_of_four_gigabytes_is_encoded_and_trained_in_less_than_one(tmp_path: Path) -> None:
    needs_disk(tmp_path, 20)
    found = figures(tmp_path, MEMORY, 4_000 * MB, "lines")
    assert found["text"] > 3_990 * MB
    assert found["stopped"]
    assert max(found["encoding"], found["training"]) < 1_000 * MB


def fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder
