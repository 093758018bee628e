"""The model directory: exact round trips, byte-identical weights, crashes, damage, and hostile files."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v import Word2Vec
from fastw2v.errors import DataError, UsageError
from fastw2v.files import json_files
from fastw2v.saved_model import storage
from fastw2v.saved_model.storage import check_output, holds_model, load_model, next_numbered_directory, save_model
from fastw2v.training.starting import read_given

FILES = {"weights.safetensors", "vocabulary.jsonl", "settings.json", "history.json", "model.json"}
HISTORY = [
    {
        "epoch": 1,
        "loss": 3.25,
        "validation_loss": None,
        "learning_rate": 0.025,
        "pairs": 2**40,
        "seconds": 1.5,
        "words_per_second": 1e6,
    }
]


def parts(**changes: Any) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "words": ["a", 1, "1", "naïve\u2028 word"],
        "counts": np.array([9, 7, 7, 0]),
        "w_in": rng.normal(size=(4, 3)).astype(np.float32),
        "w_out": rng.normal(size=(4, 3)).astype(np.float32),
        "settings": {"vector_size": 3, "alpha": 0.025, "output": None},
        "history": HISTORY,
        "provenance": {"corpus": "a.txt"},
    } | changes


def saved(directory: Path, **changes: Any) -> Path:
    save_model(directory, **parts(**changes))
    return directory


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in directory.iterdir()}


# Round trips

ITEMS = st.text(st.characters(), max_size=12) | st.integers()


@settings(deadline=None)
@given(
    st.data(),
    st.lists(ITEMS, min_size=1, max_size=6, unique=True),
    st.integers(1, 4),
    st.sampled_from([np.float32, np.float64]),
)
def test_items_counts_and_bits_survive_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, words: list[Any], size: int, dtype: Any
) -> None:
    width = np.dtype(dtype).itemsize * 8
    number = st.floats(width=width, allow_nan=False, allow_infinity=False)
    values = data.draw(st.lists(number, min_size=2 * len(words) * size, max_size=2 * len(words) * size))
    weights = np.array(values, dtype=dtype).reshape(2, len(words), size)
    counts = data.draw(st.lists(st.integers(0, 2**63 - 1), min_size=len(words), max_size=len(words)))
    directory = tmp_path_factory.mktemp("model")
    model_parts = parts(words=words, counts=np.array(counts), w_in=weights[0], w_out=weights[1])
    save_model(directory, **model_parts)
    model = load_model(directory)
    assert model.words == words
    assert [type(word) for word in model.words] == [type(word) for word in words]
    assert model.counts.tolist() == counts
    assert model.counts.dtype == np.int64
    assert model.w_in.dtype == model.w_out.dtype == dtype
    assert model.w_in.tobytes() == weights[0].tobytes()
    assert model.w_out.tobytes() == weights[1].tobytes()


def test_settings_history_and_provenance_come_back(tmp_path: Path) -> None:
    model = load_model(saved(tmp_path / "m"))
    assert model.settings == {"vector_size": 3, "alpha": 0.025, "output": None}
    assert model.history == HISTORY
    assert model.provenance == {"corpus": "a.txt"}
    assert model.format_version == 1


def test_numpy_numbers_in_settings_and_history_become_plain_ones(tmp_path: Path) -> None:
    history = [{"epoch": np.int64(1), "loss": np.float32(0.5)}]
    assert load_model(saved(tmp_path / "m", history=history)).history == [{"epoch": 1, "loss": 0.5}]


def test_rows_that_are_a_slice_of_padded_rows_are_saved_without_the_padding(tmp_path: Path) -> None:
    padded = np.arange(64, dtype=np.float32).reshape(4, 16)
    model = load_model(saved(tmp_path / "m", w_in=padded[:, :3], w_out=padded[:, :3]))
    assert model.w_in.tolist() == padded[:, :3].tolist()
    assert model.w_in.shape == (4, 3)


def test_equal_weights_give_byte_identical_files_and_only_the_manifest_varies(tmp_path: Path) -> None:
    one = contents(saved(tmp_path / "a"))
    other = contents(saved(tmp_path / "b", provenance={"corpus": "elsewhere", "time": "later"}))
    assert set(one) == FILES
    assert {name for name in FILES if one[name] != other[name]} == {"model.json"}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_weights_file_is_the_one_the_safetensors_library_writes(tmp_path: Path, dtype: Any) -> None:
    library = pytest.importorskip("safetensors.numpy")
    given_parts = parts()
    w_in, w_out = (given_parts[name].astype(dtype) for name in ("w_in", "w_out"))
    saved(tmp_path, w_in=w_in, w_out=w_out)
    expected = library.save({"input_vectors": w_in, "output_vectors": w_out})
    assert (tmp_path / "weights.safetensors").read_bytes() == expected


def test_the_vocabulary_is_one_json_array_a_line(tmp_path: Path) -> None:
    saved(tmp_path)
    expected = '["a", 9]\n[1, 7]\n["1", 7]\n["naïve\u2028 word", 0]\n'
    assert (tmp_path / "vocabulary.jsonl").read_bytes() == expected.encode()


def test_json_files_are_readable_and_the_manifest_tells_size_and_checksum(tmp_path: Path) -> None:
    saved(tmp_path, provenance={"corpus": "naïve.txt"})
    for name in ("settings.json", "history.json", "model.json"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.endswith("\n")
        assert text.count("\n") > 3
    assert "naïve" in text
    manifest = json.loads(text)
    assert manifest["format_version"] == 1
    assert manifest["shape"] == [4, 3]
    assert manifest["dtype"] == "float32"
    assert set(manifest["files"]) == FILES - {"model.json"}
    for name, entry in manifest["files"].items():
        content = (tmp_path / name).read_bytes()
        assert entry == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


# What is refused before anything is written


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"words": ["a", True, "b", "c"]}, "The item True of type bool cannot be saved"),
        ({"words": ["a", 1.5, "b", "c"]}, r"The item 1\.5 of type float cannot be saved"),
        ({"words": ["a", ("x",), "b", "c"]}, "of type tuple cannot be saved"),
        ({"words": ["a", np.int64(3), "b", "c"]}, "of type int64 cannot be saved"),
        ({"words": ["a", "b", "a", "c"]}, "the same word twice"),
        ({"words": [-1, -2, -1, 7]}, "the same word twice"),  # the first two have one hash
        ({"words": ["a", "b", "c"]}, r"needs 3 rows\. Got 4"),
        ({"words": ["a", "b", "c", "x" * 2**20]}, "takes more than"),
        ({"words": ["a", 10**5000, "b", "c"]}, "more than 3,000 digits"),
        ({"counts": np.array([1, 2, 3])}, "counts must be 4 integers"),
        ({"counts": np.array([1, 2, 3, -1])}, "counts must be 4 integers"),
        ({"counts": np.ones(4)}, "counts must be 4 integers"),
        (
            {"w_in": np.full((4, 3), np.nan, np.float32)},
            "input_vectors holds a value that is not finite, in row 0",
        ),
        ({"w_out": np.full((4, 3), np.inf, np.float32)}, "output_vectors holds a value that is not finite"),
        ({"w_out": np.ones((4, 2), np.float32)}, "both weights must be alike"),
        ({"w_out": np.ones((4, 3))}, "both weights must be alike"),
        ({"w_in": np.ones((4, 3), np.float16)}, "must be .* float32 or float64"),
        ({"settings": {"alpha": float("nan")}}, "settings.json must hold JSON values only"),
        ({"settings": {"path": Path("x")}}, "settings.json must hold JSON values only"),
        ({"history": [{"loss": float("inf")}]}, "history.json must hold JSON values only"),
        ({"provenance": {"x": {1, 2}}}, "provenance must hold JSON values only"),
        ({"settings": {"text": "x" * 2**24}}, "at most 16,777,216 can be read back"),
    ],
)
def test_what_could_not_be_loaded_again_is_not_saved(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        saved(tmp_path / "m", **changes)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "m").exists()


def test_a_model_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    before = contents(tmp_path / "m")
    with pytest.raises(UsageError) as caught:
        saved(tmp_path / "m", settings={})
    remedy = "give another directory, or overwrite=True to replace it."
    assert str(caught.value) == f"{tmp_path / 'm'} already holds a model; {remedy}"
    assert contents(tmp_path / "m") == before
    saved(tmp_path / "m", settings={"vector_size": 4}, overwrite=True)
    assert load_model(tmp_path / "m").settings == {"vector_size": 4}


def test_files_of_others_in_the_directory_stay_and_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    saved(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    other = tmp_path / "other"
    other.mkdir()
    (other / "settings.json").write_text("mine too")
    with pytest.raises(UsageError, match=r"already holds a file settings\.json"):
        saved(other)
    assert contents(other) == {"settings.json": b"mine too"}


def test_a_file_in_place_of_the_directory_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("mine")
    (tmp_path / "empty").write_text("")
    for overwrite in (False, True):
        for name in ("m", "empty"):
            with pytest.raises(UsageError, match="not a directory"):
                check_output(tmp_path / name, overwrite)
        with pytest.raises(UsageError, match="not a directory"):
            saved(tmp_path / "m", overwrite=overwrite)


# Crashes


OLD = parts(words=["p", "q", "r"], counts=np.array([3, 2, 1]), settings={"old": True}, history=[]) | {
    "w_in": np.ones((3, 3), np.float32),
    "w_out": np.ones((3, 3), np.float32),
}


class Crash(BaseException):
    """A process that ends here and now."""


def crash_at(step: int, patch: pytest.MonkeyPatch, end: BaseException) -> list[str]:
    """Let every rename, removal and sync after so many fail; return what was done."""
    done: list[str] = []

    def wrap(owner: Any, name: str) -> None:
        before = getattr(owner, name)

        def counted(*given: Any, **named: Any) -> Any:
            if len(done) >= step:
                raise end
            done.append(name)
            return before(*given, **named)

        patch.setattr(owner, name, counted)

    for owner, name in ((Path, "replace"), (Path, "rename"), (Path, "unlink"), (shutil, "rmtree"), (os, "fsync")):
        wrap(owner, name)
    return done


def same(model: storage.SavedModel, given: dict[str, Any]) -> bool:
    names = ("words", "settings", "history")
    return all(getattr(model, name) == given[name] for name in names)


@pytest.mark.parametrize("end", [Crash(), OSError(28, "No space left on device")], ids=["crash", "full disk"])
@pytest.mark.parametrize("older", [True, False])
def test_after_a_crash_at_any_step_the_old_model_or_the_new_one_is_whole(
    tmp_path: Path, older: bool, end: BaseException
) -> None:
    new, steps, saved_since = parts(), 0, None
    while True:
        directory = tmp_path / str(steps)
        if older:
            save_model(directory, **OLD)
        with pytest.MonkeyPatch.context() as patch:
            done = crash_at(steps, patch, end)
            with contextlib.suppress(Crash, DataError):
                save_model(directory, **new, overwrite=True)
        if saved_since is None and holds_model(directory) and same(load_model(directory), new):
            saved_since = steps
        if saved_since is not None:
            assert same(load_model(directory), new)
        elif older:
            assert same(load_model(directory), OLD)
        else:
            assert not holds_model(directory)
        whole = set(contents(directory)) == FILES
        # A save that was cut off is ended, or thrown away, by the next.
        save_model(directory, **OLD, overwrite=True)
        assert same(load_model(directory), OLD)
        assert set(contents(directory)) == FILES
        if len(done) < steps:
            break
        steps += 1
    assert whole
    assert saved_since is not None
    # Files move up one by one after the model is saved: that, too, was cut off after each.
    assert steps - saved_since > 5


def test_files_that_moved_up_are_on_disk_before_what_stood_in_for_them_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = crash_at(1000, monkeypatch, Crash())
    saved(tmp_path)
    last = len(done) - done[::-1].index("replace")
    assert done[last : last + 2] == ["fsync", "rmtree"]


@pytest.mark.parametrize("checked", range(4))
def test_a_model_that_another_one_replaces_while_it_is_read_is_not_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checked: int
) -> None:
    save_model(tmp_path, **OLD)
    check, calls = storage._check_file, []

    def check_and_replace(*given: Any) -> None:
        calls.append(given)
        if len(calls) == checked + 1:
            saved(tmp_path, overwrite=True)
        check(*given)

    monkeypatch.setattr(storage, "_check_file", check_and_replace)
    assert same(load_model(tmp_path), parts())
    assert len(calls) > 4


def test_a_save_that_fails_before_it_is_done_leaves_no_trace(tmp_path: Path) -> None:
    save_model(tmp_path, **OLD)
    before = contents(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        crash_at(2, patch, OSError(28, "No space left on device"))
        with pytest.raises(DataError, match=r"Cannot write .*: No space left on device"):
            saved(tmp_path, overwrite=True)
    shutil.rmtree(tmp_path / ".fastw2v-draft", ignore_errors=True)  # removal failed as well
    (tmp_path / ".fastw2v-saving").unlink(missing_ok=True)
    assert contents(tmp_path) == before


def test_a_signal_waits_until_the_model_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day's training must not be lost to one that comes in its last second."""
    usual = storage._write_files

    def interrupted(*arguments: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        usual(*arguments)

    monkeypatch.setattr(storage, "_write_files", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt):
        saved(tmp_path / "m")
    signal.signal(signal.SIGINT, before)
    assert load_model(tmp_path / "m").words
    assert not list((tmp_path / "m").glob(".*"))


def test_a_first_save_cut_off_leaves_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "write_weights", fail)
    with pytest.raises(DataError, match="No space left on device"):
        saved(tmp_path / "m")
    assert not holds_model(tmp_path / "m")
    assert contents(tmp_path / "m") == {}


