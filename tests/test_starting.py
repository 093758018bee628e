"""Runs that begin with given vectors: words found among them start there, others as usual, and it all resumes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import DataError, KeyedVectors, Settings, UsageError, Word2Vec
from fastw2v.cli.app import run
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.weights import initial_weights
from fastw2v.errors import InterruptedRunError
from fastw2v.training.checkpoints import FOLDER, Checkpoints
from fastw2v.training.run_state import RunState
from fastw2v.training.starting import read_given

CHOSEN: dict[str, Any] = {
    "engine": "numpy", "vector_size": 6, "epochs": 3, "min_count": 1, "sample": 0.0, "validation": 0,
}  # fmt: skip
DOCUMENTS = [["the", "cat", "saw", "the", "dog"], ["a", "dog", "ran", "to", "the", "cat"]] * 60
OTHERS = [["the", "cow", "saw", "the", "cat"], ["a", "cow", "ran"]] * 60
WORDS = ["zebra", "dog", "the", "cat"]
VECTORS = np.arange(24, dtype=np.float32).reshape(4, 6) / 7 - 1


def vocabulary(*words: Any) -> Vocabulary:
    return Vocabulary(words, np.arange(len(words), 0, -1, dtype=np.int64))


def files(folder: Path) -> list[Path]:
    vectors = KeyedVectors(WORDS, VECTORS)
    paths = [folder / "v.txt", folder / "v.bin", folder / "v.glove"]
    vectors.save_word2vec_format(paths[0])
    vectors.save_word2vec_format(paths[1], binary=True)
    vectors.save_word2vec_format(paths[2], write_header=False)
    return paths


# ------------------------------------------------------------------------------------------------- the first weights


@pytest.mark.parametrize("number", range(3))
def test_words_of_a_file_start_with_its_vectors_and_others_as_in_any_run(number: int, tmp_path: Path) -> None:
    settings = Settings(vector_size=6)
    path = files(tmp_path)[number]
    given = read_given(path)
    words = vocabulary("the", "cow", "dog")
    weights, usual = given.weights(words, settings), initial_weights(3, settings)
    assert weights.input_vectors.dtype == np.float32
    assert np.array_equal(weights.input_vectors[[0, 2]], VECTORS[[2, 1]])
    assert np.array_equal(weights.input_vectors[1], usual.input_vectors[1])
    assert not weights.output_vectors.any()
    assert not weights.w_in[:, 6:].any()  # what is padding stays zero
    assert given.provenance(words) == {
        "name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "words": 2,
    }  # fmt: skip


def test_words_of_a_model_start_with_its_output_vectors_too(tmp_path: Path) -> None:
    before = Word2Vec(**CHOSEN).fit(DOCUMENTS, output=tmp_path / "m")
    given = read_given(tmp_path / "m")
    words = vocabulary("cow", "cat")
    weights, row = given.weights(words, Settings(**CHOSEN)), before.wv.key_to_index["cat"]
    assert np.array_equal(weights.input_vectors[1], before.wv["cat"])
    assert before._output_vectors[row].any()
    assert np.array_equal(weights.output_vectors[1], before._output_vectors[row])
    assert not weights.output_vectors[0].any()
    sha256 = hashlib.sha256((tmp_path / "m" / "weights.safetensors").read_bytes()).hexdigest()
    assert given.provenance(words) == {"name": "m", "sha256": sha256, "words": 1}


def test_more_rows_than_are_copied_at_once_all_start_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastw2v.training.starting.ROWS_AT_ONCE", 3)
    names = [f"w{number}" for number in range(20)]
    vectors = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32)
    weights = read_given(KeyedVectors(names, vectors)).weights(vocabulary(*names[::-1]), Settings(vector_size=4))
    assert np.array_equal(weights.input_vectors, vectors[::-1])


def test_the_dtype_is_that_of_the_settings() -> None:
    given = read_given(KeyedVectors(WORDS, VECTORS.astype(np.float64) / 3))
    narrow = given.weights(vocabulary("dog", "x"), Settings(vector_size=6)).input_vectors
    wide = given.weights(vocabulary("dog", "x"), Settings(vector_size=6, dtype="float64")).input_vectors
    assert (narrow.dtype.name, wide.dtype.name) == ("float32", "float64")
    assert np.array_equal(narrow[0], (VECTORS[1].astype(np.float64) / 3).astype(np.float32))
    assert np.array_equal(wide[0], VECTORS[1].astype(np.float64) / 3)


def test_values_too_large_for_the_dtype_are_refused() -> None:
    given = read_given(KeyedVectors(WORDS, np.full((4, 6), 1e300)))
    with pytest.raises(DataError, match="values too large for float32; dtype='float64' would work"):
        given.weights(vocabulary("dog", "x"), Settings(vector_size=6))


def test_numbers_as_items_are_found_by_their_digits_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_text("2 2\n17 1 2\n-3 3 4\n")
    weights = read_given(tmp_path / "v.txt").weights(vocabulary(-3, 17, 18), Settings(vector_size=2))
    assert weights.input_vectors[:2].tolist() == [[3, 4], [1, 2]]


# ------------------------------------------------------------------------------------------------------ what is refused


def test_vectors_of_another_length_are_refused_with_the_value_to_give(tmp_path: Path) -> None:
    path = files(tmp_path)[0]
    with pytest.raises(
        UsageError, match=r"of v.txt have 6 dimensions. Got vector_size 100; vector_size=6 would work\."
    ):
        Word2Vec().fit(tmp_path / "not read", init_from=path)


def test_vectors_of_none_of_the_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"None of the 2 words to train is among the 4 of v.bin"):
        read_given(files(tmp_path)[1]).weights(vocabulary("x", "y"), Settings(vector_size=6))


def test_what_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file or directory"):
        read_given(tmp_path / "none.txt")
    with pytest.raises(UsageError, match="holds no model"):
        read_given(tmp_path)


def test_a_run_begins_with_one_thing_only(tmp_path: Path) -> None:
    before = Word2Vec(**CHOSEN).fit(DOCUMENTS)
    with pytest.raises(UsageError, match="init_from or with continue_from, not with both"):
        Word2Vec(**CHOSEN).fit(DOCUMENTS, init_from=before.wv, continue_from=before)


# --------------------------------------------------------------------------------------------------------- whole runs


def test_a_run_begins_with_the_vectors_given(tmp_path: Path) -> None:
    # At a rate that moves nothing, what a run ends with is what it began with.
    still = {**CHOSEN, "alpha": 1e-30, "min_alpha": 0.0, "schedule": "constant"}
    before = Word2Vec(**CHOSEN).fit(DOCUMENTS, output=tmp_path / "m")
    after = Word2Vec(**still).fit(OTHERS, init_from=tmp_path / "m")
    assert set(after.wv.index_to_key) == {"the", "cow", "saw", "cat", "a", "ran"}
    for word in ("the", "saw", "cat", "a", "ran"):
        assert np.array_equal(after.wv[word], before.wv[word])
    usual = Word2Vec(**still).fit(OTHERS)
    assert np.array_equal(after.wv["cow"], usual.wv["cow"])
    assert not np.array_equal(after.wv["cat"], usual.wv["cat"])
    assert after.provenance["init_from"]["words"] == 5
    assert "continues" not in after.provenance


def test_counts_are_those_of_the_text_alone(tmp_path: Path) -> None:
    given = KeyedVectors(WORDS, VECTORS, np.array([900, 800, 700, 600]))
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, init_from=given)
    assert model.wv.counts is not None
    assert dict(zip(model.wv.index_to_key, model.wv.counts.tolist(), strict=True))["the"] == 180
    assert "zebra" not in model.wv


class Stopping(Checkpoints):
    """Saves, and ends the run, the `stop_at`-th time it is asked."""

    def __init__(self, output: Path, stop_at: int) -> None:
        super().__init__(output, "24h")
        self._left = stop_at

    def due(self, state: RunState, epoch_ended: bool) -> bool:
        self._left -= 1
        if self._left == 0:
            self.signals.heard = 2
        return super().due(state, epoch_ended)


@pytest.mark.parametrize("stop_at", [1, 2, 5, 9])
def test_a_run_with_vectors_given_resumes_bit_for_bit(
    stop_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 201)
    path = files(tmp_path)[0]
    whole = Word2Vec(**CHOSEN).fit(DOCUMENTS, init_from=path)
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(DOCUMENTS, init_from=path, checkpoints=Stopping(tmp_path, stop_at))
    resumed = Word2Vec(**CHOSEN).fit(DOCUMENTS, init_from=path, checkpoints=Checkpoints(tmp_path), resume=True)
    assert resumed.wv.vectors.tobytes() == whole.wv.vectors.tobytes()
    assert resumed._output_vectors.tobytes() == whole._output_vectors.tobytes()
    assert [entry["loss"] for entry in resumed.history] == [entry["loss"] for entry in whole.history]
    assert resumed.provenance == whole.provenance


def test_a_run_does_not_go_on_with_other_vectors_than_it_began_with(tmp_path: Path) -> None:
    path = files(tmp_path)[0]
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(DOCUMENTS, init_from=path, checkpoints=Stopping(tmp_path, 2))
    other = KeyedVectors(WORDS, VECTORS + 1)
    for start, was in ((other, "other"), (None, "given")):
        with pytest.raises(UsageError, match=f"one that began with {was} vectors"):
            Word2Vec(**CHOSEN).fit(DOCUMENTS, init_from=start, checkpoints=Checkpoints(tmp_path), resume=True)
    assert Checkpoints(tmp_path).found()


# -------------------------------------------------------------------------------------------------------- command line


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text("\n".join(map(" ".join, DOCUMENTS)))
    return path


QUICK = ["--engine", "numpy", "--vector-size", "6", "--epochs", "2", "--min-count", "1", "--sample", "0", "--no-cache"]


def test_the_command_says_how_many_words_were_found_and_does_as_python(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files(tmp_path)[2]
    assert run(["train", str(text), *QUICK, "--init-from", str(path), "-o", str(tmp_path / "m")]) == 0
    assert "\n3 of them begin with their vectors in v.glove.\n" in capsys.readouterr().out
    python = Word2Vec(engine="numpy", vector_size=6, epochs=2, min_count=1, sample=0.0).fit(text, init_from=path)
    ours = Word2Vec.load(tmp_path / "m")
    assert ours.wv.vectors.tobytes() == python.wv.vectors.tobytes()
    assert ours.provenance == python.provenance
    manifest = json.loads((tmp_path / "m" / "model.json").read_text())
    assert manifest["provenance"]["init_from"]["name"] == "v.glove"
    assert str(tmp_path) not in json.dumps(manifest)


def test_the_model_to_begin_with_cannot_be_the_output(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", str(text), *QUICK, "-o", str(tmp_path / "m")]) == 0
    for path in (tmp_path / "m", tmp_path / "m" / ".." / "m"):
        more = ["--init-from", str(path), "-o", str(tmp_path / "m"), "--overwrite"]
        assert run(["train", str(text), *QUICK, *more]) == 2
        assert "--output must not be the vectors to begin with." in capsys.readouterr().err


def test_a_finished_run_is_known_again_whatever_it_began_with(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", str(text), *QUICK, "-o", str(tmp_path / "one")]) == 0
    for option in ("--init-from", "--continue-from"):
        command = ["train", str(text), *QUICK, option, str(tmp_path / "one"), "-o", str(tmp_path / option)]
        assert run(command) == 0
        before = {path: path.read_bytes() for path in (tmp_path / option).iterdir()}
        capsys.readouterr()
        assert run([*command, "--resume"]) == 0, capsys.readouterr().err
        assert "holds a finished model: nothing to do." in capsys.readouterr().out
        assert {path: path.read_bytes() for path in (tmp_path / option).iterdir()} == before


def test_a_wrong_use_leaves_no_directory(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files(tmp_path)[0]
    for wrong in (["--vector-size", "7"], ["--continue-from", str(path)], ["--init-from", str(tmp_path / "none")]):
        code = run(["train", str(text), *QUICK, "--init-from", str(path), "-o", str(tmp_path / "m"), *wrong])
        assert code in (1, 2)
        assert capsys.readouterr().err.count("\n") == 1
        assert not (tmp_path / "m").exists()
    assert not (tmp_path / FOLDER).exists()
