"""Encoded text kept for the next run: found by content and settings, bounded in size, and never in the way."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import commands
import numpy as np
import pytest

import fastw2v
from fastw2v import Settings, Word2Vec
from fastw2v.cli.app import run
from fastw2v.corpus import cache as cache_module
from fastw2v.corpus import reading
from fastw2v.corpus.cache import Cache, cache_folder, key_of, usual_cache
from fastw2v.corpus.sinks import FileSink
from fastw2v.corpus.snapshot import Snapshot
from fastw2v.errors import DataError, UsageError
from fastw2v.files.locks import locked
from fastw2v.text import TextCorpus, tokenise
from fastw2v.text.sources import find_sources

ROOT = Path(fastw2v.__file__).parents[1]
QUICK: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 1, "min_count": 2}
QUICKLY = ("--engine", "numpy", "--vector-size", "8", "--epochs", "1", "--min-count", "2")
READING_SETTINGS: list[dict[str, Any]] = [
    {"tokenizer": "whitespace"}, {"documents": "blank"}, {"limit": "2kB"}, {"max_vocab_size": 100},
    {"encoding_errors": "replace"}, {"encoding": "cp1252"},
]  # fmt: skip
OTHER_SETTINGS: list[dict[str, Any]] = [
    {"min_count": 3}, {"stop_words": "english"}, {"sample": 0.0}, {"max_final_vocab": 50}, {"workers": 2},
    {"seed": 3}, {"validation": 0}, {"window": 2},
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FASTW2V_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("FASTW2V_CACHE_SIZE", raising=False)
    return tmp_path / "cache"


def command(*arguments: Any) -> list[str]:
    return [sys.executable, "-m", "fastw2v", *map(str, arguments)]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "250"}


def called(place: Path, *arguments: Any) -> subprocess.CompletedProcess[str]:
    return commands.called(place, *arguments, columns=250)


def said_of(text: Any, **settings: Any) -> tuple[str, Any]:
    """Read text with a cache; return what it says, in one, and the numbers."""
    said: list[str] = []
    encoded, _ = reading.read(text, Settings(**settings), cache=Cache(said.append))
    return " ".join(said), encoded


def keys(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---------------------------------------------------------------------------------------------------- found and made


def test_the_second_training_says_that_it_reads_nothing_and_gives_the_same_bytes_as_without_a_cache(
    text: Path, tmp_path: Path, folder: Path
) -> None:
    first = called(tmp_path, "train", text, "--output", "a", *QUICKLY)
    second = called(tmp_path, "train", text, "--output", "b", *QUICKLY)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "Encoded text is kept for the next run" in first.stdout
    assert "used again" not in first.stdout
    assert "Text encoded before is used again" in second.stdout
    assert "is kept" not in second.stdout
    assert len(keys(folder)) == 1
    shutil.rmtree(folder)
    without = called(tmp_path, "train", text, "--output", "c", "--no-cache", *QUICKLY)
    assert without.returncode == 0
    assert "kept" not in without.stdout
    assert not folder.exists()
    for name in ("weights.safetensors", "vocabulary.jsonl", "settings.json"):
        assert len({(tmp_path / model / name).read_bytes() for model in "abc"}) == 1
    # What a model records of its corpus is the same too.
    described = [json.loads((tmp_path / model / "model.json").read_text())["provenance"]["corpus"] for model in "abc"]
    assert described[0] == described[1] == described[2]
    assert described[0]["name"] == text.name


def test_python_keeps_nothing_unless_it_is_told_to(text: Path, folder: Path) -> None:
    plain = Word2Vec(**QUICK).fit(text)
    assert not folder.exists()
    kept = Word2Vec(**QUICK).fit(text, cache=Cache())
    again = Word2Vec(**QUICK).fit(text, cache=Cache())
    assert plain.wv.vectors.tobytes() == kept.wv.vectors.tobytes() == again.wv.vectors.tobytes()
    assert len(keys(folder)) == 1


@pytest.mark.parametrize("changes", READING_SETTINGS, ids=str)
def test_text_read_in_another_way_is_another_entry(changes: dict[str, Any], text: Path, folder: Path) -> None:
    assert "is kept" in said_of(text)[0]
    assert "is kept" in said_of(text, **changes)[0]
    assert "used again" in said_of(text)[0]
    assert "used again" in said_of(text, **changes)[0]
    assert len(keys(folder)) == 2


@pytest.mark.parametrize("changes", OTHER_SETTINGS, ids=str)
def test_what_is_applied_to_the_numbers_needs_no_new_reading(changes: dict[str, Any], text: Path, folder: Path) -> None:
    said_of(text)
    assert "used again" in said_of(text, **changes)[0]
    assert len(keys(folder)) == 1
    settings = {**QUICK, **changes}
    assert (
        Word2Vec(**settings).fit(text, cache=Cache()).wv.vectors.tobytes()
        == Word2Vec(**settings).fit(text).wv.vectors.tobytes()
    )


def test_an_entry_is_found_by_content_not_by_place_or_time(text: Path, tmp_path: Path, folder: Path) -> None:
    said_of(text)
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "renamed.txt"
    shutil.copyfile(text, copy)
    os.utime(copy, (1, 1))
    assert "used again" in said_of(copy)[0]
    assert "used again" in said_of(copy.rename(copy.with_name("renamed.v2.TXT")))[0]
    content = text.read_bytes()
    copy.write_bytes(content[:-2] + b"?\n")
    assert "is kept" in said_of(copy)[0]
    # Read as another format, the same bytes are another text.
    (tmp_path / "text.jsonl").write_bytes(b'{"text": "a b c"}\n')
    (tmp_path / "text.txt").write_bytes(b'{"text": "a b c"}\n')
    assert said_of(tmp_path / "text.jsonl")[1].tokens == 3
    assert said_of(tmp_path / "text.txt")[1].tokens == 4
    assert len(keys(folder)) == 4


def test_files_in_another_order_are_another_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a b")
    (tmp_path / "b.txt").write_text("c d")
    (tmp_path / "ab.txt").write_text("a bc d")
    found = set()
    for paths in (["a.txt", "b.txt"], ["b.txt", "a.txt"], ["ab.txt"], ["a.txt"], ["a.txt", "a.txt"]):
        snapshot = Snapshot.of(find_sources([tmp_path / path for path in paths]))
        assert snapshot is not None
        found.add(key_of(Settings(), snapshot))
    assert len(found) == 5


def test_stories_token_lists_and_pipes_are_not_kept(tmp_path: Path, folder: Path) -> None:
    said_of(None, limit="2kB")
    said_of([["a", "b"], ["b", "a"]])
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        script = "import sys; open(sys.argv[1], 'w').write('a b c\\n')"
        with subprocess.Popen([sys.executable, "-c", script, tmp_path / "pipe"]):
            assert said_of(tmp_path / "pipe")[1].tokens == 3
    assert not folder.exists()


@pytest.mark.parametrize(
    "how", [{"tokenizer": "whitespace"}, {"tokenizer": list}, {"documents": "blank"}, {"limit": "2kB"}], ids=str
)
def test_a_corpus_that_was_opened_otherwise_than_by_the_settings_is_not_kept(
    how: dict[str, Any], text: Path, folder: Path
) -> None:
    said_of(text)
    expected, _ = reading.read(TextCorpus([text], **how), Settings())
    for _ in range(2):
        said, encoded = said_of(TextCorpus([text], **how))
        assert said == ""
        assert encoded.items == expected.items
        assert encoded.ids.tolist() == expected.ids.tolist()
        assert encoded.offsets.tolist() == expected.offsets.tolist()
    assert len(keys(folder)) == 1


def test_a_text_that_changes_while_it_is_encoded_is_not_kept(tmp_path: Path, folder: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("a b c\n" * 1000)

    def change(corpus: Any, tokens: int) -> None:
        if tokens:
            text.write_text("a b c d\n" * 1000)

    with pytest.raises(DataError, match="changed while it was read"):
        reading.read(text, Settings(), change, cache=Cache())
    assert keys(folder) == []


# ------------------------------------------------------------------------------------------------------------ damage


@pytest.mark.parametrize("name", ["ids.bin", "offsets.bin", "words.txt", "counts.bin", "manifest.json"])
@pytest.mark.parametrize("how", ["flipped", "cut", "removed"])
def test_a_damaged_entry_is_named_and_encoded_again(name: str, how: str, text: Path, folder: Path) -> None:
    _, whole = said_of(text)
    expected = whole.ids.tolist(), list(whole.items)
    path = folder / keys(folder)[0] / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    if how == "removed":
        path.unlink()
    else:
        path.write_bytes(content if how == "flipped" else content[:-3])
    said, again = said_of(text)
    assert f"{path}" in said
    assert "It is encoded again. Encoded text is kept" in said
    assert (again.ids.tolist(), list(again.items)) == expected
    assert "used again" in said_of(text)[0]
    assert len(keys(folder)) == 1


@pytest.mark.parametrize("left", ["nothing", "words.txt", "manifest.json", "ids.bin", "a file"])
def test_whatever_lies_where_an_entry_should_does_not_stand_in_the_way(left: str, text: Path, folder: Path) -> None:
    said_of(text)
    place = folder / keys(folder)[0]
    for path in place.iterdir():
        if path.name != left:
            path.unlink()
    if left == "a file":
        place.rmdir()
        place.write_text("no folder")
    assert "is kept" in said_of(text)[0]
    assert "used again" in said_of(text)[0]


def test_an_entry_of_another_version_is_encoded_again(text: Path, folder: Path) -> None:
    said_of(text)
    manifest = folder / keys(folder)[0] / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format_version": 1', '"format_version": 2'))
    assert "unknown format version 2" in said_of(text)[0]
    assert "used again" in said_of(text)[0]


@pytest.mark.parametrize(("module", "name"), [(unicodedata, "unidata_version"), (cache_module, "_READER_VERSION")])
def test_text_is_encoded_again_by_other_data_of_unicode_or_another_reader(
    module: Any, name: str, text: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "is kept" in said_of(text)[0]
    monkeypatch.setattr(module, name, "another")
    assert "is kept" in said_of(text)[0]
    assert len(keys(folder)) == 2


def test_text_that_an_older_tokeniser_cut_is_encoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (tmp_path / "text.txt").write_text("\u0dc1\u0dca\u200d\u0dbb\u0dd3 infor\u00admation", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(tokenise, "VERSION", 1)
        assert "is kept" in said_of(tmp_path / "text.txt")[0]
    said, encoded = said_of(tmp_path / "text.txt")
    assert "is kept" in said
    assert encoded.items == ["\u0dc1\u0dca\u200d\u0dbb\u0dd3", "information"]
    assert len(keys(folder)) == 2


# -------------------------------------------------------------------------------------------------------------- size


def texts(folder: Path, number: int) -> list[Path]:
    found = []
    for i in range(number):
        found.append(folder / f"text{i}.txt")
        found[-1].write_text(f"word{i} other and more\n" * 3000)
    return found


def kept_names() -> list[str]:
    return [entry.name for entry in Cache().entries()]


def test_the_least_recently_used_go_first_when_there_is_no_more_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = texts(tmp_path, 4)
    for number, file in enumerate(files[:3]):
        said_of(file)
        # In order, whatever the clock's steps.
        newest = Cache().entries()[-1] if number == 0 else next(e for e in Cache().entries() if e.name == file.name)
        os.utime(cache_folder() / newest.key, (1000 + number, 1000 + number))
    assert kept_names() == ["text0.txt", "text1.txt", "text2.txt"]
    size = Cache().entries()[0].size
    # Using one makes it the newest.
    assert "used again" in said_of(files[0])[0]
    assert kept_names() == ["text1.txt", "text2.txt", "text0.txt"]
    monkeypatch.setenv("FASTW2V_CACHE_SIZE", f"{3 * size + size // 2}B")
    said, _ = said_of(files[3])
    assert "text1.txt leaves the cache" in said
    assert "FASTW2V_CACHE_SIZE" in said
    assert kept_names() == ["text2.txt", "text0.txt", "text3.txt"]


def test_the_newest_stays_even_if_it_alone_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTW2V_CACHE_SIZE", "1B")
    for file in texts(tmp_path, 2):
        said, encoded = said_of(file)
        assert encoded.tokens == 12_000
        assert kept_names() == [file.name]
        size = Cache().entries()[0].size
        assert f"{file.name} alone takes {size:,} bytes, and the cache may take 1 (FASTW2V_CACHE_SIZE)" in said


@pytest.mark.parametrize("size", ["nonsense", "-1GB", "0", "5", "100docs", "1e9", "1.5"])
def test_a_size_that_is_none_is_refused(size: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FASTW2V_CACHE_SIZE", size)
    with pytest.raises(UsageError) as caught:
        Cache()
    message = str(caught.value)
    assert message.startswith("FASTW2V_CACHE_SIZE must be a size")
    assert repr(size) in message
    assert "20GB works" in message


def test_an_empty_size_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTW2V_CACHE_SIZE", "")
    assert Cache().most == 20 * 10**9


# ------------------------------------------------------------------------------------------------------ list and clear


def test_the_list_and_clear_commands_show_and_remove_all_or_one(text: Path, tmp_path: Path, folder: Path) -> None:
    empty = called(tmp_path, "cache", "list")
    assert (empty.returncode, empty.stdout) == (0, f"0 texts, 0 of at most 20,000,000,000 bytes, in {folder}\n")
    said_of(text)
    said_of(text, tokenizer="whitespace")
    first, second = keys(folder)
    listed = called(tmp_path, "cache", "list").stdout
    assert text.name in listed
    assert first[:8] in listed
    assert second[:8] in listed
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert f"2 texts, {size:,} of at most 20,000,000,000 bytes" in listed
    unknown = called(tmp_path, "cache", "clear", "zzz")
    assert unknown.returncode == 2
    assert unknown.stderr.strip().endswith(
        "Nothing in the cache has a key that begins with 'zzz'; fastw2v cache list shows them."
    )
    assert called(tmp_path, "cache", "clear", second[1:]).returncode == 2
    assert len(keys(folder)) == 2
    one = called(tmp_path, "cache", "clear", second[:8])
    assert one.returncode == 0
    assert "Removed 1 text, " in one.stdout
    assert keys(folder) == [first]
    every = called(tmp_path, "cache", "clear")
    assert (every.returncode, keys(folder)) == (0, [])
    assert called(tmp_path, "cache", "clear").returncode == 0


def test_what_lies_in_the_folder_besides_is_neither_listed_nor_removed(text: Path, folder: Path) -> None:
    said_of(text)
    (folder / "notes.txt").write_text("mine")
    (folder / "other").mkdir()
    assert len(Cache().entries()) == 1
    Cache().clear(Cache().entries())
    assert keys(folder) == ["notes.txt", "other"]


def test_what_killed_runs_left_is_removed_and_what_others_write_is_not(text: Path, folder: Path) -> None:
    said_of(text)
    key = keys(folder)[0]
    for name in (f".{'0' * 32}.draft", f".{'1' * 32}.removed", f".{'2' * 32}.old"):
        shutil.copytree(folder / key, folder / name)
    assert len(Cache().entries()) == 1
    with locked(folder / f".{'0' * 32}.lock", "encodes"):
        Cache().clear([])
        assert keys(folder) == sorted([key, f".{'0' * 32}.draft", f".{'0' * 32}.lock"])
    Cache().clear([])
    assert keys(folder) == [key]


def test_clearing_while_a_run_uses_an_entry_does_not_disturb_it(text: Path) -> None:
    _, encoded = said_of(text)
    Cache().clear(Cache().entries())
    assert int(encoded.ids.max()) < len(encoded.items)
    assert encoded.documents == len(encoded.offsets) - 1


# ------------------------------------------------------------------------------------------------------------- faults


def fails(number: int) -> Any:
    def failing(*arguments: Any, **options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return failing


# Where the system fails: an attribute to replace, and its error.
FAULTS: dict[str, tuple[Any, str, int]] = {
    "no folder": (Path, "mkdir", errno.EROFS),
    "no lock": (cache_module, "locked", errno.ENOLCK),
    "not searched": (Path, "exists", errno.EACCES),
    "full while ids are written": (FileSink, "add", errno.ENOSPC),
    "quota while words are written": (Path, "write_bytes", errno.EDQUOT),
    "full when synced": (os, "fsync", errno.ENOSPC),
    "not renamed": (Path, "rename", errno.EIO),
    "not mapped": (np, "memmap", errno.EIO),
}


@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "usual"])
@pytest.mark.parametrize(("owner", "name", "number"), FAULTS.values(), ids=FAULTS)
def test_whatever_the_system_refuses_the_text_is_read_without_a_cache_to_the_same_numbers(
    owner: Any,
    name: str,
    number: int,
    chosen: bool,
    text: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if not chosen:
        monkeypatch.delenv("FASTW2V_CACHE_DIR")
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    expected, described = reading.read(text, Settings())
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fails(number))
        encoded, description = reading.read(text, Settings(), cache=usual_cache(print))
    (said,) = caplog.messages
    assert said.startswith("encoded text is not kept (Cannot ")
    assert f"{os.strerror(number)}): the text is read into memory; FASTW2V_CACHE_DIR can name another" in said
    assert (encoded.ids.tolist(), encoded.offsets.tolist()) == (expected.ids.tolist(), expected.offsets.tolist())
    assert (list(encoded.items), description) == (list(expected.items), described)
    assert not list(folder.rglob("*.bin")) or name == "memmap"


def test_a_chosen_folder_that_cannot_be_written_or_is_somebody_else_s_only_warns(
    text: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file")
    said_of(text)
    assert f"encoded text is not kept (Cannot write {folder}" in caplog.text
    folder.unlink()
    folder.mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert said_of(text)[1].tokens > 0
    assert f"encoded text is not kept (Cannot write {folder}" in caplog.messages[-1]
    assert "is not a folder that may be written" in caplog.messages[-1]


def test_a_full_disk_under_the_cache_does_not_end_the_command(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["train", str(text), *QUICKLY, "--output"]
    assert run([*line, str(tmp_path / "expected"), "--no-cache"]) == 0
    monkeypatch.setattr(FileSink, "add", fails(errno.ENOSPC))
    assert run([*line, str(tmp_path / "model")]) == 0
    first, second = (tmp_path / name / "weights.safetensors" for name in ("expected", "model"))
    assert first.read_bytes() == second.read_bytes()


def test_tokens_that_an_encoded_corpus_cannot_hold_are_trained_on_without_a_cache(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": ["a", "\\n", "b"]}\n')
    _, encoded = said_of(tmp_path / "a.jsonl")
    assert list(encoded.items) == ["a", "\n", "b"]
    assert "encoded text is not kept (The token '\\n' holds a line end" in caplog.text


def test_text_that_cannot_be_read_is_an_error_with_a_cache_too(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a b\n\xff")
    with pytest.raises(DataError, match="is not UTF-8"):
        said_of(tmp_path / "a.txt")
    assert keys(folder) == []


def test_an_entry_that_cannot_make_room_for_itself_is_used(
    text: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cache, "entries", fails(errno.EIO))
    said, encoded = said_of(text)
    assert encoded.mapped_from is not None
    assert f"No room can be made in the cache: [Errno {errno.EIO}]" in said


def test_without_a_folder_of_the_user_s_training_goes_on_and_says_so(text: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    without = {**environment(), "HOME": str(tmp_path / "file"), "USERPROFILE": str(tmp_path / "file")}
    for name in ("FASTW2V_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        without.pop(name, None)
    words = command("train", text, "--output", "model", *QUICKLY)
    done = subprocess.run(words, cwd=tmp_path, env=without, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert f"encoded text is not kept (Cannot write {tmp_path / 'file'}" in done.stderr
    assert "the text is read into memory; FASTW2V_CACHE_DIR can name another folder" in done.stderr
    assert called(tmp_path, "train", text, "--output", "cached", *QUICKLY).returncode == 0
    kept, read_anew = ((tmp_path / name / "weights.safetensors").read_bytes() for name in ("cached", "model"))
    assert kept == read_anew


def test_without_a_home_the_folder_s_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("FASTW2V_CACHE_DIR")
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(UsageError, match=r"FASTW2V_CACHE_DIR, or use cache=None"):
        Cache()
    assert usual_cache(print) is None
    assert "Could not determine home directory): the text is read into memory; FASTW2V_CACHE_DIR" in caplog.text
    monkeypatch.setenv("XDG_CACHE_HOME", "/where")
    assert cache_folder() == Path("/where/fastw2v/corpora")


# ------------------------------------------------------------------------------------------------------------ at once

READ = """
import sys
from fastw2v import Settings
from fastw2v.corpus import reading
from fastw2v.corpus.cache import Cache
print("ready", flush=True)
sys.stdin.readline()
encoded, _ = reading.read(sys.argv[1], Settings(), cache=Cache(print))
print(encoded.tokens, int(encoded.ids.sum()), len(encoded.items))
"""


def reader(text: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", READ, text], env=environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_of_runs_that_begin_at_once_on_one_text_one_encodes_it_and_all_have_it(
    stories: list[str], tmp_path: Path
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("\n".join(stories * 40) + "\n", encoding="utf-8")
    processes = [reader(text) for _ in range(3)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    shown = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len({part.splitlines()[-1] for part in shown}) == 1
    assert sum("is kept" in part for part in shown) == 1
    assert sum("used again" in part for part in shown) == 2
    assert [entry.name for entry in Cache().entries()] == ["text.txt"]
    assert len(list(cache_folder().iterdir())) == 1


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_run_killed_while_it_encodes_does_not_block_the_next(stories: list[str], tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("\n".join(stories * 100) + "\n", encoding="utf-8")
    process = reader(text)
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    while process.poll() is None and not list(cache_folder().glob(".*.draft/ids.bin.draft")):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert Cache().entries() == []
    assert "is kept" in said_of(text)[0]
    assert [path.name for path in cache_folder().iterdir()] == [entry.key for entry in Cache().entries()]


def test_settings_that_are_not_reading_s_are_not_in_the_key(text: Path) -> None:
    snapshot = Snapshot.of(find_sources([text]))
    assert snapshot is not None
    plain = Settings()
    assert len({key_of(replace(plain, **changes), snapshot) for changes in OTHER_SETTINGS}) == 1
    assert len({key_of(replace(plain, **changes), snapshot) for changes in [{}, *READING_SETTINGS]}) == 1 + len(
        READING_SETTINGS
    )
