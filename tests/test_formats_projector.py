"""The projector's folder: what TensorBoard reads in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.formats.projector import write_projector
from fastw2v.keyed_vectors import KeyedVectors

WORDS = ["one", "zwölf", "New York", 7]
VECTORS = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
FILES = {"vectors.tsv", "metadata.tsv", "projector_config.pbtxt"}


def test_the_folder_holds_vectors_words_and_what_leads_tensorboard_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "words.projector"
    write_projector(folder, KeyedVectors(WORDS, VECTORS, np.array([4, 3, 2, 1])))
    assert {path.name for path in folder.iterdir()} == FILES
    again = np.loadtxt(folder / "vectors.tsv", delimiter="\t", dtype=np.float32)
    assert again.tobytes() == VECTORS.tobytes()
    lines = (folder / "metadata.tsv").read_text(encoding="utf-8").splitlines()
    assert lines == ["word\tcount", "one\t4", "zwölf\t3", "New York\t2", "7\t1"]
    config = (folder / "projector_config.pbtxt").read_text(encoding="ascii")
    named = dict(re.findall(r'(\w+): "(.*)"', config))
    assert (named["tensor_path"], named["metadata_path"]) == ("vectors.tsv", "metadata.tsv")


def test_a_single_column_has_no_heading_as_tensorboard_wants_it(tmp_path: Path) -> None:
    write_projector(tmp_path, KeyedVectors(WORDS, VECTORS))
    assert (tmp_path / "metadata.tsv").read_text(encoding="utf-8") == "one\nzwölf\nNew York\n7\n"


@pytest.mark.parametrize("word", ["a\tb", "a\n", "a\rb", "a\u2028b", "", "  ", "\ud800"])
def test_words_that_would_shift_the_lines_are_refused_and_nothing_is_left(tmp_path: Path, word: Any) -> None:
    with pytest.raises(DataError, match="The word"):
        write_projector(tmp_path / "p", KeyedVectors(["good", word], VECTORS[:2]))
    assert list(tmp_path.iterdir()) == []


def test_where_writing_fails_no_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fastw2v.files.atomic.os.fsync", fail)
    with pytest.raises(DataError, match="No space left"):
        write_projector(tmp_path / "p", KeyedVectors(WORDS, VECTORS))
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_or_no_place_for_the_folder_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    for path in (tmp_path / "file", tmp_path / "absent" / "p"):
        with pytest.raises(UsageError, match="Cannot make the folder"):
            write_projector(path, KeyedVectors(WORDS, VECTORS))
