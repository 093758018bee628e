"""A finished model that goes on: words and vectors stay, new words join, counts are those of both texts."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import Callback, Settings, UsageError, Word2Vec
from fastw2v.cli.app import run
from fastw2v.corpus.encoded import encode
from fastw2v.corpus.vocabulary import preprocess
from fastw2v.engines.weights import Weights
from fastw2v.errors import InterruptedRunError
from fastw2v.training.checkpoints import Checkpoints
from fastw2v.training.earlier_model import drawn_anew
from fastw2v.training.run_state import EpochRecord, RunState

FIRST = [["a", "b", "c", "a", "b"], ["a", "b", "rare", "c"]] * 40
SECOND = [["a", "new", "b", "new", "other"], ["new", "a", "other", "b"]] * 40 + [["c"]]
CHOSEN: dict[str, Any] = {
    "vector_size": 12,
    "min_count": 2,
    "sample": 0,
    "epochs": 3,
    "validation": 0,
    "engine": "numpy",
}


class Seen(Callback):
    """Keeps the weights of each epoch's end."""

    def __init__(self) -> None:
        self.weights: list[Weights] = []

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        self.weights.append(weights.copy())
        return False


def vectors(model: Word2Vec, words: list[str]) -> Any:
    return np.array([model.wv[word] for word in words])


def test_the_vocabulary_is_that_of_both_texts_with_both_counts() -> None:
    settings = Settings(min_count=10, sample=0, validation=0)
    corpus = encode([["a", "new", "a"]] * 10 + [["b"]])
    data = preprocess(corpus, settings, known={"b": 7, "gone": 15, "a": 3})
    # a: 20 + 3; gone: 15, from before alone; new: 10; b: 1 here, which min_count would remove, + 7.
    assert list(data.vocabulary.words) == ["a", "gone", "new", "b"]
    assert data.vocabulary.counts.tolist() == [23, 15, 10, 8]
    assert data.stream.ids[:3].tolist() == [0, 2, 0]
    assert data.stream.ids[-1] == 3
    assert data.tokens_rare == 0


def test_a_run_begins_with_the_vectors_of_the_model() -> None:
    before = Word2Vec(**CHOSEN).fit(FIRST)
    # At a rate that moves nothing, what a run ends with is what it began with.
    still = {**CHOSEN, "alpha": 1e-30, "min_alpha": 0.0, "schedule": "constant"}
    after = Word2Vec(**still).fit(SECOND, continue_from=before)
    words = ["a", "b", "c", "rare"]
    assert set(after.wv.index_to_key) == {*words, "new", "other"}
    assert np.array_equal(vectors(after, words), vectors(before, words))
    assert np.abs(vectors(after, ["new", "other"])).max() > 0
    rows_before = [before.wv.index_to_key.index(word) for word in words]
    rows_after = [after.wv.index_to_key.index(word) for word in words]
    assert np.array_equal(after._output_vectors[rows_after], before._output_vectors[rows_before])
    new = [after.wv.index_to_key.index(word) for word in ("new", "other")]
    assert np.abs(after._output_vectors[new]).max() < 1e-25


def test_words_that_are_not_in_the_new_text_keep_their_input_vectors() -> None:
    before = Word2Vec(**CHOSEN).fit(FIRST)
    after = Word2Vec(**CHOSEN).fit(SECOND, continue_from=before)
    # As noise a word moves its output vector; its input vector moves as a context alone.
    assert np.array_equal(vectors(after, ["rare"]), vectors(before, ["rare"]))
    assert not np.array_equal(vectors(after, ["a"]), vectors(before, ["a"]))


def test_the_loss_goes_on_falling_with_more_epochs_of_the_same_text() -> None:
    before = Word2Vec(**CHOSEN).fit(FIRST)
    after = Word2Vec(**CHOSEN).fit(FIRST, continue_from=before)
    assert after.history[0]["loss"] < before.history[0]["loss"]
    assert after.history[-1]["learning_rate"] > 0
    assert [record["epoch"] for record in after.history] == [1, 2, 3]


@pytest.mark.parametrize(("name", "value"), [("vector_size", 13), ("dtype", "float64")])
def test_vectors_of_another_kind_are_refused(name: str, value: Any) -> None:
    before = Word2Vec(**CHOSEN).fit(FIRST)
    with pytest.raises(UsageError, match=rf"The model that goes on has {name} .*Got {value}; .* works"):
        Word2Vec(**{**CHOSEN, name: value}).fit(SECOND, continue_from=before)


