"""Files to evaluate on: each epoch's record holds their figures, in runs that resume too."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import Callback, DataError, UsageError, Word2Vec, evaluation
from fastw2v.cli.app import run
from fastw2v.engines.weights import Weights, aligned_zeros
from fastw2v.errors import InterruptedRunError
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.training import epoch_scores
from fastw2v.training.checkpoints import Checkpoints
from fastw2v.training.epoch_scores import EpochScores
from fastw2v.training.run_state import EpochRecord, RunState

CHOSEN: dict[str, Any] = {
    "engine": "numpy", "vector_size": 6, "epochs": 3, "min_count": 1, "sample": 0.0, "validation": 0, "alpha": 0.2,
}  # fmt: skip
DOCUMENTS = [["the", "cat", "saw", "the", "dog"], ["a", "dog", "ran", "to", "the", "cat"]] * 60
PAIRS = "cat\tdog\t9\ncat\tran\t3\ndog\tsaw\t1\na\tthe\t7\ncat\tqwxyz\t1\n"
ANALOGIES = ": animals\ncat saw dog ran\ncat qwxyz dog ran\n"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "sets"
    folder.mkdir()
    (folder / "pairs.tsv").write_text(PAIRS)
    (folder / "analogies.txt").write_text(ANALOGIES)
    return [folder / "pairs.tsv", folder / "analogies.txt"]


class Judging(Callback):
    """Judges each epoch's vectors itself."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files
        self.words: Any = None
        self.found: list[Any] = []

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        vectors = KeyedVectors(self.words, weights.input_vectors.copy())
        self.found.append({path.name: evaluation.score(vectors, path) for path in self._files})
        return False


def unclocked(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**entry, "seconds": 0, "words_per_second": 0} for entry in history]


def test_each_epoch_has_the_figures_of_its_own_vectors(files: list[Path]) -> None:
    judging = Judging(files)
    judging.words = Word2Vec(**CHOSEN).fit(DOCUMENTS).wv.index_to_key
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files, callbacks=[judging])
    assert [entry["evaluation"] for entry in model.history] == judging.found
    assert judging.found[0] != judging.found[-1]
    assert model.history[0]["evaluation"]["pairs.tsv"]["used"] == 4
    assert model.history[0]["evaluation"]["analogies.txt"] == {"accuracy": pytest.approx(0.5, abs=0.5), "used": 1,
                                                               "out_of_vocabulary": 1}  # fmt: skip


def test_a_folder_of_bats_is_judged_by_and_known_by_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "BATS"
    folder.mkdir()
    (folder / "I01.txt").write_text("cat\tdog\nran\tsaw\n")
    first = EpochScores([folder])
    weights = Weights(aligned_zeros(4, 16, "float32"), aligned_zeros(4, 16, "float32"), 2)
    assert first.figures(["cat", "dog", "ran", "saw"], weights)["BATS"]["used"] == 2
    (folder / "I01.txt").write_text("cat\tdog\nran\tto\n")
    assert first.digests["BATS"] != EpochScores([folder]).digests["BATS"]


def test_figures_worked_by_hand(tmp_path: Path) -> None:
    """Cosines 1, 0, -1 where people said 9, 5, 1: in perfect order."""
    (tmp_path / "p.tsv").write_text("a\tb\t9\na\tc\t5\na\td\t1\n")
    weights = Weights(aligned_zeros(4, 16, "float32"), aligned_zeros(4, 16, "float32"), 2)
    weights.input_vectors[:] = [[1, 0], [2, 0], [0, 3], [-1, 0]]
    scores = EpochScores([tmp_path / "p.tsv"])
    first = scores.figures(["a", "b", "c", "d"], weights)
    assert first["p.tsv"]["spearman"] == pytest.approx(1)
    weights.input_vectors[1:] = [[-1, 0], [0, 3], [2, 0]]
    assert scores.figures(["a", "b", "c", "d"], weights)["p.tsv"]["spearman"] == pytest.approx(-1)


def test_weights_change_in_place_as_in_training_and_nothing_of_them_is_kept(tmp_path: Path) -> None:
    """b - a + c is c: the answer is the word of its direction."""
    (tmp_path / "q.txt").write_text(": one\na b c d\n")
    weights = Weights(aligned_zeros(5, 16, "float32"), aligned_zeros(5, 16, "float32"), 2)
    scores = EpochScores([tmp_path / "q.txt"])
    for answer, expected in (([1, 0], 1.0), ([0, 1], 0.0)):
        weights.input_vectors[:] = [[1, 0], [1, 0], [1, 0], answer, answer[::-1]]
        assert scores.figures(["a", "b", "c", "d", "e"], weights)["q.txt"]["accuracy"] == expected


def test_scoring_changes_no_weight_and_without_files_nothing_is_in_the_history(files: list[Path]) -> None:
    plain = Word2Vec(**CHOSEN).fit(DOCUMENTS)
    judged = Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files)
    assert judged.wv.vectors.tobytes() == plain.wv.vectors.tobytes()
    assert all("evaluation" not in entry for entry in plain.history)
    without = [{name: value for name, value in entry.items() if name != "evaluation"} for entry in judged.history]
    assert unclocked(without) == unclocked(plain.history)


def test_a_file_is_parsed_once_and_its_time_is_not_that_of_training(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, parsed = [0.0], []

    class Slow:
        def score(self, vectors: KeyedVectors) -> dict[str, float]:
            clock[0] += 1000
            return {"accuracy": 0.5}

    def read(path: Path) -> Slow:
        parsed.append(path)
        return Slow()

    monkeypatch.setattr(epoch_scores, "read_set", read)
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files[:1])
    assert parsed == files[:1]
    assert clock[0] == 3000
    assert [entry["seconds"] for entry in model.history] == [0, 0, 0]


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


