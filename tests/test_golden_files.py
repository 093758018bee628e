"""Files of version 1 are read to their last bit; so are those of gensim and of word2vec.c's layout.

`golden/make_files.py` wrote them. A version that cannot read them any more has broken a promise.
"""

from __future__ import annotations

import importlib.util
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import KeyedVectors, Settings, Word2Vec
from fastw2v.corpus import store

GOLDEN = Path(__file__).resolve().parent / "golden"
FILES = GOLDEN / "version-1"


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("make_files", GOLDEN / "make_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_files = _script()


def same_bits(ours: Any, theirs: Any) -> bool:
    return bool(ours.dtype == theirs.dtype and ours.shape == theirs.shape and ours.tobytes() == theirs.tobytes())


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("vectors.txt", {}),
        ("vectors.bin", {"binary": True}),
        ("vectors.glove", {"no_header": True}),
        ("gensim.txt", {}),
        ("gensim.bin", {"binary": True}),
    ],
)
def test_vector_files_hold_what_was_written(name: str, reading: dict[str, bool]) -> None:
    vectors = KeyedVectors.load_word2vec_format(FILES / name, **reading)  # type: ignore[arg-type]
    assert vectors.index_to_key == make_files.WORDS
    expected = make_files.INPUT.copy()
    if name == "gensim.txt":  # the one value whose shortest digits lead readers to its neighbour
        expected[3, 0] = np.float32(float("7.038531e-26"))
    assert same_bits(vectors.vectors, expected)


def test_the_layout_of_word2vec_c_is_read() -> None:
    vectors = KeyedVectors.load_word2vec_format(FILES / "word2vec-c.bin", binary=True)
    assert vectors.index_to_key == ["</s>", *make_files.WORDS]
    assert same_bits(vectors.vectors[1:], make_files.INPUT)


def test_a_model_directory_is_read() -> None:
    model = Word2Vec.load(FILES / "model")
    assert model.wv.index_to_key == make_files.WORDS
    assert model.wv.counts is not None
    assert model.wv.counts.tolist() == make_files.COUNTS
    assert same_bits(model.wv.vectors, make_files.INPUT)
    assert same_bits(model._output_vectors, make_files.OUTPUT)
    assert model.history == make_files.HISTORY
    assert model.settings == Settings(**make_files.OPTIONS)
    assert model.provenance == {"corpus": {"name": "naïve.txt"}}


def test_an_encoded_corpus_is_read() -> None:
    corpus = store.open_corpus(FILES / "corpus").corpus
    ids, offsets = np.asarray(corpus.ids), np.asarray(corpus.offsets)
    documents = [[corpus.items[i] for i in ids[low:high]] for low, high in pairwise(offsets)]
    assert documents == [text.split() for text in make_files.DOCUMENTS]


def test_a_checkpoint_is_read(tmp_path: Path) -> None:
    shutil.copytree(FILES / "run", tmp_path / "run")
    weights, state = make_files.described(tmp_path / "run").load()
    assert same_bits(weights.input_vectors, make_files.weights().input_vectors)
    assert same_bits(weights.output_vectors, make_files.weights().output_vectors)
    assert state == make_files.state()


def test_the_script_writes_the_same_files_but_for_versions(tmp_path: Path) -> None:
    make_files.make(tmp_path)
    for name in ("vectors.txt", "vectors.bin", "vectors.glove", "word2vec-c.bin", "model/weights.safetensors",
                 "model/vocabulary.jsonl", "corpus/ids.bin", "corpus/offsets.bin", "corpus/words.txt"):  # fmt: skip
        assert content(tmp_path / name) == content(FILES / name), name


def content(path: Path) -> object:
    """The bytes; of text the words and numbers, because versions of NumPy write the same number in several ways."""
    if path.suffix not in (".txt", ".glove") or path.name == "words.txt":
        return path.read_bytes()
    lines = [line.split(b" ") for line in path.read_bytes().split(b"\n")]
    return [(word, [np.float32(number) for number in numbers]) for word, *numbers in lines]