def test_a_run_goes_on_from_the_directory_of_a_model_as_from_the_model(tmp_path: Path) -> None:
    before = Word2Vec(**CHOSEN).fit(FIRST, output=tmp_path / "model")
    runs = [Word2Vec(**CHOSEN).fit(SECOND, continue_from=given) for given in (before, tmp_path / "model")]
    assert np.array_equal(runs[0].wv.vectors, runs[1].wv.vectors)
    assert runs[0].epochs_trained == runs[1].epochs_trained == 2 * len(before.history)
    refused = r"must be a model or its directory\. Got fastw2v\.keyed_vectors\.KeyedVectors; init_from begins with"
    with pytest.raises(UsageError, match=refused):
        Word2Vec(**CHOSEN).fit(SECOND, continue_from=before.wv)  # type: ignore[arg-type]


def test_an_untrained_model_has_nothing_to_go_on_from() -> None:
    with pytest.raises(UsageError, match="not trained yet"):
        Word2Vec(**CHOSEN).fit(SECOND, continue_from=Word2Vec(**CHOSEN))


def test_a_run_that_goes_on_from_a_model_resumes_bit_for_bit(tmp_path: Path) -> None:
    class Stopping(Checkpoints):
        def due(self, state: RunState, epoch_ended: bool) -> bool:
            if state.epoch == 2:
                self.signals.heard = 2
            return state.epoch == 2

    before = Word2Vec(**CHOSEN).fit(FIRST)
    whole = Word2Vec(**CHOSEN).fit(SECOND, continue_from=before)
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(SECOND, continue_from=before, checkpoints=Stopping(tmp_path))
    resumed = Word2Vec(**CHOSEN).fit(SECOND, continue_from=before, checkpoints=Checkpoints(tmp_path), resume=True)
    assert np.array_equal(resumed.wv.vectors, whole.wv.vectors)
    assert np.array_equal(resumed._output_vectors, whole._output_vectors)


def test_the_command_line_takes_settings_from_the_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, documents in (("first", FIRST), ("second", SECOND)):
        (tmp_path / name).write_text("\n".join(map(" ".join, documents)))
    chosen = ["--vector-size", "12", "--min-count", "2", "--sample", "0", "--epochs", "2", "--engine", "numpy"]
    assert run(["train", str(tmp_path / "first"), "--output", str(tmp_path / "one"), *chosen]) == 0
    more = ["--continue-from", str(tmp_path / "one"), "--output", str(tmp_path / "two"), "--epochs", "1"]
    assert run(["train", str(tmp_path / "second"), *more]) == 0
    said = capsys.readouterr().out
    assert "Goes on from" in said
    assert "linear learning rate that begins anew at 0.025" in said
    settings = json.loads((tmp_path / "two" / "settings.json").read_text())
    assert (settings["vector_size"], settings["min_count"], settings["epochs"]) == (12, 2, 1)
    provenance = json.loads((tmp_path / "two" / "model.json").read_text())["provenance"]
    assert provenance["continues"]["corpus"]["name"] == "first"
    assert {"rare", "new"} <= set(Word2Vec.load(tmp_path / "two").wv.index_to_key)
    assert (
        run(
            ["train", str(tmp_path / "second"), "--continue-from", str(tmp_path / "two"), "-o", str(tmp_path / "three")]
        )
        == 0
    )
    counts = (
        {"epochs_trained": 2},
        *(
            {"epochs_trained": total, "epochs_in_earlier_runs": before, "epochs_in_last_run": total - before}
            for before, total in ((2, 3), (3, 4))
        ),
    )
    for name, expected in zip(("one", "two", "three"), counts, strict=True):
        capsys.readouterr()
        assert run(["info", str(tmp_path / name), "--json"]) == 0
        about = json.loads(capsys.readouterr().out)["model"]
        assert {key: value for key, value in about.items() if "trained" in key or "run" in key} == expected


def test_a_run_that_goes_on_draws_anew(tmp_path: Path) -> None:
    first = Word2Vec(**CHOSEN).fit(FIRST)
    again = Word2Vec(**CHOSEN).fit(FIRST, continue_from=first)
    assert (first.settings.seed, again.settings.seed) == (1, 2)
    other = Word2Vec(**CHOSEN, seed=7).fit(FIRST, continue_from=first)
    assert other.settings.seed == 7
    assert not np.array_equal(again.wv.vectors, other.wv.vectors)


def test_the_largest_seed_is_followed_by_the_smallest() -> None:
    assert drawn_anew(Settings(seed=2**64 - 1)).seed == 0


def test_a_little_new_text_is_enough_for_a_model_with_many_words() -> None:
    many = [[f"w{number}", f"w{number + 1}"] for number in range(3000)] * 2
    first = Word2Vec(**CHOSEN).fit(many)
    again = Word2Vec(**CHOSEN).fit([["w1", "w2", "w3"]] * 3, continue_from=first)
    assert len(again.wv) == len(first.wv)
    assert not np.array_equal(again.wv["w2"], first.wv["w2"])


