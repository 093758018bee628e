"""A system that fails while a run saves: each write, sync, rename, new folder and removal in turn."""

from __future__ import annotations

import errno
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fastw2v.cli import show
from fastw2v.cli.app import run
from fastw2v.saved_model.storage import load_model
from fastw2v.training.checkpoints import FOLDER
from fastw2v.training.history import LIVE

QUICK = (
    "--engine", "numpy", "--vector-size", "8", "--epochs", "2", "--min-count", "2", "--checkpoint-every", "1word",
    "--no-cache",
)  # fmt: skip
CODES = {errno.ENOSPC: "No space left on device", errno.EIO: "Input/output error", errno.EACCES: "Permission denied"}
CALLS = ("write", "fsync", "replace", "mkdir", "unlink")


class Faults:
    """Makes the `number`-th call of a kind fail, once; 0: none. Counts the calls."""

    def __init__(self, kind: str, number: int = 0, code: int = 0) -> None:
        self._kind, self._number, self.code = kind, number, code
        self.calls = 0

    def met(self, kind: str) -> None:
        if kind != self._kind:
            return
        self.calls += 1
        if self.calls == self._number:
            raise OSError(self.code, os.strerror(self.code))

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for name in ("fsync", "replace", "mkdir", "unlink"):
            patch.setattr(os, name, self._failing(name, getattr(os, name)))
        usual = Path.open

        def opened(path: Path, mode: str = "r", *arguments: Any, **more: Any) -> Any:
            file = usual(path, mode, *arguments, **more)
            return Written(file, self) if "x" in mode else file

        patch.setattr(Path, "open", opened)

    def _failing(self, name: str, usual: Any) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            self.met(name)
            return usual(*arguments, **more)

        return call


class Written:
    """A file that writes half of what it is given where it is to fail."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def __enter__(self) -> Written:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def write(self, content: Any) -> int:
        try:
            self._faults.met("write")
        except OSError:
            self._file.write(bytes(content)[: len(bytes(content)) // 2])
            raise
        return int(self._file.write(content))

    def flush(self) -> None:
        self._faults.met("write")
        self._file.flush()

    def fileno(self) -> int:
        return int(self._file.fileno())


@pytest.fixture(autouse=True)
def quick(text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A quarter of it, in blocks so small that a run saves as often as one of 4,000 words by 1,999.
    (tmp_path / "text.txt").write_bytes(b"".join(text.read_bytes().splitlines(keepends=True)[::4]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 420)
    monkeypatch.setattr(show, "loss_curve", lambda *_: None)


def train(output: str, *arguments: str, faults: Faults | None = None) -> int:
    with pytest.MonkeyPatch.context() as patch:
        if faults is not None:
            faults.install(patch)
        return run(["train", "text.txt", *QUICK, "-o", output, *arguments])


def result(directory: Path) -> Any:
    history = json.loads((directory / "history.json").read_text())
    for entry in history:
        entry.update(seconds=0, words_per_second=0)
    return (directory / "weights.safetensors").read_bytes(), history


def left(directory: Path) -> list[str]:
    """Names of temporary files."""
    return [path.name for path in directory.rglob("*.tmp")]


def all_faults(kind: str) -> Iterator[Faults]:
    """Yield each call of a whole run, failing with each error in turn."""
    counted = Faults(kind)
    assert train("counted", faults=counted) == 0
    assert counted.calls > 1
    codes = itertools.cycle(CODES)
    for number in range(1, counted.calls + 1):
        yield Faults(kind, number, next(codes))


@pytest.mark.parametrize("kind", CALLS)
def test_whatever_fails_is_one_line_and_the_run_goes_on_to_the_same_model(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert train("whole") == 0
    expected = result(tmp_path / "whole")
    failed = 0
    for number, faults in enumerate(all_faults(kind)):
        output = tmp_path / f"m{number}"
        capsys.readouterr()
        caplog.clear()
        code = train(output.name, faults=faults)
        said = capsys.readouterr().err
        assert faults.calls >= number + 1
        if code == 0:
            # Of what only takes room; of what is there; of a folder that some systems cannot sync; of what only shows
            # how training goes.
            shown = "the history cannot be kept while training runs" in caplog.text
            assert kind in ("unlink", "mkdir") or (kind, faults.code) == ("fsync", errno.EACCES) or shown
        else:
            failed += 1
            assert code in (1, 2), said
            assert said.count("\n") == 1, said
            assert any(meaning in said for meaning in CODES.values()), said
            assert "bug" not in said
            assert kind == "unlink" or left(tmp_path) == []
            # Not the mkdir of the directory itself.
            if output.exists() and (output / FOLDER).exists() and list((output / FOLDER).iterdir()):
                assert "--resume" in said or "is kept in fastw2v-models" in said, said
        assert train(output.name, "--resume") == 0
        assert capsys.readouterr().err == ""
        assert result(output) == expected, number
        load_model(output)
        assert left(tmp_path) == []
        assert not (output / FOLDER).exists()
    assert failed > 1 or kind == "unlink" or (kind, failed) == ("mkdir", 1)


def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the second checkpoint each write fails in turn; the first one stays, byte for byte."""
    first: bytes | None = None
    for number in range(1, 100):
        output = tmp_path / f"m{number}"
        code = train(output.name, faults=Faults("write", number, errno.ENOSPC))
        said = capsys.readouterr().err
        names = sorted(path.name for path in (output / FOLDER).iterdir()) if (output / FOLDER).exists() else []
        if "00000001.safetensors" not in names:
            assert names == []
            assert "The run is kept" not in said
            continue
        if names != ["00000001.safetensors", LIVE]:
            break
        assert code == 1
        assert "The run is kept as it was at its last checkpoint, 00000001.safetensors. Go on with: fastw2v" in said
        content = (output / FOLDER / names[0]).read_bytes()
        weights = content[-2 * 4 * 8 :]
        assert first in (None, weights)
        first = weights
    assert first is not None


def test_a_model_that_cannot_be_saved_is_kept_elsewhere_or_stays_as_its_last_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastw2v.saved_model import storage

    def full(*arguments: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "_manifest", full)
        assert train("m") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("fastw2v: Cannot write ")
    assert said.endswith(
        "m: No space left on device. It cannot be kept elsewhere either; a checkpoint stays, if there was one: see "
        "--resume.\n"
    )
    assert left(tmp_path) == []
    assert not list((tmp_path / "fastw2v-models").glob("[0-9]*"))
    assert train("m", "--resume") == 0
    assert train("whole") == 0
    assert result(tmp_path / "m") == result(tmp_path / "whole")