# Damage and hostile files


def test_no_directory_and_no_model_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        load_model(tmp_path / "absent")
    with pytest.raises(UsageError, match=r"holds no model: there is no model\.json"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", sorted(FILES - {"model.json"}))
def test_any_missing_cut_or_changed_file_is_named(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path / "m") / name
    content = path.read_bytes()
    for place in (0, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(DataError, match=f"{name}: its SHA-256 is not the one"):
            load_model(tmp_path / "m")
    path.write_bytes(content[:-1])
    with pytest.raises(DataError, match=f"{name}: .* bytes where model.json says"):
        load_model(tmp_path / "m")
    path.unlink()
    with pytest.raises(DataError, match=f"{name} is missing"):
        load_model(tmp_path / "m")


def forge(directory: Path, name: str, content: bytes) -> None:
    """Replace a file and make the manifest agree with it, as a stranger could."""
    (directory / name).write_bytes(content)
    manifest = json.loads((directory / "model.json").read_text(encoding="utf-8"))
    manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (directory / "model.json").write_text(json.dumps(manifest), encoding="utf-8")


def weights_of(w_in: Any, w_out: Any, first: str = "input_vectors") -> bytes:
    library = pytest.importorskip("safetensors.numpy")
    content: bytes = library.save({first: np.asarray(w_in), "output_vectors": np.asarray(w_out)})
    return content


ONES = np.ones((4, 3), np.float32)
F32 = "F32"


def header(dtype: str, shape: list[int], first: list[int], second: list[int], size: int = 96) -> bytes:
    """Return a weights file whose header says this, with so many bytes after it."""
    tensors = {
        name: {"dtype": dtype, "shape": shape, "data_offsets": places}
        for name, places in (("input_vectors", first), ("output_vectors", second))
    }
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text)) + text + bytes(size)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("vocabulary.jsonl", b'["a", 1]\n', "1 line for the 4 words"),
        (
            "vocabulary.jsonl",
            b'["a", 1]\n["b", 1]\n["c", 1]\n["d", 1]\n["e", 1]\n',
            "more lines than the 4 words",
        ),
        (
            "vocabulary.jsonl",
            b'["a", 1]\n["b", 1]\n["a", 1]\n["d", 1]\n',
            "line 3: the word 'a' occurred in line 1",
        ),
        ("vocabulary.jsonl", b'["a", 1]\n[true, 1]\n', "line 2: expected"),
        ("vocabulary.jsonl", b'["a", 1]\n["b", true]\n', "line 2: expected"),
        ("vocabulary.jsonl", b'["a", 1]\n["b", -1]\n', "line 2: expected"),
        ("vocabulary.jsonl", b'["a", 1]\n["b", 9223372036854775808]\n', "line 2: expected"),
        ("vocabulary.jsonl", b'["a", 1]\n{"b": 1}\n', "line 2: expected"),
        ("vocabulary.jsonl", b'["a", 1]\n[["b"], 1]\n', "line 2: expected"),
        ("vocabulary.jsonl", b'["a", 1]\n["b", NaN]\n', "line 2: not valid JSON"),
        ("vocabulary.jsonl", b'["a", 1]\n["\xff", 1]\n', "line 2: not valid JSON"),
        ("vocabulary.jsonl", b'["a", 1]\n[' + b"9" * 5000 + b", 1]\n", "line 2: not valid JSON"),
        ("vocabulary.jsonl", b'["a", 1]\n' + b"[" * 200_000 + b"\n", "line 2: JSON nested too deeply"),
        ("settings.json", b"[]", "must hold one JSON object"),
        ("settings.json", b"{", "not valid JSON"),
        ("settings.json", b'{"a": Infinity}', "not valid JSON"),
        ("settings.json", b'{"a": ' * 200_000, "nested too deeply"),
        ("settings.json", b" " * (16 * 2**20 + 1), "larger than the 16,777,216 bytes"),
        ("history.json", b"{}", "must hold a list"),
        ("history.json", b"[1]", "must hold a list"),
        ("weights.safetensors", b"", "not a valid safetensors file"),
        ("weights.safetensors", b"\xff" * 64, "not a valid safetensors file"),
        ("weights.safetensors", b"\0\0\0\0\0\0\0\x10" + b"{}", "not a valid safetensors file"),
        ("weights.safetensors", header(F32, [4, 3], [0, 48], [0, 48]), "not a valid safetensors file"),
        ("weights.safetensors", header(F32, [4, 3], [0, 48], [24, 72]), "not a valid safetensors file"),
        ("weights.safetensors", header(F32, [4, 3], [48, 0], [48, 96]), "not a valid safetensors file"),
        ("weights.safetensors", header(F32, [2**62, 2**62], [0, 48], [48, 96]), "not a valid safetensors file"),
        ("weights.safetensors", header(F32, [2**40, 0], [0, 0], [0, 0], 0), r"must be \(V, d\)"),
        ("weights.safetensors", header(F32, [12], [0, 48], [48, 96]), r"must be \(V, d\)"),
        ("weights.safetensors", header("BF16", [4, 6], [0, 48], [48, 96]), "float32 or float64"),
        ("weights.safetensors", header("F8_E5M2", [4, 12], [0, 48], [48, 96]), "float32 or float64"),
        ("weights.safetensors", header("O", [4, 3], [0, 48], [48, 96]), "not a valid safetensors file"),
        ("weights.safetensors", header(F32, [4, 3], [0, 48], [48, 96], 96 + 1), "not a valid safetensors file"),
        (
            "weights.safetensors",
            weights_of(ONES, ONES, "other"),
            "must hold input_vectors and output_vectors",
        ),
        ("weights.safetensors", weights_of(ONES[:3], ONES[:3]), r"needs 4 rows\. Got 3"),
        ("weights.safetensors", weights_of(ONES, ONES[:, :2]), "both weights must be alike"),
        (
            "weights.safetensors",
            weights_of(ONES[:, :2], ONES[:, :2]),
            r"\(4, 2\) float32 where model.json says",
        ),
        (
            "weights.safetensors",
            weights_of(ONES * 1.0, ONES.astype(np.float64)),
            "both weights must be alike",
        ),
        (
            "weights.safetensors",
            weights_of(ONES.astype(int), ONES.astype(int)),
            "must be .* float32 or float64",
        ),
        ("weights.safetensors", weights_of(ONES, ONES * np.float32(np.nan)), "output_vectors holds a value"),
    ],
)
def test_a_forged_file_with_a_right_checksum_is_still_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    saved(tmp_path)
    forge(tmp_path, name, content)
    with pytest.raises(DataError, match=message) as caught:
        load_model(tmp_path)
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


