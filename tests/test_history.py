"""The history of a run can be read at any time: while it trains, when it was cut off, and from its finished model."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fastw2v import Callback, DataError, TrainingError, UsageError, Word2Vec, read_history
from fastw2v.cli.app import run
from fastw2v.engines.weights import Weights
from fastw2v.errors import InterruptedRunError
from fastw2v.files.replacing import place
from fastw2v.training.callbacks import Progress
from fastw2v.training.checkpoints import FOLDER, Checkpoints
from fastw2v.training.history import LIVE, LiveHistory
from fastw2v.training.run_state import EpochRecord, RunState

CHOSEN: dict[str, Any] = {
    "engine": "numpy", "vector_size": 8, "epochs": 3, "min_count": 1, "sample": 0.0, "validation": 0,
}  # fmt: skip
DOCUMENTS = [["the", "cat", "saw", "the", "dog"], ["a", "dog", "ran", "to", "the", "cat"]] * 60


def record(epoch: int, **changes: Any) -> EpochRecord:
    values = {"epoch": epoch, "loss": 2.5, "validation_loss": None, "learning_rate": 0.025, "pairs": 7, "seconds": 0.5,
              "words_per_second": 1e6, **changes}  # fmt: skip
    return EpochRecord(**values)


class Reading(Callback):
    """Reads the history at each epoch's end, and before the first one's."""

    def __init__(self, directory: Path, then: Callable[[int], None] = lambda _: None) -> None:
        self._directory, self._then = directory, then
        self.read: list[list[dict[str, Any]]] = []

    def on_progress(self, progress: Progress) -> None:
        if not self.read:
            self.read.append(read_history(self._directory))

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        self.read.append(read_history(self._directory))
        self._then(record.epoch)
        return False


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ------------------------------------------------------------------------------------------------- while it trains


def test_each_finished_epoch_is_there_to_be_read_while_training_runs(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "m")
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, output=tmp_path / "m", callbacks=[reading])
    assert reading.read == [model.history[:epoch] for epoch in range(4)]
    assert read_history(tmp_path / "m") == model.history
    assert len(model.history) == 3
    assert FOLDER not in names(tmp_path / "m")


def test_the_file_has_a_json_object_on_each_line(tmp_path: Path) -> None:
    lines: list[list[str]] = []
    live = tmp_path / "m" / FOLDER / LIVE
    reading = Reading(tmp_path / "m", lambda _: lines.append(live.read_text().splitlines()))
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, output=tmp_path / "m", callbacks=[reading])
    assert [json.loads(line) for line in lines[-1]] == model.history


def test_the_command_keeps_it_too_and_removes_it_with_its_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastw2v.cli import watching

    seen: list[Any] = []

    class Noting(watching.Watching):
        def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
            seen.append(read_history(tmp_path / "m"))
            return super().on_epoch_end(record, weights)

    monkeypatch.setattr(watching, "Watching", Noting)
    (tmp_path / "t.txt").write_text("\n".join(map(" ".join, DOCUMENTS)))
    quick = ["--engine", "numpy", "--vector-size", "8", "--epochs", "2", "--min-count", "1", "--no-cache"]
    assert run(["train", str(tmp_path / "t.txt"), "-o", str(tmp_path / "m"), *quick]) == 0
    history = Word2Vec.load(tmp_path / "m").history
    assert seen == [history[:1], history[:2]]
    assert read_history(tmp_path / "m") == history
    assert FOLDER not in names(tmp_path / "m")


def test_an_older_model_stays_as_it_is_until_the_new_one_is_there(tmp_path: Path) -> None:
    older = Word2Vec(**CHOSEN).fit(DOCUMENTS, output=tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def same(epoch: int) -> None:
        assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before

    reading = Reading(tmp_path, same)
    newer = Word2Vec(**{**CHOSEN, "seed": 2}).fit(DOCUMENTS, output=tmp_path, overwrite=True, callbacks=[reading])
    # Not the older model's, though no epoch is done yet.
    assert reading.read[0] == []
    assert reading.read[-1] == newer.history
    assert read_history(tmp_path) == newer.history != older.history


class Stopping(Checkpoints):
    """Saves, and ends the run, within the third epoch."""

    def due(self, state: RunState, epoch_ended: bool) -> bool:
        if state.epoch == 2 and state.position >= 0:
            self.signals.heard = 2
        return self.signals.heard is not None


def test_of_a_run_that_was_cut_off_it_stays_and_goes_on_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 101)
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(DOCUMENTS, checkpoints=Stopping(tmp_path))
    kept = read_history(tmp_path)
    assert [entry["epoch"] for entry in kept] == [1, 2]
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, checkpoints=Checkpoints(tmp_path), resume=True)
    assert model.history[:2] == kept
    assert read_history(tmp_path) == model.history


def test_a_run_that_begins_anew_begins_its_history_anew(tmp_path: Path) -> None:
    live = LiveHistory(tmp_path)
    live.write([record(1), record(2)])
    reading = Reading(tmp_path)
    Word2Vec(**CHOSEN).fit(DOCUMENTS, checkpoints=Checkpoints(tmp_path), callbacks=[reading])
    assert [len(read) for read in reading.read] == [0, 1, 2, 3]


def test_a_run_that_fails_with_nothing_to_go_on_from_leaves_nothing(tmp_path: Path) -> None:
    def spoil(epoch: int) -> None:
        raise TrainingError("spoilt")

    for output in (tmp_path / "new", tmp_path):
        with pytest.raises(TrainingError, match="spoilt"):
            Word2Vec(**CHOSEN).fit(DOCUMENTS, output=output, callbacks=[Reading(output, spoil)])
        assert names(tmp_path) == []


def test_a_run_that_fails_keeps_its_history_beside_its_checkpoint(tmp_path: Path) -> None:
    def spoil(epoch: int) -> None:
        if epoch == 2:
            raise TrainingError("spoilt")

    with pytest.raises(TrainingError, match="spoilt"):
        Word2Vec(**CHOSEN).fit(
            DOCUMENTS, checkpoints=Checkpoints(tmp_path, "epoch"), callbacks=[Reading(tmp_path, spoil)]
        )
    assert [entry["epoch"] for entry in read_history(tmp_path)] == [1, 2]
    assert names(tmp_path / FOLDER) == ["00000001.safetensors", LIVE]


def test_what_a_killed_run_leaves_of_it_is_no_run_to_go_on_with(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("\n".join(map(" ".join, DOCUMENTS)))
    LiveHistory(tmp_path / "m").write([record(1)])
    quick = ["--engine", "numpy", "--vector-size", "8", "--epochs", "2", "--min-count", "1", "--no-cache"]
    assert run(["train", str(tmp_path / "t.txt"), "-o", str(tmp_path / "m"), *quick]) == 0
    assert [entry["epoch"] for entry in read_history(tmp_path / "m")] == [1, 2]


def test_where_it_cannot_be_written_that_is_said_once_and_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from fastw2v.training import history

    def full(*_: Any, **more: Any) -> None:
        raise DataError("Cannot write it: No space left on device.")

    monkeypatch.setattr(history, "write_atomically", full)
    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, output=tmp_path / "m")
    assert len(model.history) == 3
    assert caplog.text.count("the history cannot be kept while training runs: Cannot write it: No space left") == 1
    assert FOLDER not in names(tmp_path / "m")


def test_a_reader_who_has_it_open_reads_the_one_it_opened_to_its_end(tmp_path: Path) -> None:
    live = LiveHistory(tmp_path)
    live.write([record(1), record(2)])
    before = live.path.read_bytes()
    with live.path.open("rb", buffering=0) as file:
        begun = file.read(10)
        live.write([record(1, loss=3.5)])
        assert begun + file.read() == before
    assert [entry["loss"] for entry in read_history(tmp_path)] == [3.5]


# --------------------------------------------------------------------------------------------------------- reading


def test_where_nothing_is_the_error_says_what_to_give(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match=r"holds no history: .* Give the output of a run"):
            read_history(directory)


def test_a_model_that_moves_up_between_two_looks_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fastw2v.training import history

    model = Word2Vec(**CHOSEN).fit(DOCUMENTS, output=tmp_path)
    left = [tmp_path / ".fastw2v-model" / "history.json"]
    monkeypatch.setattr(history, "place", lambda *given: left.pop() if left else place(*given))
    assert read_history(tmp_path) == model.history
    assert not left


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]\n", b'{"epoch": 1}\n', b"\xff\n", b"[" * 100_000, b"1\n", b'{"epoch": 1, "loss": NaN}\n'],
)
def test_a_damaged_history_is_a_data_error_of_one_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / LIVE).write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_history(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / FOLDER / LIVE))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("linked", ["folder", "file"])
def test_links_are_neither_read_nor_written_nor_removed(
    linked: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere, output = tmp_path / "elsewhere", tmp_path / "m"
    elsewhere.mkdir()
    secret = elsewhere / LIVE
    secret.write_text(json.dumps(record(1).as_dict()) + "\n")
    before = secret.read_bytes()
    if linked == "folder":
        output.mkdir()
        (output / FOLDER).symlink_to(elsewhere)
    else:
        (output / FOLDER).mkdir(parents=True)
        (output / FOLDER / LIVE).symlink_to(secret)
    with pytest.raises(DataError, match="is a link"):
        read_history(output)
    Word2Vec(**CHOSEN).fit(DOCUMENTS, output=output)
    assert "the history cannot be kept while training runs" in caplog.text
    assert secret.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_in_its_place_does_not_have_one_wait(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    os.mkfifo(tmp_path / FOLDER / LIVE)
    with pytest.raises(DataError, match="is no file"):
        read_history(tmp_path)


def test_a_file_that_cannot_be_read_or_is_huge_is_a_data_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    LiveHistory(tmp_path).write([record(1)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fastw2v.training.history.LARGEST_JSON", 100)
        with pytest.raises(DataError, match="larger than the 100 bytes"):
            read_history(tmp_path)

    def denied(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(DataError, match="Permission denied"):
        read_history(tmp_path)
