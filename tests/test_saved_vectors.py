"""`KeyedVectors.save` and `load`, and arrays mapped from a file instead of copied."""

from __future__ import annotations

import mmap
import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import Word2Vec
from fastw2v.errors import DataError, UsageError
from fastw2v.keyed_vectors import KeyedVectors

WORDS = ["one", "New York\n", "", 7, "7"]
VECTORS = np.random.default_rng(0).normal(size=(5, 6))


def is_mapped(array: Any) -> bool:
    """Whether an array's bytes are those of a mapped file."""
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, mmap.mmap)


def test_words_counts_and_bits_come_back_under_any_name(tmp_path: Path) -> None:
    for dtype in (np.float32, np.float64):
        for counts in (None, [5, 4, 3, 2, 1]):
            own = KeyedVectors(WORDS, VECTORS.astype(dtype), counts)
            for name in ("v.kv", "v", "word2vec.wordvectors", "v.safetensors", "v.NPZ"):
                own.save(tmp_path / name)
                for mode in (None, True, "r", False):
                    if mode and name == "v.NPZ":
                        continue
                    again = KeyedVectors.load(str(tmp_path / name), mmap=mode)
                    assert again.index_to_key == WORDS
                    assert again.vectors.dtype == dtype
                    assert again.vectors.tobytes() == own.vectors.tobytes()
                    assert (None if again.counts is None else again.counts.tolist()) == counts
                    assert is_mapped(again.vectors) is bool(mode)
                    assert not again.vectors.flags.writeable
    assert (tmp_path / "v.NPZ").read_bytes()[:2] == b"PK"


def test_a_name_of_another_form_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    own = KeyedVectors(["a"], [[1.0]])
    for name in ("v.txt", "v.vec", "v.bin", "v.glove", "v.parquet", "v.npz.gz", "v.kv.gz", "v.projector"):
        with pytest.raises(UsageError, match=rf"Got '{name}'; 'vectors\.kv' would work\."):
            own.save(tmp_path / name)
    with pytest.raises(UsageError, match="There are no words yet to save"):
        KeyedVectors(5).save(tmp_path / "v.kv")
    assert list(tmp_path.iterdir()) == []
    own.save(tmp_path / "v.kv")
    with pytest.raises(DataError, match="must be str or int"):
        KeyedVectors([1.5], [[1.0]]).save(tmp_path / "v.kv")
    assert KeyedVectors.load(tmp_path / "v.kv").index_to_key == ["a"]
    assert len(list(tmp_path.iterdir())) == 1


def test_load_reads_every_form_and_maps_safetensors_alone(tmp_path: Path) -> None:
    own = KeyedVectors(["a", "b"], VECTORS[:2].astype(np.float32))
    own.save_word2vec_format(tmp_path / "v.txt")
    own.save(tmp_path / "v.npz")
    for name, form in (("v.txt", "text"), ("v.npz", "npz")):
        assert KeyedVectors.load(tmp_path / name).vectors.tobytes() == own.vectors.tobytes()
        with pytest.raises(UsageError, match=rf"only safetensors files are mapped\. Got {form}; leave out mmap"):
            KeyedVectors.load(tmp_path / name, mmap="r")
    with pytest.raises(UsageError, match=r"mmap must be True or 'r', which map read-only.* Got 'r\+'"):
        KeyedVectors.load(tmp_path / "v.txt", mmap="r+")
    with pytest.raises(UsageError, match=r"does not exist"):
        KeyedVectors.load(tmp_path / "absent", mmap=True)


def test_pickles_of_gensims_are_named_and_the_way_in_shown(tmp_path: Path) -> None:
    for content in (pickle.dumps({"a": 1}), pickle.dumps([1], protocol=2)):
        (tmp_path / "theirs.model").write_bytes(content)
        with pytest.raises(UsageError, match=r"theirs\.model is a pickle.* Word2Vec\.from_gensim\(gensim\.models"):
            Word2Vec.load(tmp_path / "theirs.model")
        with pytest.raises(DataError, match=r"is a pickle, not vectors.* KeyedVectors\.from_gensim"):
            KeyedVectors.load(tmp_path / "theirs.model")