Change = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(format_version=2), "unknown format version 2; this fastw2v reads version 1"),
        (lambda m: m.update(format_version=True), "unknown format version True"),
        (lambda m: m.pop("format_version"), "unknown format version None"),
        (lambda m: m.update(format="other"), "not the manifest of a fastw2v model"),
        (lambda m: m.update(shape=[4]), "missing or malformed"),
        (lambda m: m.update(files=[]), "missing or malformed"),
        (lambda m: m.pop("provenance"), "missing or malformed"),
        (lambda m: m.update(shape=[10**15, 3]), r"needs 1,000,000,000,000,000 rows\. Got 4"),
        (lambda m: m.update(shape=[10**4000, 3]), "missing or malformed"),
        (lambda m: m.update(shape=[-1, 3]), "missing or malformed"),
        (lambda m: m.update(rows=[3, 4]), r'"rows" must be two sizes, of W_in \(at least 4\)'),
        (lambda m: m.update(rows=[4, 10**30]), '"rows" must be two sizes'),
        (lambda m: m.update(rows="44"), '"rows" must be two sizes'),
        (lambda m: m.update(rows=[5, 4]), r"input_vectors needs 5 rows\. Got 4"),
        (lambda m: m["files"]["history.json"].update(bytes=10**4000), r"no size and SHA-256 of history\.json"),
        (lambda m: m["files"].pop("history.json"), r"no size and SHA-256 of history\.json"),
        (lambda m: m["files"].update({"history.json": 3}), r"no size and SHA-256 of history\.json"),
        (lambda m: m["files"]["history.json"].update(bytes="3"), r"no size and SHA-256 of history\.json"),
    ],
)
def test_a_manifest_that_cannot_be_right_is_refused(tmp_path: Path, change: Change, message: str) -> None:
    saved(tmp_path)
    manifest = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    change(manifest)
    (tmp_path / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_model(tmp_path)


def test_weights_of_other_rows_than_the_objective_has_are_no_model(tmp_path: Path) -> None:
    nine, four = np.ones((9, 3), np.float32), np.ones((4, 3), np.float32)
    for number, (w_in, w_out) in enumerate(((nine, four), (four, nine), (four, four[:3]))):
        directory = tmp_path / str(number)
        rows = len(w_in), len(w_out)
        saved(directory, w_in=w_in, w_out=w_out, settings={"vector_size": 3}, rows=rows)
        for read in (Word2Vec.load, read_given):
            with pytest.raises(DataError) as caught:
                read(directory)
            wanted = "need 4 and 4 rows, for 4 words and skip-gram with negative-sampling"
            assert str(caught.value) == f"{directory / 'model.json'}: W_in and W_out {wanted}. Got %d and %d." % rows


@pytest.mark.parametrize("content", [b"", b"[]", b"3", b"\xff", b"[" * 200_000, b" " * (16 * 2**20 + 1)])
def test_a_manifest_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(DataError, match=r"model\.json"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path, name: str) -> None:
    saved(tmp_path / "m")
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "m" / name).rename(elsewhere)
    (tmp_path / "m" / name).symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    with pytest.raises(DataError, match=f"{name} is a link, which could lead to any file"):
        load_model(tmp_path / "m")
    # Neither are they written through: the link goes.
    saved(tmp_path / "m", settings={}, overwrite=True)
    assert load_model(tmp_path / "m").settings == {}
    assert elsewhere.read_bytes() == before


