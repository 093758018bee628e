"""gensim's ways to build a vocabulary: from a corpus, from counts, from another model.

Thin: reading and preprocessing are those of `fit`, but no document is held out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastw2v import objectives
from fastw2v.corpus.chosen_words import Rule
from fastw2v.corpus.vocabulary import Vocabulary, preprocess, vocabulary_of
from fastw2v.engines.weights import initial_weights
from fastw2v.errors import UsageError
from fastw2v.gensim_compat import arguments
from fastw2v.gensim_compat.state import GensimState, Lists, Path
from fastw2v.settings import Settings
from fastw2v.text import load_stop_words
from fastw2v.training import memory_need
from fastw2v.training.earlier_model import Earlier


class GensimVocabulary(GensimState):
    """gensim's names for what comes before `train`."""

    def build_vocab(
        self,
        corpus_iterable: Lists | None = None,
        corpus_file: Path | None = None,
        update: bool = False,
        progress_per: int = 10_000,
        keep_raw_vocab: bool = False,
        trim_rule: Rule | None = None,
    ) -> None:
        """Count words and draw the vectors that training begins with.

        No document is held out from the count, unless `validation` or `early_stopping` was given to the model.

        Args:
            corpus_iterable: a re-iterable of token lists.
            corpus_file: in its place, a file: a line is a document, cut into words at white space.
            update: keep the words that are there, with their vectors, and add new ones that reach min_count; counts
                are then those of both, and rows are numbered anew by them.
            progress_per: no effect.
            keep_raw_vocab: no effect.
            trim_rule: says of a word, its count and min_count whether it stays; see `chosen_words`. None: min_count
                decides.

        Raises:
            UsageError: there is no corpus, or the model is trained already and `update` is False.
            DataError: fewer than two words are left.
        """
        arguments.check_call(progress_per=progress_per, keep_raw_vocab=keep_raw_vocab)
        self._check_new_vocabulary(update)
        held_out = {} if self._holds_out else {"validation": 0}
        settings, encoded, _ = self._read(corpus_iterable, corpus_file, **held_out)
        arguments.check_rule(trim_rule, settings)
        earlier = self._as_earlier() if update else None
        stop_words = load_stop_words(settings.stop_words, settings.tokenizer)
        known = {} if earlier is None else earlier.known()
        self._begin(preprocess(encoded, settings, stop_words, known, trim_rule).vocabulary, settings, earlier)
        self.settings, self.corpus_count, self.corpus_total_words = settings, encoded.documents, encoded.tokens

    def scan_vocab(
        self,
        corpus_iterable: Lists | None = None,
        corpus_file: Path | None = None,
        progress_per: int = 10_000,
        workers: int | None = None,
        trim_rule: None = None,
    ) -> tuple[int, int]:
        """Count the words and documents of a corpus, and change nothing: `build_vocab` does all of gensim's steps.

        Args:
            corpus_iterable: see `build_vocab`.
            corpus_file: see `build_vocab`.
            progress_per: no effect.
            workers: no effect.
            trim_rule: None; `build_vocab` takes a rule.

        Returns:
            Words, and documents with words.

        Raises:
            UsageError: there is no corpus, or a rule.
            DataError: there is no word.
        """
        arguments.check_call(progress_per=progress_per, scanning_rule=trim_rule)
        _, encoded, _ = self._read(corpus_iterable, corpus_file)
        return encoded.tokens, encoded.documents

    def build_vocab_from_freq(
        self,
        word_freq: Mapping[Any, int],
        keep_raw_vocab: bool = False,
        corpus_count: int | None = None,
        trim_rule: Rule | None = None,
        update: bool = False,
    ) -> None:
        """Take words that were counted elsewhere, in place of `build_vocab`.

        Args:
            word_freq: words with their counts; of equal counts, the first come first.
            keep_raw_vocab: no effect.
            corpus_count: documents that they were counted in; becomes the attribute of that name.
            trim_rule: see `build_vocab`.
            update: see `build_vocab`.

        Raises:
            UsageError: a count is no integer from 0 on, or see `build_vocab`.
            DataError: fewer than two words are left.
        """
        arguments.check_call(keep_raw_vocab=keep_raw_vocab)
        self._check_new_vocabulary(update)
        counts = arguments.checked_counts(word_freq)
        earlier = self._as_earlier() if update else None
        stop_words = load_stop_words(self.settings.stop_words, self.settings.tokenizer)
        known = {} if earlier is None else earlier.known()
        self._begin(vocabulary_of(counts, self.settings, stop_words, known, trim_rule), self.settings, earlier)
        self.corpus_count, self.corpus_total_words = corpus_count or 0, sum(counts.values())

    def reset_from(self, other_model: GensimState) -> None:
        """Take the words and counts of another model, in place of `build_vocab`, and begin with vectors drawn anew.

        Raises:
            UsageError: the other model has no vocabulary.
        """
        other = other_model._as_earlier()
        self.history, self._provenance = [], {}
        self._begin(Vocabulary(list(other.words), other.counts), self.settings, None)
        self.corpus_count, self.corpus_total_words = other_model.corpus_count, other_model.corpus_total_words

    def _check_new_vocabulary(self, update: bool) -> None:
        # Only training leaves a provenance.
        if update:
            self._check_vocabulary("build_vocab(update=True) adds to it")
        elif self._provenance:
            raise UsageError(
                "The model is trained, and a new vocabulary would drop its vectors. build_vocab(..., update=True) adds "
                "words; Word2Vec(...) begins anew."
            )

    def _begin(self, vocabulary: Vocabulary, settings: Settings, earlier: Earlier | None) -> None:
        """Keep a vocabulary, with the vectors that training begins with."""
        memory_need.check(vocabulary.counts, settings)
        shapes = objectives.make(settings, vocabulary.counts).shapes(len(vocabulary))
        begun = initial_weights(shapes, settings) if earlier is None else earlier.weights(vocabulary, settings)
        self._keep(vocabulary, begun)