def test_damaged_files_are_refused_mapped_or_not(tmp_path: Path) -> None:
    path = tmp_path / "v.kv"
    KeyedVectors(["a", "b", "c"], VECTORS[:3].astype(np.float32)).save(path)
    whole = path.read_bytes()
    nan = np.array([np.nan], np.float32).tobytes()
    at = whole.index(VECTORS[0].astype(np.float32).tobytes())
    damaged = [
        whole[:-1],
        whole + b"x",
        whole[:40],
        whole[:at] + nan + whole[at + 4 :],
        whole.replace(b"[3,6]", b"[4,6]"),
    ]
    damaged += [whole.replace(b'["a", "b", "c"]', b'["a", "a", "c"]'), whole.replace(b"[3,6]", b"[6,3]")]
    for content in damaged:
        assert content != whole
        path.write_bytes(content)
        for mode in (None, True):
            with pytest.raises(DataError, match=r"v\.kv"):
                KeyedVectors.load(path, mmap=mode)


def test_loading_and_asking_mapped_vectors_copies_none_of_them(tmp_path: Path) -> None:
    words = [f"w{number}" for number in range(20_000)]
    vectors = np.random.default_rng(1).normal(size=(20_000, 128)).astype(np.float32)
    own = KeyedVectors(words, vectors)
    own.save(tmp_path / "v.kv")
    expected = own.most_similar("w5", topn=5), own.most_similar_many(words[:3], topn=3)
    tracemalloc.start()
    mapped = KeyedVectors.load(tmp_path / "v.kv", mmap=True)
    assert (mapped.most_similar("w5", topn=5), mapped.most_similar_many(words[:3], topn=3)) == expected
    assert tracemalloc.get_traced_memory()[1] < vectors.nbytes * 0.8  # the words take half of it
    tracemalloc.stop()


def test_what_is_added_to_mapped_vectors_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    KeyedVectors(["a", "b"], np.eye(2, dtype=np.float32)).save(tmp_path / "v.kv")
    content = (tmp_path / "v.kv").read_bytes()
    mapped = KeyedVectors.load(tmp_path / "v.kv", mmap="r")
    mapped["a"] = np.array([3, 4], np.float32)
    mapped["c"] = np.array([5, 6], np.float32)
    assert mapped.vectors.tolist() == [[3, 4], [0, 1], [5, 6]]
    assert (tmp_path / "v.kv").read_bytes() == content


def test_a_model_is_mapped_asked_and_saved_again(tmp_path: Path) -> None:
    text = [["a", "b", "c", "d"] * 5] * 30
    model = Word2Vec(text, vector_size=5, min_count=1, sample=0, epochs=1, engine="numpy")
    model.save(tmp_path / "m")
    for mode in (True, "r"):
        mapped = Word2Vec.load(tmp_path / "m", mmap=mode)
        assert is_mapped(mapped.wv.vectors)
        assert is_mapped(mapped.syn1neg)
        assert mapped.wv.vectors.tobytes() == model.wv.vectors.tobytes()
        assert mapped.syn1neg.tobytes() == model.syn1neg.tobytes()
        assert mapped.wv.most_similar("a") == model.wv.most_similar("a")
        # Over the very file that is mapped, and trained on from it.
        mapped.save(tmp_path / "m", overwrite=True)
        mapped.train(text, epochs=1)
    assert not is_mapped(Word2Vec.load(tmp_path / "m").wv.vectors)
    assert Word2Vec.load(tmp_path / "m").wv.vectors.tobytes() == model.wv.vectors.tobytes()
    with pytest.raises(UsageError, match="mmap must be True or 'r'"):
        Word2Vec.load(tmp_path / "m", mmap="c")
    weights = tmp_path / "m" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\0")
    with pytest.raises(DataError, match="its SHA-256 is not the one"):
        Word2Vec.load(tmp_path / "m", mmap=True)