@pytest.mark.parametrize("name", [".fastw2v-model", ".fastw2v-draft", ".fastw2v-saving"])
def test_a_link_in_place_of_a_working_folder_leads_nowhere(tmp_path: Path, name: str) -> None:
    saved(tmp_path / "m")
    save_model(tmp_path / "other", **OLD)
    before = contents(tmp_path / "other")
    (tmp_path / "m" / name).symlink_to(tmp_path / "other")
    assert load_model(tmp_path / "m").words == parts()["words"]
    saved(tmp_path / "m", settings={}, overwrite=True)
    assert load_model(tmp_path / "m").settings == {}
    assert contents(tmp_path / "other") == before
    assert set(contents(tmp_path / "m")) == FILES


def test_names_in_a_manifest_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path / "m")
    manifest = json.loads((tmp_path / "m" / "model.json").read_text(encoding="utf-8"))
    outside = {"bytes": 1, "sha256": "0" * 64}
    manifest["files"] |= {"../secret": outside, str(tmp_path / "secret"): outside, "/dev/zero": outside}
    (tmp_path / "m" / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    opened: set[str] = set()
    watching = [True]

    def note(event: str, given: tuple[Any, ...]) -> None:
        if event == "open" and watching and isinstance(given[0], str):
            opened.add(given[0])

    sys.addaudithook(note)
    load_model(tmp_path / "m")
    watching.clear()
    ours = {name for name in opened if name.startswith(str(tmp_path))}
    assert {Path(name).parent for name in ours} == {tmp_path / "m"}
    assert not any("secret" in name or "zero" in name for name in opened)
    assert len(ours) >= 4


@pytest.mark.parametrize("depth", [65, 900, 100_000])
def test_json_nested_more_than_64_deep_is_refused(tmp_path: Path, depth: int) -> None:
    saved(tmp_path)
    forge(tmp_path, "settings.json", b'{"a": ' + b"[" * depth + b"]" * depth + b"}")
    with pytest.raises(DataError, match=r"settings\.json: JSON nested too deeply"):
        load_model(tmp_path)


@pytest.mark.parametrize("depth", [65, 100_000])
def test_what_is_nested_too_deeply_to_be_read_is_not_saved(tmp_path: Path, depth: int) -> None:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    with pytest.raises(DataError, match="nested too deeply"):
        saved(tmp_path / "m", settings={"a": nested})
    while nested:  # unpacked level by level: freeing it at once would overflow the stack in some versions
        nested = nested[0]


def test_a_vocabulary_line_without_end_is_not_read_whole(tmp_path: Path) -> None:
    saved(tmp_path)
    forge(tmp_path, "vocabulary.jsonl", b'["' + b"x" * 2**21 + b'", 1]\n')
    with pytest.raises(DataError, match=r"vocabulary\.jsonl, line 1: not valid JSON"):
        load_model(tmp_path)
    assert json_files.LARGEST_JSON == 16 * 2**20


# Numbered directories


def test_directories_are_numbered_and_hidden_from_git(tmp_path: Path) -> None:
    base = tmp_path / "deep" / "models"
    assert [next_numbered_directory(base) for _ in range(3)] == [base / "1", base / "2", base / "3"]
    assert (base / ".gitignore").read_text() == "*\n"


def test_the_next_number_follows_the_highest_and_other_names_do_not_count(tmp_path: Path) -> None:
    for name in ("9", "10", "x11", "12.bak", "²"):
        (tmp_path / name).mkdir()
    assert next_numbered_directory(tmp_path) == tmp_path / "11"


def test_a_directory_that_was_there_is_not_hidden_from_git(tmp_path: Path) -> None:
    next_numbered_directory(tmp_path)
    assert not (tmp_path / ".gitignore").exists()


def test_many_at_once_never_get_the_same_directory(tmp_path: Path) -> None:
    got: list[Path] = []
    threads = [
        threading.Thread(target=lambda: got.extend(next_numbered_directory(tmp_path / "m") for _ in range(20)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == len(got) == 120


def test_a_file_as_base_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="Cannot create a directory in"):
        next_numbered_directory(tmp_path / "file")