# ----------------------------------------------------------------------------------- without a corpus: the model's own

TINY: dict[str, Any] = {**CHOSEN, "min_count": 1, "vector_size": 4, "epochs": 1}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a text and a model of it, as the current one."""
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    Path("texts/a.txt").write_text("a b c a b\nb c d\n" * 20)
    Word2Vec(**TINY).fit("texts", output="models/first")
    return tmp_path


def goes_on(model: Path | str, capsys: pytest.CaptureFixture[str], *more: str, code: int = 0) -> str:
    assert run(["train", "--continue-from", str(model), *more]) == code
    printed = capsys.readouterr()
    return printed.err if code else printed.out


def test_a_model_goes_on_with_its_corpus_also_where_both_have_moved(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"trained on: {place / 'texts'}.\n" in goes_on("models/first", capsys, "--output", "second")
    python = Word2Vec(**TINY).fit(continue_from=Word2Vec.load("models/first"))
    assert Word2Vec.load("second").wv.vectors.tolist() == python.wv.vectors.tolist()
    Path("moved").mkdir()
    for name in ("texts", "models"):
        Path(name).rename(Path("moved", name))
    assert f"trained on: {place / 'moved' / 'texts'}.\n" in goes_on("moved/models/first", capsys, "--output", "third")
    assert Word2Vec.load("third").wv.vectors.tolist() == python.wv.vectors.tolist()


def test_no_folder_of_the_machine_is_in_a_model_beside_its_corpus(place: Path) -> None:
    Word2Vec(**TINY).fit(place / "texts", output="models/second")
    for name in ("first", "second"):
        manifest = Path(f"models/{name}/model.json").read_text()
        assert json.loads(manifest)["provenance"]["corpus_place"] == ["../../texts"]
        assert str(place) not in manifest
    assert "corpus_place" not in Word2Vec.load("models/first").provenance
    assert "texts" not in Path("models/first/settings.json").read_text()


@pytest.mark.parametrize("change", ["edited", "edited to the same size", "one more", "gone", "a pipe"])
def test_a_corpus_that_is_gone_or_has_changed_is_refused_with_what_to_type(
    change: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("texts/a.txt")
    content = text.read_text()
    if change == "one more":
        Path("texts/b.txt").write_text("a b\n")
    elif change.startswith("edited"):
        text.write_text(content[:-2] + "e\n" if "same" in change else content + "e\n")
    else:
        text.unlink()
    if change == "a pipe":
        os.mkfifo(text)
    said = goes_on("models/first", capsys, "--output", "second", code=2)
    assert f"The model's corpus {place / 'texts'} " in said
    assert ("cannot be read any more: " if change in ("gone", "a pipe") else "has changed since") in said
    assert said.endswith("Give the corpus to go on with: fastw2v train CORPUS --continue-from MODEL\n")
    assert said.count("\n") == 1
    assert not Path("second").exists()
    with pytest.raises(UsageError, match=r"Give the corpus to go on with: fit\(corpus, continue_from=model\)"):
        Word2Vec(**TINY).fit(continue_from=Word2Vec.load("models/first"))


def test_a_model_that_records_no_corpus_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Word2Vec(**TINY).fit(FIRST, output="items")
    Word2Vec(**{**TINY, "limit": "20docs"}).fit("texts", output="limited")
    manifest = json.loads(Path("models/first/model.json").read_text())
    manifest["provenance"]["corpus_place"] = [5, "../../texts"]
    Path("models/first/model.json").write_text(json.dumps(manifest))
    for model, name in (("items", "token lists"), ("limited", "texts"), ("models/first", "texts")):
        said = goes_on(model, capsys, "--output", "second", code=2)
        assert f"The model does not record where its corpus, {name}, lies. Give the corpus to go on with: " in said


def test_a_model_of_the_stories_goes_on_with_as_many_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Word2Vec(**{**TINY, "limit": "15docs"}).fit(output="first")
    printed = goes_on("first", capsys, "--output", "second")
    assert "The corpus is the one that it was trained on: the built-in stories." in printed
    assert "Read the built-in stories: 15 documents" in printed


def test_a_run_that_goes_on_with_the_model_s_corpus_and_is_cut_off_is_resumed_with_it(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(saver: Checkpoints, state: RunState, epoch_ended: bool) -> bool:
        saver.signals.heard = signal.SIGTERM
        return True

    goes_on("models/first", capsys, "--output", "whole")
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "due", interrupted)
        goes_on("models/first", capsys, "--output", "cut", code=128 + signal.SIGTERM)
    assert run(["train", "--resume", "--output", "cut"]) == 0
    assert f"The corpus is {place / 'texts'}." in capsys.readouterr().out
    assert Path("cut/weights.safetensors").read_bytes() == Path("whole/weights.safetensors").read_bytes()
