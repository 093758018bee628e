"""The scikit-learn transformer: means by hand, pipelines, and scikit-learn's own checks of an estimator."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fastw2v import KeyedVectors, Settings, UsageError, Word2Vec
from fastw2v.errors import DataError, MissingExtraError

sklearn: Any = pytest.importorskip("sklearn", minversion="1.6")

from sklearn.base import clone  # noqa: E402
from sklearn.exceptions import NotFittedError, SkipTestWarning  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

import fastw2v.sklearn  # noqa: E402
from fastw2v.sklearn import DocumentVectors  # noqa: E402

# Counts 6, 3, 1 of 10: with a = 0.2 the weights are 1/4, 2/5 and 2/3.
VECTORS = KeyedVectors(
    ["sun", "moon", "star"], np.array([[4, 0], [0, 5], [3, 6]], dtype=np.float32), np.array([6, 3, 1])
)
SMALL: dict[str, Any] = {"vector_size": 8, "min_count": 1, "epochs": 2, "sample": 0.0}
TEXTS = ["the sun shines by day", "the moon shines by night", "by night the stars shine", "the day is for the sun"] * 5


# Values by hand


def test_the_mean_counts_a_repeated_word_twice_and_leaves_unknown_ones_out() -> None:
    found = DocumentVectors(VECTORS).fit([]).transform(["Sun, sun: MOON!", "star unknown", "moon"])
    np.testing.assert_allclose(found, np.array([[8 / 3, 5 / 3], [3, 6], [0, 5]]), rtol=1e-6)
    assert found.dtype == np.float32


def test_frequent_words_weigh_less_by_smooth_inverse_frequency() -> None:
    found = DocumentVectors(VECTORS, weighting="sif", sif_a=0.2).fit([]).transform(["sun moon star", "sun"])
    np.testing.assert_allclose(found, np.array([[(1 + 0 + 2) / 3, (0 + 2 + 4) / 3], [1, 0]]), rtol=1e-6)


@pytest.mark.parametrize("weighting", ["mean", "sif"])
def test_documents_of_unknown_words_or_none_are_zero(weighting: str) -> None:
    transformer = DocumentVectors(VECTORS, weighting=weighting, remove_component=True).fit(["sun", "moon star"])
    assert transformer.transform(["nothing known", "", "!"]).tolist() == [[0, 0]] * 3
    assert transformer.transform([]).shape == (0, 2)


def test_what_all_documents_share_is_taken_away() -> None:
    # Along (1, 0): documents (4, 0), (4, 0), of which nothing is left, and of moon all.
    transformer = DocumentVectors(VECTORS, remove_component=True).fit(["sun", "sun sun"])
    assert transformer.component_ is not None
    np.testing.assert_allclose(np.abs(transformer.component_), [1, 0], atol=1e-12)
    np.testing.assert_allclose(transformer.transform(["sun", "moon", "star"]), [[0, 0], [0, 5], [0, 6]], atol=1e-6)
    whole = DocumentVectors(VECTORS).fit_transform(documents := ["sun star", "moon", "star"])
    first = np.linalg.svd(whole.astype(np.float64))[2][0]
    expected = whole - np.outer(whole @ first, first)
    removed = DocumentVectors(VECTORS, remove_component=True).fit_transform(documents)
    np.testing.assert_allclose(removed, expected, atol=1e-5)


def test_items_of_any_kind_and_own_tokenisers_are_taken() -> None:
    items = KeyedVectors([7, "7", ("a", 1)], np.eye(3, dtype=np.float32))
    found = DocumentVectors(items).fit_transform([[7, ("a", 1)], ("7",)])
    assert found.tolist() == [[0.5, 0, 0.5], [0, 1, 0]]
    commas = DocumentVectors(VECTORS, tokenizer=lambda text: text.split(","))
    assert commas.fit_transform(["sun,moon"]).tolist() == [[2, 2.5]]
    assert DocumentVectors(VECTORS, tokenizer="whitespace").fit_transform(["Sun sun"]).tolist() == [[4, 0]]


# Training


def test_fit_trains_what_word2vec_trains() -> None:
    transformer = DocumentVectors(**SMALL, window=3, seed=5).fit(TEXTS)
    expected = Word2Vec(**SMALL, window=3, seed=5).fit([text.split() for text in TEXTS]).wv
    assert transformer.vectors_.index_to_key == expected.index_to_key
    assert (transformer.vectors_.vectors == expected.vectors).all()
    assert (transformer.transform(["sun"])[0] == expected["sun"]).all()


def test_settings_have_the_defaults_of_word2vec() -> None:
    parameters = DocumentVectors().get_params()
    assert set(fastw2v.sklearn._SETTINGS) < set(parameters)
    assert {name: parameters[name] for name in fastw2v.sklearn._SETTINGS} == {
        name: getattr(Settings(), name) for name in fastw2v.sklearn._SETTINGS
    }


def test_a_trained_model_is_taken_as_it_is() -> None:
    model = Word2Vec(**SMALL).fit([text.split() for text in TEXTS])
    transformer = DocumentVectors(model).fit(["anything"])
    assert transformer.vectors_ is model.wv


# In scikit-learn


def test_a_pipeline_learns_and_a_search_varies_settings() -> None:
    labels = [0, 1, 1, 0] * 5
    pipeline = make_pipeline(DocumentVectors(**SMALL), KNeighborsClassifier(3))
    assert pipeline.fit(TEXTS, labels).score(TEXTS, labels) > 0.7
    grid = {"documentvectors__weighting": ["mean", "sif"], "documentvectors__window": [2, 5]}
    assert len(GridSearchCV(pipeline, grid, cv=2).fit(TEXTS, labels).cv_results_["params"]) == 4


def test_a_clone_has_the_parameters_and_not_what_was_learned() -> None:
    transformer = DocumentVectors(**SMALL, weighting="sif").fit(TEXTS)
    again = clone(transformer)
    assert again.get_params() == transformer.get_params()
    with pytest.raises(NotFittedError):
        again.transform(TEXTS)
    given = clone(DocumentVectors(VECTORS)).fit([])
    assert given.transform(["sun"]).tolist() == [[4, 0]]


def test_what_is_fitted_can_be_pickled() -> None:
    transformer = DocumentVectors(**SMALL, remove_component=True).fit(TEXTS)
    again = pickle.loads(pickle.dumps(transformer))
    assert (again.transform(TEXTS) == transformer.transform(TEXTS)).all()


def test_features_have_names_also_in_pandas() -> None:
    transformer = DocumentVectors(VECTORS).fit([])
    assert transformer.get_feature_names_out().tolist() == ["documentvectors0", "documentvectors1"]
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"text": ["sun", "moon"]})
    found = transformer.set_output(transform="pandas").transform(table["text"])
    assert list(found.columns) == ["documentvectors0", "documentvectors1"]
    assert found.iloc[1].tolist() == [0, 5]


# Errors


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weighting": "tfidf"}, "weighting must be mean or sif. Got 'tfidf'"),
        ({"sif_a": 0}, "sif_a must be a number > 0. Got 0"),
        ({"sif_a": float("inf")}, "sif_a must be a number > 0. Got inf"),
        ({"sif_a": "1"}, "sif_a must be a number > 0. Got '1'"),
        ({"vectors": "model"}, "vectors must be a Word2Vec or KeyedVectors. Got str"),
        ({"tokenizer": "letters"}, "tokenizer must be words or whitespace"),
        ({"vector_size": 0}, "vector_size must be an integer >= 1"),
    ],
)
def test_parameters_are_checked_when_fitted_and_not_before(changes: dict[str, Any], message: str) -> None:
    transformer = DocumentVectors(**{**SMALL, **changes})
    with pytest.raises(UsageError, match=message):
        transformer.fit(TEXTS)


def test_frequencies_need_counts() -> None:
    without = KeyedVectors(["sun"], np.ones((1, 2), np.float32))
    with pytest.raises(UsageError, match="needs the words' counts"):
        DocumentVectors(without, weighting="sif").fit([])


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ("one text", "Documents must be a list of texts.* Got 'one text'"),
        (np.zeros((2, 2)), "Documents must be .* one column of a table.* Got 2 dimensions"),
        (["sun", None], "Document 1 is None, a missing value"),
        ([["sun", ["moon"]]], "not hashable"),
    ],
)
def test_what_are_no_documents_is_refused(documents: Any, message: str) -> None:
    transformer = DocumentVectors(VECTORS).fit([])
    for method in (transformer.fit, transformer.transform):
        with pytest.raises(UsageError, match=message):
            method(documents)


def test_a_whole_pandas_table_is_refused() -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(UsageError, match="one column of a table"):
        DocumentVectors(VECTORS).fit(pandas.DataFrame({"text": ["sun"]}))


def test_without_scikit_learn_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "fastw2v.sklearn")
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match=r"needs scikit-learn.*pip install scikit-learn .*'\.\[sklearn\]'"):
        __import__("fastw2v.sklearn")


# scikit-learn's own checks


def test_the_checks_that_apply_to_text_pass() -> None:
    # They are few: scikit-learn's other checks make tables of numbers.
    with pytest.warns(SkipTestWarning, match="Can't test estimator DocumentVectors which requires input"):
        results = check_estimator(DocumentVectors(), on_skip=None)
    assert {result["status"] for result in results} == {"passed"}


class OnNumbers(DocumentVectors):  # type: ignore[misc, unused-ignore]
    """`DocumentVectors` behind a table of numbers, each a word: for the checks that make such tables."""

    def fit(self, X: Any, y: Any = None) -> OnNumbers:
        return super().fit(self._texts(X, reset=True), y)

    def transform(self, X: Any) -> Any:
        check_is_fitted(self)
        return super().transform(self._texts(X, reset=False))

    def _texts(self, X: Any, reset: bool) -> list[str]:
        rows = validate_data(self, X, reset=reset).tolist()
        return [" ".join(f"c{column}v{int(4 * value)}" for column, value in enumerate(row)) for row in rows]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = False
        tags.input_tags.two_d_array = True
        return tags


FAILING = {
    "check_fit2d_1feature": "a table of one column is documents of one word: no word has neighbours to learn from",
}


@parametrize_with_checks([OnNumbers(**SMALL)], expected_failed_checks=lambda _: FAILING)  # type: ignore[misc, untyped-decorator, unused-ignore]
def test_all_other_checks_pass_where_numbers_are_made_words(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)


def test_the_one_check_that_fails_says_why() -> None:
    with pytest.raises(DataError, match=r"hold 1\.0 words on average, which leaves 0 training pairs"):
        OnNumbers(**SMALL).fit(np.random.default_rng(0).uniform(size=(10, 1)))
