"""gensim's other names for `KeyedVectors`: files in word2vec's formats, evaluation, and small questions.

Thin: `formats` reads and writes, `evaluation` judges. What gensim's arguments can do there and not here is refused.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from fastw2v.errors import UsageError
from fastw2v.lookup import WordTable
from fastw2v.nearest import Floats, unit_rows

if TYPE_CHECKING:
    from fastw2v.evaluation import PairsResult, WordRules
    from fastw2v.evaluation.analogies import SectionResult
    from fastw2v.vectors import KeyedVectors

PathLike = str | os.PathLike[str]


class GensimKeyed(WordTable):
    """gensim's names for vectors."""

    @classmethod
    def load_word2vec_format(
        cls,
        path: PathLike,
        fvocab: None = None,
        binary: bool = False,
        encoding: str = "utf8",
        unicode_errors: str = "strict",
        limit: int | None = None,
        datatype: Any = np.float32,
        no_header: bool = False,
    ) -> KeyedVectors:
        """Read a word2vec file, text or binary, or (without a header) GloVe's text: float32 vectors, words as str.

        Names are gensim's, but a repeated word is refused, where gensim keeps the first.

        Args:
            path: the file; decompressed if its name ends in .gz.
            fvocab: None; a file of counts is refused.
            binary: whether numbers are bytes or digits.
            encoding: UTF-8; any other is refused.
            unicode_errors: what becomes of bytes that are not UTF-8: strict, replace, ignore or backslashreplace.
            limit: read only the first so many words, by custom the most frequent; what follows is not looked at.
            datatype: float32; any other is refused.
            no_header: whether the first line is already a word, as in GloVe's files.

        Raises:
            UsageError: an argument that is refused, binary without a header, or a limit below 1.
            DataError: the file is damaged; see `formats.word2vec_text` and `formats.word2vec_binary`.
        """
        from fastw2v.formats.word2vec_binary import read_word2vec_binary
        from fastw2v.formats.word2vec_text import read_word2vec_text

        _check_header_of(binary, not no_header)
        _check_fvocab(fvocab)
        if encoding.lower().replace("-", "") != "utf8":
            raise UsageError(f"encoding must be utf8: convert the file to it. Got {encoding!r:.40}.")
        if np.dtype(datatype) != np.float32:
            raise UsageError(f"datatype must be float32, as vectors are read. Got {np.dtype(datatype).name}.")
        if binary:
            return read_word2vec_binary(path, unicode_errors=unicode_errors, limit=limit)
        return read_word2vec_text(path, header=not no_header, unicode_errors=unicode_errors, limit=limit)

    def save_word2vec_format(
        self, path: PathLike, fvocab: None = None, binary: bool = False, *, write_header: bool = True
    ) -> None:
        """Write a word2vec file, text or binary, or (without a header) GloVe's text, in the order of the rows.

        Raises:
            UsageError: a file for counts, binary without a header, or a path that is no place for a file.
            DataError: a word or a value that the format cannot hold, or the system could not write.
        """
        from fastw2v.formats.word2vec_binary import write_word2vec_binary
        from fastw2v.formats.word2vec_text import write_word2vec_text

        _check_header_of(binary, write_header)
        _check_fvocab(fvocab)
        if binary:
            write_word2vec_binary(path, self._as_vectors())
        else:
            write_word2vec_text(path, self._as_vectors(), header=write_header)

    def evaluate_word_pairs(
        self,
        pairs: PathLike,
        *,
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> tuple[tuple[float | None, None], tuple[float | None, None], float]:
        """Judge by a file of word pairs with scores, with gensim's rules and figures.

        Returns:
            Pearson's and Spearman's correlation, each as (figure, None), and the percentage of pairs with an unknown
            word. Where gensim has p-values there is None: `evaluation.evaluate_word_pairs` has intervals.

        Raises:
            UsageError, DataError: the file cannot be read.
        """
        from fastw2v.evaluation import evaluate_word_pairs
        from fastw2v.formats.evaluation_files import read_word_pairs

        rules = _rules(restrict_vocab, case_insensitive, dummy4unknown)
        result: PairsResult = evaluate_word_pairs(self._as_vectors(), read_word_pairs(pairs), rules)
        return (result.pearson, None), (result.spearman, None), 100 * result.out_of_vocabulary / result.pairs

    def evaluate_word_analogies(
        self,
        analogies: PathLike,
        *,
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> tuple[float | None, Sequence[SectionResult]]:
        """Judge by a file of analogies, with gensim's rules: the share of right answers, and each section's figures.

        Raises:
            UsageError, DataError: the file cannot be read.
        """
        from fastw2v.evaluation import evaluate_analogies
        from fastw2v.formats.evaluation_files import read_analogies

        rules = _rules(restrict_vocab, case_insensitive, dummy4unknown)
        result = evaluate_analogies(self._as_vectors(), read_analogies(analogies), rules)
        return result.total.accuracy, result.sections

    def get_vecattr(self, key: Hashable, attr: str) -> int:
        """Return how often a word occurred: the one attribute, "count", that words have here.

        Raises:
            UnknownWordError: the word is not in the vocabulary.
            UsageError: another attribute, or vectors without counts.
        """
        if attr != "count":
            raise UsageError(f"The one attribute of a word is its count. Got {attr!r:.40}.")
        if self.counts is None:
            raise UsageError("These vectors have no counts; those of a trained model have.")
        return int(self.counts[self.row(key)])

    def most_similar_to_given(self, key1: Hashable, keys_list: Iterable[Hashable]) -> Hashable:
        """Return that of some words which is nearest to a word; at equal cosine the first.

        Raises:
            UnknownWordError: a word is not in the vocabulary.
            UsageError: there are none to choose from.
        """
        keys = list(keys_list)
        if not keys:
            raise UsageError("most_similar_to_given needs words to choose from, such as ['sun', 'moon']. Got none.")
        units = unit_rows(self.vectors[self.rows([key1, *keys])].astype(np.float64))
        return keys[int(np.argmax(units[1:] @ units[0]))]

    @staticmethod
    def cosine_similarities(vector_1: Floats, vectors_all: Floats) -> Floats:
        """Return the cosines, (n,), of a vector (d,) to vectors (n, d); 0 to a zero vector."""
        cosines: Floats = unit_rows(np.asarray(vectors_all)) @ unit_rows(np.asarray(vector_1)[np.newaxis])[0]
        return cosines

    def _as_vectors(self) -> KeyedVectors:
        return cast("KeyedVectors", self)


def _rules(restrict_vocab: int | None, case_insensitive: bool, dummy4unknown: bool) -> WordRules:
    from fastw2v.evaluation import WordRules

    return WordRules("upper" if case_insensitive else "exact", restrict_vocab, dummy4unknown, float32=True)


def _check_header_of(binary: bool, header: bool) -> None:
    if binary and not header:
        raise UsageError("A binary file always has a header. Got binary without one; leave one of the two out.")


def _check_fvocab(fvocab: Any) -> None:
    if fvocab is not None:
        raise UsageError(f"Files of counts are not read or written; .npz keeps counts. Got fvocab {fvocab!r:.60}.")
