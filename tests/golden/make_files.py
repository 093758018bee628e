"""Writes version-1/: a file of every kind that this version writes, and two kinds as other programs write them.

    model/                    a model directory
    corpus/                   an encoded corpus
    run/checkpoints/          a checkpoint
    vectors.txt, .bin, .glove vectors in other programs' formats
    gensim.txt, gensim.bin    the same vectors, written by gensim; left as they are where it is not installed
    word2vec-c.bin            the same, laid out by hand as word2vec.c does: "</s>" first, line breaks after vectors

Later versions must read them: they are never written anew. A new format version gets a folder of its own, and this
script changes with it:

    python tests/golden/make_files.py [FOLDER]

What the files hold stands in this file; the tests hold what is read against it.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np

from fastw2v import KeyedVectors, Settings
from fastw2v.corpus.encoded import encode
from fastw2v.corpus.reading import encode_text
from fastw2v.engines.weights import Weights, aligned_zeros, padded_columns
from fastw2v.saved_model.storage import save_model
from fastw2v.training import preparation
from fastw2v.training.checkpoints import Checkpoints
from fastw2v.training.run_state import EpochRecord, RunState

HERE = Path(__file__).resolve().parent / "version-1"
WORDS = ["the", "naïve", "三", "a,b"]
COUNTS = [40, 7, 7, 1]
# Values of every kind: exact, rounded, subnormal, the largest, negative zero; the one that is hard to write.
INPUT = np.array([[0.5, -0.1], [1 / 3, 1e-40], [3.4028235e38, -0.0], [0.0, 1e10]], dtype=np.float32)
INPUT[3, 0] = np.uint32(0x15AE43FD).view(np.float32)
OUTPUT = np.arange(8, dtype=np.float32).reshape(4, 2) / 7
DOCUMENTS = ["the cat saw the dog", "the dog ran", "naïve 三 the cat"]
HISTORY = [
    {"epoch": 1, "loss": 3.25, "validation_loss": None, "learning_rate": 0.025, "pairs": 2**40, "seconds": 1.5,
     "words_per_second": 1e6}
]  # fmt: skip
OPTIONS: dict[str, Any] = {
    "vector_size": 2, "epochs": 3, "min_count": 1, "sample": 0.0, "validation": 0, "engine": "numpy",
    "stop_words": "none", "tokenizer": "whitespace", "documents": "line", "noise": "shared",
}  # fmt: skip


def weights() -> Weights:
    """Return the weights of the checkpoint: for each of its seven words."""
    both = [aligned_zeros(7, padded_columns(2, "float32"), "float32") for _ in range(2)]
    both[0][:, :2] = np.arange(14, dtype=np.float32).reshape(7, 2) / 3
    both[1][:, :2] = -both[0][:, :2]
    return Weights(both[0], both[1], 2)


def state() -> RunState:
    """Return where the run of the checkpoint stands."""
    return RunState(
        1, 4, 1, 12, 8.125, 0.0125, 0.25, 1.75, [EpochRecord.from_dict(HISTORY[0])], [{"best": 3.25}], stopped=False
    )


def described(folder: Path) -> Checkpoints:
    """Return the checkpoints of the run, in `folder`."""
    options = Settings(**OPTIONS)
    data = preparation.prepare(encode([text.split() for text in DOCUMENTS]), {}, options, {}).preprocessed
    kept = Checkpoints(folder)
    kept.describe_run(options, "numpy", data, {})
    return kept


def make(folder: Path) -> None:
    """Write all files."""
    folder.mkdir(parents=True, exist_ok=True)
    save_model(
        folder / "model", words=WORDS, counts=np.array(COUNTS), w_in=INPUT, w_out=OUTPUT,
        settings=Settings(**OPTIONS).as_dict(), history=HISTORY, provenance={"corpus": {"name": "naïve.txt"}},
    )  # fmt: skip
    _make_corpus(folder)
    kept, saved = described(folder / "run"), weights()
    kept.save(state(), saved, lambda: iter((saved.input_vectors, saved.output_vectors)))
    vectors = KeyedVectors(WORDS, INPUT)
    vectors.save_word2vec_format(folder / "vectors.txt")
    vectors.save_word2vec_format(folder / "vectors.bin", binary=True)
    vectors.save_word2vec_format(folder / "vectors.glove", write_header=False)
    _make_as_gensim(folder)
    rows = [("</s>", [0.0, 0.0]), *zip(WORDS, INPUT.tolist(), strict=True)]
    laid = b"".join(word.encode() + b" " + struct.pack("<2f", *row) + b"\n" for word, row in rows)
    (folder / "word2vec-c.bin").write_bytes(b"5 2\n" + laid)


def _make_corpus(folder: Path) -> None:
    text = folder / "text.txt"
    text.write_text("\n".join(DOCUMENTS) + "\n", encoding="utf-8")
    os.utime(text, (1_750_000_000, 1_750_000_000))
    before = Path.cwd()
    os.chdir(folder)  # the manifest holds the text's name as it was given
    try:
        encode_text("text.txt", Settings(**OPTIONS), "corpus")
    finally:
        os.chdir(before)
    text.unlink()


def _make_as_gensim(folder: Path) -> None:
    try:
        from gensim.models import KeyedVectors as Theirs
    except ImportError:
        return
    theirs = Theirs(2)
    theirs.add_vectors(WORDS, INPUT)
    theirs.save_word2vec_format(str(folder / "gensim.txt"))
    theirs.save_word2vec_format(str(folder / "gensim.bin"), binary=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
