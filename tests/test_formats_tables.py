"""Arrow and pandas tables, Parquet and Feather files: what others read in them, round trips, damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.errors import DataError, MissingExtraError
from fastw2v.formats.arrow import (
    from_arrow,
    read_feather,
    read_parquet,
    to_arrow,
    to_pandas,
    write_feather,
    write_parquet,
)
from fastw2v.formats.vector_files import read_vectors
from fastw2v.keyed_vectors import KeyedVectors

pyarrow: Any = pytest.importorskip("pyarrow")
# pyarrow lends its tables to pandas, and imports these only when asked.
parquet: Any = pytest.importorskip("pyarrow.parquet")
feather: Any = pytest.importorskip("pyarrow.feather")

WORDS = ["one", "zwölf", "New York\n\t", "", "7"]
VECTORS = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
COUNTS = np.arange(5, 0, -1, dtype=np.int64)
NAMES = ["v.parquet", "v.feather"]
WRITE: dict[str, Callable[..., None]] = {"v.parquet": write_parquet, "v.feather": write_feather}

both = pytest.mark.parametrize("name", NAMES)


def saved(path: Path, table: Any) -> Path:
    """Write a table by the library's own function."""
    if path.suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        feather.write_feather(table, path)
    return path


def table(**replaced: Any) -> Any:
    """Return a good table, some columns replaced; None leaves one out."""
    vector = pyarrow.array([[1, 2], [3, 4]], pyarrow.list_(pyarrow.float32(), 2))
    columns = {"word": pyarrow.array(["a", "b"]), "count": pyarrow.array([2, 1]), "vector": vector, **replaced}
    return pyarrow.table({name: column for name, column in columns.items() if column is not None})


# In memory


def test_an_arrow_table_has_word_count_and_vector() -> None:
    found = to_arrow(KeyedVectors(WORDS, VECTORS, COUNTS))
    assert found.schema.names == ["word", "count", "vector"]
    assert [str(kind) for kind in found.schema.types[:2]] == ["string", "int64"]
    assert found.schema.field("vector").type == pyarrow.list_(pyarrow.float32(), 3)
    assert found.column("word").to_pylist() == WORDS
    assert found.column("vector").to_pylist() == VECTORS.tolist()
    assert to_arrow(KeyedVectors(WORDS, VECTORS)).schema.names == ["word", "vector"]


def test_numbers_that_are_not_padded_are_shared() -> None:
    column = to_arrow(KeyedVectors(WORDS, VECTORS)).column("vector").chunk(0)
    assert column.values.buffers()[1].address == VECTORS.ctypes.data


def test_integers_stay_integers_where_all_are() -> None:
    assert to_arrow(KeyedVectors([3, -7], VECTORS[:2])).column("word").to_pylist() == [3, -7]
    for mixed in ([3, "a"], [3, 2**63]):
        assert to_arrow(KeyedVectors(mixed, VECTORS[:2])).column("word").to_pylist() == [str(word) for word in mixed]
    with pytest.raises(DataError, match="3 and '3' are one word once written as text"):
        to_arrow(KeyedVectors([3, "3"], VECTORS[:2]))


@pytest.mark.parametrize("word", [1.5, True, ("a", "b"), pytest.param(10**5000, id="huge")])
def test_items_that_are_no_str_or_int_are_refused(word: Any) -> None:
    with pytest.raises(DataError):
        to_arrow(KeyedVectors(["good", word], VECTORS[:2]))


def test_a_pandas_table_has_words_as_its_index() -> None:
    pandas = pytest.importorskip("pandas")
    words = ["one", 7, "7", ("a", "b"), ""]
    found = to_pandas(KeyedVectors(words, VECTORS, COUNTS))
    assert isinstance(found, pandas.DataFrame)
    assert list(found.index) == words
    assert found.index.name == "word"
    assert list(found.columns) == ["count", "v0", "v1", "v2"]
    assert found["count"].tolist() == COUNTS.tolist()
    assert (found.loc[:, "v0":].to_numpy() == VECTORS).all()
    assert found["v0"].dtype == np.float32
    assert list(to_pandas(KeyedVectors(words, VECTORS)).columns) == ["v0", "v1", "v2"]


def test_a_pandas_table_may_be_changed_and_the_vectors_stay() -> None:
    pytest.importorskip("pandas")
    vectors = KeyedVectors(WORDS, VECTORS.copy())
    found = to_pandas(vectors)
    found.loc["one", "v0"] = 9.0
    assert found.loc["one", "v0"] == 9.0
    assert (vectors.vectors == VECTORS).all()


@pytest.mark.parametrize(("function", "library"), [(to_arrow, "pyarrow"), (to_pandas, "pandas")])
def test_without_its_library_the_extra_is_named(function: Any, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"needs {library}.*pip install '\.\[(formats|pandas)\]'"):
        function(KeyedVectors(WORDS, VECTORS))


# Files


@both
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("counts", [COUNTS, None])
@pytest.mark.parametrize("words", [WORDS, [4, 3, 2, -1, 0]])
def test_words_counts_and_bits_survive(tmp_path: Path, name: str, dtype: Any, counts: Any, words: list[Any]) -> None:
    padded = np.zeros((5, 16), dtype)
    padded[:, :3] = VECTORS
    WRITE[name](tmp_path / name, KeyedVectors(words, padded[:, :3], counts))
    again = read_vectors(tmp_path / name)
    assert again.index_to_key == words
    assert again.vectors.dtype == dtype
    assert again.vectors.tobytes() == VECTORS.astype(dtype).tobytes()
    assert (again.counts is None) == (counts is None)
    assert counts is None or (again.counts == counts).all()


