"""gensim's other names for `KeyedVectors`: files in word2vec's formats, evaluation, and small questions.

`formats` reads and writes, `gensim_compat.evaluation` judges. What gensim's arguments can do there and not here is
refused.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, UsageError
from fastw2v.gensim_compat import evaluation
from fastw2v.gensim_compat.missing_names import VECTORS, name_successors
from fastw2v.messages.printable import plural
from fastw2v.vectors.editing import COUNT
from fastw2v.vectors.keyed import WordVectors
from fastw2v.vectors.nearest import Floats, unit_rows
from fastw2v.vectors.word_table import listed

PathLike = str | os.PathLike[str]

logger = logging.getLogger(__name__)


class GensimKeyed(WordVectors):
    """gensim's names for vectors."""

    @classmethod
    def load_word2vec_format(
        cls,
        fname: PathLike,
        fvocab: PathLike | None = None,
        binary: bool = False,
        encoding: str = "utf8",
        unicode_errors: str = "strict",
        limit: int | None = None,
        datatype: Any = np.float32,
        no_header: bool = False,
    ) -> Self:
        """Read a word2vec file, text or binary, or (without a header) GloVe's text: words as str.

        Names are gensim's, but a repeated word is refused, where gensim keeps the first. Without `fvocab` there are no
        counts, where gensim makes some up.

        Args:
            fname: the file; compressed data (gzip, bzip2, xz, Zstandard) is decompressed.
            fvocab: a file of counts, "word count" in each line, with one for every word.
            binary: whether numbers are bytes or digits.
            encoding: UTF-8; any other is refused.
            unicode_errors: what becomes of bytes that are not UTF-8: strict, replace, ignore or backslashreplace.
            limit: read only the first so many words, by custom the most frequent; what follows is not looked at.
            datatype: float32 or float64, of the vectors.
            no_header: whether the first line is already a word, as in GloVe's files.

        Raises:
            UsageError: an argument that is refused, binary without a header, or a limit below 1.
            DataError: the file is damaged; see `formats.word2vec_text`, `formats.word2vec_binary` and
                `formats.word_counts`.
        """
        from fastw2v.formats.recognising import other_form
        from fastw2v.formats.word2vec_binary import read_word2vec_binary
        from fastw2v.formats.word2vec_text import read_word2vec_text
        from fastw2v.formats.word_counts import counts_of, read_word_counts

        _check_header_of(binary, not no_header)
        evaluation.check_encoding(encoding)
        dtype = np.dtype(datatype)
        if dtype not in (np.float32, np.float64):
            raise UsageError(f"datatype must be float32 or float64. Got {dtype.name}; KeyedVectors hold no other.")
        try:
            if binary:
                read = read_word2vec_binary(fname, unicode_errors=unicode_errors, limit=limit)
            else:
                read = read_word2vec_text(fname, header=not no_header, unicode_errors=unicode_errors, limit=limit)
        except DataError as error:
            other = other_form(Path(fname), "binary" if binary else "glove" if no_header else "text")
            if other is None:
                raise
            raise DataError(f"{error} {other}") from None
        if fvocab is not None:
            known = read_word_counts(fvocab, unicode_errors=unicode_errors)
            read.counts = np.array(counts_of(read.index_to_key, known, fvocab), dtype=np.int64)
        if dtype != np.float32:
            read.vectors = read.vectors.astype(dtype)
        return cls.of(read)

    def save_word2vec_format(
        self,
        fname: PathLike,
        fvocab: PathLike | None = None,
        binary: bool = False,
        total_vec: None = None,
        write_header: bool = True,
        prefix: str = "",
        append: bool = False,
        sort_attr: str = COUNT,
    ) -> None:
        """Write a word2vec file, text or binary, or (without a header) GloVe's text, in the order of the rows.

        Args:
            fname: the file; compressed if its name ends in .gz.
            fvocab: a file for the counts, "word count" in each line.
            binary: write bytes in place of digits.
            total_vec: None; the header says how many vectors there are.
            write_header: write it.
            prefix: put before each word, in both files.
            append: False; a file is written whole.
            sort_attr: no effect: rows stay in their order, which is that of counts for a model.

        Raises:
            UsageError: an argument that is refused, no counts to write, binary without a header, or a path that is no
                place for a file.
            DataError: a word or a value that the format cannot hold, or the system could not write.
        """
        from fastw2v.formats.word2vec_binary import write_word2vec_binary
        from fastw2v.formats.word2vec_text import write_word2vec_text
        from fastw2v.formats.word_counts import write_word_counts

        _check_header_of(binary, write_header)
        if not len(self):
            raise UsageError(f"There are no words yet to save in {fname}; add_vectors adds some.")
        if total_vec is not None or append:
            raise UsageError("A file of vectors is written whole. Got total_vec or append; leave them out.")
        if fvocab is not None and self.counts is None:
            raise UsageError("These vectors have no counts to write to fvocab; those of a trained model have.")
        vectors = self
        if prefix:
            vectors = type(vectors)([f"{prefix}{word}" for word in self.index_to_key], self.vectors, self.counts)
        if binary:
            write_word2vec_binary(fname, vectors)
        else:
            write_word2vec_text(fname, vectors, header=write_header)
        if fvocab is not None and vectors.counts is not None:
            write_word_counts(fvocab, vectors.index_to_key, vectors.counts)

    def evaluate_word_pairs(
        self,
        pairs: PathLike,
        delimiter: str = "\t",
        encoding: str = "utf8",
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> tuple[tuple[float | None, None], tuple[float | None, None], float]:
        """Judge by a file of word pairs with scores, with gensim's rules and figures.

        Args:
            pairs: the file; each says by its first lines what parts its columns, so that `delimiter` has no effect.
            delimiter: tab, comma or space.
            encoding: UTF-8; any other is refused.
            restrict_vocab: look at the first so many words only; None: at all.
            case_insensitive: whether case matters to find words.
            dummy4unknown: give pairs with an unknown word a similarity of 0, in place of leaving them out.

        Returns:
            Pearson's and Spearman's correlation, each as (figure, None), and the percentage of pairs with an unknown
            word. Where gensim has p-values there is None: `evaluation.evaluate_word_pairs` has intervals.

        Raises:
            UsageError, DataError: the file cannot be read, or in no other way.
        """
        evaluation.check_delimiter(delimiter)
        evaluation.check_encoding(encoding)
        rules = evaluation.rules_of(restrict_vocab, case_insensitive, dummy4unknown)
        return evaluation.word_pairs(self, pairs, rules)

    def evaluate_word_analogies(
        self,
        analogies: PathLike,
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
        similarity_function: str = "most_similar",
    ) -> tuple[float | None, list[evaluation.Section]]:
        """Judge by a file of analogies, with gensim's rules.

        Args:
            analogies: the file.
            restrict_vocab: see `evaluate_word_pairs`.
            case_insensitive: whether case matters to find words; if not, results show them in upper case.
            dummy4unknown: count analogies with an unknown word as wrong, in place of leaving them out.
            similarity_function: "most_similar" (3CosAdd) or "most_similar_cosmul" (3CosMul).

        Returns:
            The share of right answers, None where nothing was asked; and for each section a dict of its name
            ("section") and the analogies, as tuples of four words, that were answered right ("correct") and wrong
            ("incorrect"). The last one, "Total accuracy", has those of all.

        Raises:
            UsageError, DataError: the file cannot be read.
        """
        rules = evaluation.rules_of(restrict_vocab, case_insensitive, dummy4unknown)
        return evaluation.word_analogies(self, analogies, rules, similarity_function)

    def vectors_for_all(
        self, keys: Iterable[Hashable], allow_inference: bool = True, copy_vecattrs: bool = False
    ) -> Self:
        """Return the words among `keys`, in their order, each once, with copies of their vectors.

        A warning says how many are left out because they are unknown; of none but those, no word comes back. `subset`
        refuses unknown and repeated words.

        Args:
            keys: words.
            allow_inference: no effect: no vector is made up for an unknown word.
            copy_vecattrs: copy the counts too.

        Raises:
            UsageError: one text in place of words.
        """
        wanted = list(dict.fromkeys(listed(keys)))
        known = [key for key in wanted if key in self.key_to_index]
        if len(known) < len(wanted):
            unknown = next(key for key in wanted if key not in self.key_to_index)
            missing = len(wanted) - len(known)
            logger.warning(
                "%s of %s %s no vector and %s left out, such as %.60r",
                f"{missing:,}",
                plural(len(wanted), "word"),
                "has" if missing == 1 else "have",
                "is" if missing == 1 else "are",
                unknown,
            )
        part = self.subset(known)
        if not copy_vecattrs:
            part.counts = None
        return part

    def word_vec(self, key: Hashable, norm: bool = False) -> Floats:
        """Return `get_vector(key, norm)`, by gensim's older name."""
        return self.get_vector(key, norm)

    def words_closer_than(self, word1: Hashable, word2: Hashable) -> list[Hashable]:
        """Return `closer_than(word1, word2)`, by gensim's older name."""
        return self.closer_than(word1, word2)

    def fill_norms(self, force: bool = False) -> None:
        """Compute `norms`, which are computed when they are needed and kept; so this is never needed."""
        _ = self.norms

    @property
    def expandos(self) -> Mapping[str, npt.NDArray[np.int64]]:
        """The attributes of words by row: {"count": (V,)}, or nothing where there are no counts. A new dict."""
        return {} if self.counts is None else {COUNT: self.counts}

    def get_vecattr(self, key: Hashable, attr: str) -> int:
        """Return how often a word occurred: the one attribute, "count", that words have here.

        Raises:
            UnknownWordError: the word is not in the vocabulary.
            UsageError: another attribute, or vectors without counts.
        """
        if attr != COUNT:
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
        keys: list[Hashable] = list(listed(keys_list))
        if not keys:
            raise UsageError("most_similar_to_given needs words to choose from, such as ['sun', 'moon']. Got none.")
        units = unit_rows(self.vectors[self.rows([key1, *keys])].astype(np.float64))
        return keys[int(np.argmax(units[1:] @ units[0]))]

    @staticmethod
    def cosine_similarities(vector_1: Floats, vectors_all: Floats) -> Floats:
        """Return the cosines, (n,), of a vector (d,) to vectors (n, d); 0 to a zero vector."""
        cosines: Floats = unit_rows(np.asarray(vectors_all)) @ unit_rows(np.asarray(vector_1)[np.newaxis])[0]
        return cosines

    def relative_cosine_similarity(self, wa: Hashable, wb: Hashable, topn: int = 10) -> float:
        """Return the cosine of two words divided by the sum of those of the `topn` words nearest to the first.

        Leeuwenberg et al. 2016, "A Minimally Supervised Approach for Synonym Extraction with Word Embeddings": above
        1 / topn it is nearer than they are on average. Raises as `most_similar`, and UsageError where that sum is 0.
        """
        vectors = self
        total = sum(cosine for _, cosine in vectors.most_similar(wa, topn=topn))
        if not total:
            raise UsageError(f"The {topn} words nearest to {wa!r:.60} have cosines whose sum is 0.")
        return self.similarity(wa, wb) / total

    def rank_by_centrality(self, words: Iterable[Hashable], use_norm: bool = True) -> list[tuple[float, Hashable]]:
        """Return words with the cosine (without `use_norm`: the product) to the mean of all, the highest first.

        Raises:
            UnknownWordError: a word is not in the vocabulary; gensim leaves it out.
            UsageError: no word.
        """
        some = [] if isinstance(words, str) else list(words)
        if not some:
            raise UsageError(f"rank_by_centrality needs a list of words. Got {words!r:.60}.")
        vectors: Floats = self.vectors[self.rows(some)].astype(np.float64)
        vectors = unit_rows(vectors) if use_norm else vectors
        products = vectors @ unit_rows(vectors.mean(axis=0)[np.newaxis])[0]
        order = np.argsort(-products, kind="stable").tolist()
        return [(float(products[place]), some[place]) for place in order]

    def wmdistance(self, document1: Sequence[Hashable], document2: Sequence[Hashable], norm: bool = True) -> float:
        """Return the Word Mover's Distance between two lists of words; see `word_movers`. Needs the extra `wmd`."""
        from fastw2v.vectors.word_movers import word_movers_distance

        return word_movers_distance(self, document1, document2, norm)


def _check_header_of(binary: bool, header: bool) -> None:
    if binary and not header:
        raise UsageError("A binary file always has a header. Got binary without one; leave one of the two out.")


name_successors(GensimKeyed, VECTORS)