@pytest.mark.parametrize("stop_at", [1, 3, 6, 8])
def test_a_run_that_resumes_has_the_same_history(
    stop_at: int, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 301)
    whole = Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files)
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files, checkpoints=Stopping(tmp_path, stop_at))
    resumed = Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files, checkpoints=Checkpoints(tmp_path), resume=True)
    assert unclocked(resumed.history) == unclocked(whole.history)
    assert resumed.wv.vectors.tobytes() == whole.wv.vectors.tobytes()
    assert "judged by other files" not in caplog.text


def test_other_files_do_not_keep_a_run_from_going_on_but_are_told(
    files: list[Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A day of training is not lost with a file that it does not depend on."""
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files, checkpoints=Stopping(tmp_path, 2))
    files[0].write_text(PAIRS + "dog\tran\t4\n")
    more: dict[str, Any] = {"checkpoints": Checkpoints(tmp_path), "resume": True}
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files[:1], **more)
    assert caplog.text.count("epochs were judged by other files, or none, before the run was cut off") == 1
    assert [list(entry["evaluation"]) for entry in model.history] == [["pairs.tsv", "analogies.txt"]] + [
        ["pairs.tsv"]
    ] * 2
    caplog.clear()
    Word2Vec(**CHOSEN).fit(DOCUMENTS, **more)
    assert "judged by other files" in caplog.text


def test_a_saved_model_keeps_the_figures(files: list[Path], tmp_path: Path) -> None:
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, evaluate=files, output=tmp_path / "m")
    assert Word2Vec.load(tmp_path / "m").history == model.history


# -------------------------------------------------------------------------------------------------------- what is wrong


def test_what_is_wrong_with_a_file_is_said_before_anything_is_read(tmp_path: Path, files: list[Path]) -> None:
    (tmp_path / "pairs.tsv").write_text(PAIRS)
    with pytest.raises(UsageError, match=r"Got two named pairs\.tsv; a copy of another name would work"):
        Word2Vec(**CHOSEN).fit(tmp_path / "no text", evaluate=[*files, tmp_path / "pairs.tsv"])
    (tmp_path / "bad.tsv").write_text("one\n")
    with pytest.raises(DataError, match=r"bad\.tsv"):
        Word2Vec(**CHOSEN).fit(tmp_path / "no text", evaluate=[tmp_path / "bad.tsv"])
    with pytest.raises((DataError, UsageError), match=r"none\.tsv"):
        Word2Vec(**CHOSEN).fit(tmp_path / "no text", evaluate=[tmp_path / "none.tsv"])


RECORD = {"epoch": 1, "loss": 2.5, "validation_loss": None, "learning_rate": 0.025, "pairs": 7, "seconds": 0.5,
          "words_per_second": 1e6}  # fmt: skip


def test_records_with_and_without_figures_are_read_back() -> None:
    figures: dict[str, Any] = {"p": {"spearman": -0.5, "used": 3, "pearson": None}}
    records: list[dict[str, Any]] = [{}, {"evaluation": {}}, {"evaluation": figures}]
    for more in records:
        assert EpochRecord.from_dict({**RECORD, **more}).as_dict() == {**RECORD, **more}
    plain = EpochRecord.from_dict(RECORD)
    assert dataclasses.replace(plain, evaluation={}).as_dict() != plain.as_dict()


@pytest.mark.parametrize(
    "junk",
    [None, 1, [], "x", {"p": None}, {"p": 0.5}, {"p": {"a": "0.5"}}, {"p": {"a": True}}, {"p": {"a": float("nan")}},
     {"p": {"a": float("inf")}}, {"p": {"a": 10**400}}, {"p": {"a": {}}}],
    ids=str,
)  # fmt: skip
def test_malformed_figures_are_refused(junk: Any) -> None:
    with pytest.raises(ValueError, match=r"evaluation|a is"):
        EpochRecord.from_dict({**RECORD, "evaluation": junk})


# --------------------------------------------------------------------------------------------------------- command line


def test_the_command_prints_the_main_figure_of_each_file_in_the_epoch_s_line(
    files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.txt").write_text("\n".join(map(" ".join, DOCUMENTS)))
    quick = ["--engine", "numpy", "--vector-size", "6", "--epochs", "2", "--min-count", "1", "--no-cache"]
    given = [word for path in files for word in ("--evaluate", str(path))]
    assert run(["train", str(tmp_path / "t.txt"), *quick, *given, "-o", str(tmp_path / "m"), "--json"]) == 0
    out, err = capsys.readouterr()
    history = Word2Vec.load(tmp_path / "m").history
    lines = [line for line in err.splitlines() if line.startswith("Epoch ")]
    for line, entry in zip(lines, history, strict=True):
        pairs, analogies = entry["evaluation"]["pairs.tsv"], entry["evaluation"]["analogies.txt"]
        first, second = f"spearman {pairs['spearman']:.3f}", f"accuracy {analogies['accuracy']:.3f}"
        assert line.endswith(f" words/s  pairs.tsv: {first}  analogies.txt: {second}")
    assert json.loads(out)["evaluation"] == [entry["evaluation"] for entry in history]
    assert not any(np.isnan(entry["evaluation"]["pairs.tsv"]["pearson"]) for entry in history)