def test_pandas_reads_both_files(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    for name, read in (("v.parquet", pandas.read_parquet), ("v.feather", pandas.read_feather)):
        WRITE[name](tmp_path / name, KeyedVectors(WORDS, VECTORS, COUNTS))
        found = read(tmp_path / name)
        assert found["word"].tolist() == WORDS
        assert (np.stack(found["vector"].tolist()) == VECTORS).all()


@both
def test_equal_vectors_make_equal_files(tmp_path: Path, name: str) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        WRITE[name](tmp_path / folder / name, KeyedVectors(WORDS, VECTORS, COUNTS))
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@both
def test_other_columns_and_several_chunks_are_read(tmp_path: Path, name: str) -> None:
    whole = table(more=pyarrow.array([1.5, None]))
    chunks = pyarrow.concat_tables([whole.slice(0, 1), whole.slice(1, 1)])
    vectors = read_vectors(saved(tmp_path / name, chunks))
    assert vectors.index_to_key == ["a", "b"]
    assert vectors.vectors.tolist() == [[1, 2], [3, 4]]


def fixed(values: list[Any], kind: Any = None, size: int = 2) -> Any:
    return pyarrow.array(values, pyarrow.list_(kind or pyarrow.float32(), size))


BAD: list[tuple[dict[str, Any], str]] = [
    ({"word": None}, "needs one column 'word'. Got the columns count, vector."),
    ({"vector": None}, "needs one column 'vector'"),
    ({"word": pyarrow.array([1.5, 2.5])}, "the column 'word' must hold strings or int64. Got double"),
    ({"count": pyarrow.array(["a", "b"])}, "the column 'count' must hold int64. Got string"),
    ({"vector": pyarrow.array([[1.0], [2.0]])}, "must hold fixed-size lists of float or double"),
    ({"vector": fixed([[1, 2], [3, 4]], pyarrow.int64())}, "must hold fixed-size lists of float or double"),
    ({"word": pyarrow.array(["a", None])}, "a row has no value in one of the columns word, count, vector"),
    ({"vector": fixed([[1, 2], None])}, ": "),  # which pyarrow 15 itself refuses in a Parquet file
    ({"vector": fixed([[1, 2], [3, None]])}, "The vector of 'b' (row 1) holds a value that is not finite"),
    ({"vector": fixed([[1, 2], [3, float("inf")]])}, "The vector of 'b' (row 1) holds a value that is not finite"),
    ({"count": pyarrow.array([1, -1])}, "counts must be >= 0. Got -1"),
    ({"word": pyarrow.array(["a", "a"])}, "The word 'a' occurs twice"),
]


@both
@pytest.mark.parametrize(("replaced", "message"), BAD, ids=range(len(BAD)))
def test_a_file_of_a_wrong_table_is_refused_by_name(
    tmp_path: Path, name: str, replaced: dict[str, Any], message: str
) -> None:
    path = saved(tmp_path / name, table(**replaced))
    with pytest.raises(DataError) as caught:
        read_vectors(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@both
def test_files_that_are_empty_foreign_or_not_there_are_refused_by_name(tmp_path: Path, name: str) -> None:
    read = read_parquet if name == "v.parquet" else read_feather
    for content in (b"", b"\x80\x04\x95" * 50, b"PAR1" * 9, b"ARROW1\0\0" * 9):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=rf"{name}: cannot be read as (Parquet|Feather) data"):
            read(tmp_path / name)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"Cannot read .*{name}"):
        read(tmp_path / name)
    with pytest.raises(DataError, match="needs rows"):
        read_vectors(saved(tmp_path / name, table().slice(0, 0)))


def test_more_vectors_than_the_bytes_of_a_parquet_file_can_hold_are_refused(tmp_path: Path) -> None:
    rows = 40_000
    zeros = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(np.zeros(rows * 100, np.float32)), 100)
    columns = {"word": pyarrow.array(np.zeros(rows, np.int64)), "vector": zeros}
    parquet.write_table(pyarrow.table(columns), tmp_path / "v.parquet", compression="zstd")
    assert (tmp_path / "v.parquet").stat().st_size < 10_000
    with pytest.raises(DataError, match=r"40,000 vectors of size 100 are more than its bytes can hold"):
        read_parquet(tmp_path / "v.parquet")


@both
@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    WRITE[name](folder / name, KeyedVectors(["a", "b"], np.ones((2, 3), np.float32), np.array([2, 1])))
    content = bytearray((folder / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / name).write_bytes(content)
    try:
        found = read_vectors(folder / name)
    except DataError as error:
        refused = str(error)
    else:
        refused = f"none, in {folder}"
        assert len(found) == len(set(found)) > 0
        assert np.isfinite(found.vectors).all()
    assert str(folder) in refused
    assert "\n" not in refused


def test_a_row_without_a_vector_is_refused() -> None:
    with pytest.raises(DataError, match="the table: a row has no value in one of the columns word, count, vector"):
        from_arrow(table(vector=fixed([[1, 2], None])), "the table")


def test_a_table_in_memory_becomes_vectors() -> None:
    vectors = KeyedVectors(WORDS, VECTORS, COUNTS)
    for first in (0, 1):
        again = from_arrow(to_arrow(vectors).slice(first), "the table")
        assert again.index_to_key == WORDS[first:]
        assert (again.vectors == VECTORS[first:]).all()
