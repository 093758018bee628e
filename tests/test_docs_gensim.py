"""The page "coming from gensim": each line of both columns runs, both give the same kinds of things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim_suite import all_names, left_out, outcomes

from fastw2v import KeyedVectors, UsageError, Word2Vec
from fastw2v.gensim_compat.arguments import ALWAYS, AT_ONCE, NO_EFFECT, ONLY, SAME

PAGE = Path(__file__).resolve().parents[1] / "docs" / "coming-from-gensim.md"
# Columns of the page.
GENSIM, OURS = 0, 1


def section(title: str) -> str:
    text = PAGE.read_text(encoding="utf-8")
    return re.split(r"^## ", text.partition(f"## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def rows(title: str) -> list[list[str]]:
    """Return the cells of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def lines(title: str, column: int) -> list[str]:
    cells = [row[column].strip("| ") for row in rows(title)]
    return [cell.strip("`") for cell in cells if cell]


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def values(code: list[str], names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Run each line; yield it with its value, None for a statement."""
    for line in code:
        try:
            compiled = compile(line, line, "eval")
        except SyntaxError:
            exec(line, names)
            yield line, None
        else:
            yield line, eval(compiled, names)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Any]:
    """Run the page: the values of each line, by column, and the names each column and the blocks leave."""
    pytest.importorskip("gensim")
    pytest.importorskip("ot")
    results: dict[Any, Any] = {"names": {}}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("page"))
        start: dict[str, Any] = {}
        exec(blocks()[0], start)
        for column in (GENSIM, OURS):
            names = dict(start)
            results[column] = {title: list(values(lines(title, column), names)) for title in ("Training", "Asking")}
            results["names"][column] = names
        exec(blocks()[1], start)
        results["names"]["blocks"] = start
    return results


def test_the_page_has_the_lines_and_blocks_that_these_tests_run() -> None:
    assert [len(lines("Training", column)) for column in (GENSIM, OURS)] == [14, 15]
    assert [len(lines("Asking", column)) for column in (GENSIM, OURS)] == [32, 32]
    assert len(blocks()) == 2


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_each_line_of_both_columns_runs_and_gives_a_value_of_the_same_kind(ran: dict[Any, Any]) -> None:
    theirs, ours = (dict(enumerate(ran[column]["Asking"])) for column in (GENSIM, OURS))
    for number, (line, expected) in theirs.items():
        value = ours[number][1]
        if isinstance(expected, list | tuple):
            assert len(value) == len(expected), line
            assert [type(item) for item in value] == [type(item) for item in expected], line
        elif isinstance(expected, np.ndarray | np.generic | int | float):
            assert np.shape(value) == np.shape(expected), line
        else:
            assert type(value).__name__ == type(expected).__name__, line
    assert sum(value is not None for _, value in theirs.values()) == 25


def test_what_the_page_says_of_training_is_so(ran: dict[Any, Any]) -> None:
    theirs, ours = (ran["names"][column]["model"] for column in (GENSIM, OURS))
    assert "robot" in theirs.wv
    assert "robot" in ours.wv
    assert ours.settings.epochs == 2
    assert ours.provenance["continues"]["corpus"]["source"] == "items"
    (loss,) = [value for line, value in ran[OURS]["Training"] if "loss()" in line]
    assert loss > 0


def test_what_the_page_passes_in_memory_is_the_same(ran: dict[Any, Any]) -> None:
    names = ran["names"]["blocks"]
    model, vectors = names["model"], names["vectors"]
    assert vectors.index_to_key == model.wv.index_to_key
    assert vectors.vectors.tobytes() == model.wv.vectors.tobytes()
    assert np.array_equal(vectors.counts, model.wv.counts)
    assert type(names["keyed"]).__module__.startswith("gensim")
    assert type(names["theirs"]).__module__.startswith("gensim")
    assert names["ours"].wv.index_to_key == model.wv.index_to_key
    assert names["ours"].provenance["continues"]["gensim"]


# ------------------------------------------------------------------------------------------------------- the arguments


def test_the_table_of_arguments_has_each_of_them_once_with_what_becomes_of_it() -> None:
    said = {name: row[1] for row in rows("Arguments of `Word2Vec`") for name in re.findall(r"`(\w+)`", row[0])}
    assert set(said) == {*SAME, *AT_ONCE, *ONLY, *NO_EFFECT, *ALWAYS}
    assert {name for name in SAME if not said[name].startswith("as in gensim")} == set()
    assert {name for name in {*NO_EFFECT, *ALWAYS} if not said[name].startswith("no effect")} == set()
    assert {name for name in ONLY if not said[name].startswith(("only ", "refused"))} == set()
    for name, text in said.items():
        if text.startswith("only "):
            assert text.startswith(f"only {ONLY[name][0]}"), name


def test_what_is_said_to_be_absent_is_absent() -> None:
    absent = re.findall(r"`(\w+)`", section("What is different").partition("**Not there**")[2].partition(". ")[0])
    missing = ["update_weights", "init_sims", "init_weights", "estimate_memory"]
    assert absent == ["score", "prepare_vocab", "prepare_weights", *missing]
    assert [name for name in absent if hasattr(Word2Vec, name)] == []


def test_what_is_said_to_be_absent_of_vectors_is_absent_and_what_stands_for_it_is_there(ran: dict[Any, Any]) -> None:
    said = section("Asking").partition("**Not there for vectors**")[2]
    absent = ["intersect_word2vec_format", "sort_by_descending_frequency", "resize_vectors", "allocate_vecattrs"]
    absent += ["init_sims", "similarity_unseen_docs", "log_accuracy", "log_evaluate_word_pairs", "add_lifecycle_event"]
    vectors = ran["names"][OURS]["vectors"]
    for name in absent:
        assert f"`{name}`" in said
        assert not hasattr(vectors, name), name


def test_the_line_that_is_said_to_be_an_error_is_one() -> None:
    assert "`model.window = 9` is an error" in section("What is different")
    with pytest.raises(UsageError, match="window is not to be set"):
        exec("model.window = 9", {"model": Word2Vec()})


def test_words_that_are_held_out_are_missing_where_the_page_says_so() -> None:
    sentences = [[f"w{number}", "a", "b"] for number in range(1000)]
    chosen: dict[str, Any] = {"min_count": 1, "sample": 0, "epochs": 1, "engine": "numpy", "vector_size": 4}
    assert len(Word2Vec(**chosen).fit(sentences).wv) == 1002 - 10
    assert len(Word2Vec(sentences, validation=10_000, **chosen).wv) == 1002 - 10
    assert len(Word2Vec(sentences, **chosen).wv) == 1002


def test_the_names_in_the_table_of_gensims_tests_are_those_that_are_run() -> None:
    pytest.importorskip("gensim")
    assert (len(all_names()), len(left_out())) == (117, 25)
    assert {*differing()} <= {*all_names()} - left_out()
    assert len(set(differing())) == len(differing()) == 16


@pytest.mark.slow  # a minute
def test_gensims_own_tests_pass_but_for_those_of_which_the_page_says_why() -> None:
    pytest.importorskip("gensim")
    pytest.importorskip("ot")
    found = dict(outcomes())
    assert sorted(name for name, outcome in found.items() if outcome.startswith("failed")) == sorted(differing())
    assert [name for name, outcome in found.items() if outcome.startswith("skipped")] == ["test_method_in_bulk"]
    assert sum(outcome == "passed" for outcome in found.values()) == 75


def differing() -> list[str]:
    return [name for row in rows("gensim's own tests") for name in re.findall(r"`(test_\w+)`", row[0])]


def test_phrases_of_gensim_work_in_front() -> None:
    phrases = pytest.importorskip("gensim.models.phrases")
    sentences = [["the", "new", "york", "park"], ["new", "york"], ["the", "park"]] * 30
    joined = phrases.Phrases(sentences, min_count=1, threshold=0.1)[sentences]
    assert "new_york" in Word2Vec(joined, min_count=1, sample=0, engine="numpy").wv


def test_every_method_of_gensims_classes_is_here_or_on_the_page(ran: dict[Any, Any]) -> None:
    from gensim.models import KeyedVectors as TheirVectors
    from gensim.models import Word2Vec as TheirModel

    page = PAGE.read_text(encoding="utf-8")
    own = {TheirModel: {"add_null_word", "create_binary_tree", "make_cum_table", "seeded_vector"}, TheirVectors: set()}
    # Of the properties, those that gensim has only to say that they are gone.
    gone = {"vocab", "index2word", "index2entity", "vectors_norm"}
    for theirs, ours in ((TheirModel, Word2Vec), (TheirVectors, KeyedVectors)):
        names = {name for name in dir(theirs) if not name.startswith("_")} - own[theirs] - gone
        missing = {name for name in names if not hasattr(ours, name)}
        assert sorted(name for name in missing if f"`{name}`" not in page) == []
