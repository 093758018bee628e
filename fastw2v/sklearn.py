"""A scikit-learn transformer from documents to vectors.

    make_pipeline(DocumentVectors(weighting="sif"), LogisticRegression()).fit(texts, labels)

A document's vector is the mean of its words' vectors, each as it is or weighted down where it is frequent. Needs
scikit-learn (the extra `sklearn`); knows `Word2Vec`, the tokenisers and the errors.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fastw2v.errors import UsageError
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.messages.printable import plural
from fastw2v.model import Word2Vec
from fastw2v.system.optional import load
from fastw2v.text.token_lists import ItemCorpus
from fastw2v.text.tokenise import tokeniser

load("sklearn.base", "fastw2v.sklearn", "sklearn")

from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin  # noqa: E402
from sklearn.utils.validation import check_is_fitted  # noqa: E402

__all__ = ["DocumentVectors"]

Documents = Iterable[str | Iterable[Hashable]]
_WEIGHTINGS = ("mean", "sif")
# Parameters that are settings of `Word2Vec`, by the same names.
_SETTINGS = ("vector_size", "window", "negative", "ns_exponent", "min_count", "sample", "alpha", "epochs", "seed")


class DocumentVectors(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn documents into vectors: means of word vectors, which `fit` trains, or which are given.

    A document is a text, cut into words by `tokenizer`, or a list of items. Words that have no vector are left out; a
    document of no other words becomes zero.

    Args:
        vectors: a trained `Word2Vec`, or `KeyedVectors`; None: `fit` trains on its documents. `clone` copies them.
        weighting: "mean", or "sif": smooth inverse frequency, each word's vector times a / (a + p), p being its share
            of the words that the vectors were trained on (Arora, Liang and Ma 2017, "A Simple but Tough-to-Beat
            Baseline for Sentence Embeddings", equation 3, section 3).
        sif_a: this a; the paper finds 1e-4 to 1e-3 good.
        remove_component: take away what all documents share, as the paper does: the part of each vector along the first
            singular vector of those that `fit` sees.
        tokenizer: how texts are cut: "words" (lower-cased), "whitespace", or a function from a text to a list of words.
        vector_size, window, negative, ns_exponent, min_count, sample, alpha, epochs, seed: the settings of `Word2Vec`
            for training; without effect where vectors are given.

    Attributes:
        vectors_: the words' vectors, `KeyedVectors`.
        component_: (d,) float64, the direction taken away, or None.

    Raises (by `fit` and `transform`):
        UsageError, DataError: a parameter out of range, documents that are none, words of no vector, or vectors
            without counts for "sif". Both are ValueErrors.

    Examples:
        >>> from fastw2v.sklearn import DocumentVectors
        >>> documents = ["the dog ran home", "the cat ran home"] * 50
        >>> DocumentVectors(vector_size=8, min_count=1, sample=0).fit_transform(documents).shape
        (100, 8)
    """

    def __init__(
        self,
        vectors: Word2Vec | KeyedVectors | None = None,
        *,
        weighting: str = "mean",
        sif_a: float = 1e-3,
        remove_component: bool = False,
        tokenizer: Any = "words",
        vector_size: int = 100,
        window: int = 5,
        negative: int = 5,
        ns_exponent: float = 0.75,
        min_count: int = 5,
        sample: float = 1e-3,
        alpha: float = 0.025,
        epochs: int = 5,
        seed: int = 1,
    ) -> None:
        self.vectors = vectors
        self.weighting = weighting
        self.sif_a = sif_a
        self.remove_component = remove_component
        self.tokenizer = tokenizer
        self.vector_size = vector_size
        self.window = window
        self.negative = negative
        self.ns_exponent = ns_exponent
        self.min_count = min_count
        self.sample = sample
        self.alpha = alpha
        self.epochs = epochs
        self.seed = seed

    def fit(self, X: Documents, y: Any = None) -> Self:
        """Train on the documents, or take the vectors given; find the component to remove. `y` is not used."""
        self._check_parameters()
        documents = self._tokens(X)
        self.vectors_ = self._trained(documents) if self.vectors is None else _checked(self.vectors)
        self._weights()  # vectors without counts are refused here, not when first used
        self.component_ = None
        if self.remove_component:
            means = self._means(documents)
            # The first right singular vector, by way of a (d, d) matrix.
            self.component_ = np.linalg.eigh(means.T @ means)[1][:, -1]
        return self

    def transform(self, X: Documents) -> npt.NDArray[Any]:
        """Return the documents' vectors, (n, d) in the dtype of the words' vectors."""
        check_is_fitted(self)
        means = self._means(self._tokens(X))
        if self.component_ is not None:
            means -= np.outer(means @ self.component_, self.component_)
        return means.astype(self.vectors_.vectors.dtype)

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn asks of an estimator: this one takes texts, one a document, and no table."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags

    @property
    def _n_features_out(self) -> int:
        """What `get_feature_names_out` counts."""
        return self.vectors_.vector_size

    def _check_parameters(self) -> None:
        if self.weighting not in _WEIGHTINGS:
            raise UsageError(f"weighting must be {' or '.join(_WEIGHTINGS)}. Got {self.weighting!r:.60}.")
        given: object = self.sif_a
        if not (isinstance(given, (int, float, np.number)) and 0 < given < math.inf):
            raise UsageError(f"sif_a must be a number > 0. Got {self.sif_a!r:.60}; 1e-3 would work.")

    def _tokens(self, X: Documents) -> list[list[Hashable]]:
        """Return the documents as lists of words. Raises UsageError where they are no documents."""
        if isinstance(X, (str, bytes)) or getattr(X, "ndim", 1) != 1:
            what = f"{X!r:.60}" if isinstance(X, (str, bytes)) else plural(getattr(X, "ndim", 0), "dimension")
            raise UsageError(
                f"Documents must be a list of texts, or one column of a table, such as X['text']. Got {what}."
            )
        cut = tokeniser(self.tokenizer)
        return list(ItemCorpus([cut(document) if isinstance(document, str) else document for document in X]))

    def _trained(self, documents: list[list[Hashable]]) -> KeyedVectors:
        return Word2Vec(**{name: getattr(self, name) for name in _SETTINGS}).fit(documents).wv

    def _means(self, documents: list[list[Hashable]]) -> npt.NDArray[np.float64]:
        """(n, d) weighted sums over the words of each document, divided by how many there are."""
        words, place, weights = self.vectors_.vectors, self.vectors_.key_to_index, self._weights()
        means = np.zeros((len(documents), self.vectors_.vector_size))
        for mean, document in zip(means, documents, strict=True):
            rows = [place[word] for word in document if word in place]
            if rows:
                mean[:] = weights[rows] @ words[rows] / len(rows)
        return means

    def _weights(self) -> npt.NDArray[np.float64]:
        """(V,) the weight of each word."""
        counts = self.vectors_.counts
        if self.weighting == "mean":
            return np.ones(len(self.vectors_))
        if counts is None or counts.sum() == 0:
            raise UsageError("weighting 'sif' needs the words' counts, and these vectors have none; 'mean' would work.")
        weights: npt.NDArray[np.float64] = self.sif_a / (self.sif_a + counts / counts.sum())
        return weights


def _checked(given: Any) -> KeyedVectors:
    vectors = given.wv if isinstance(given, Word2Vec) else given
    if not isinstance(vectors, KeyedVectors):
        raise UsageError(f"vectors must be a Word2Vec or KeyedVectors. Got {type(given).__name__}.")
    return vectors
