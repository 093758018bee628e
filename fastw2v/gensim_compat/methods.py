"""gensim's methods of `Word2Vec`: build_vocab, train, attributes, predict_output_word.

Thin: reading, preprocessing and the run itself are those of `fit`. In gensim's way the vocabulary comes first and then
stays: `train` leaves out words that it has not, and counts, which noise and subsampling follow, are those of
`build_vocab`. It counts every document; `fit` holds some out to measure the validation loss.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Sequence
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from fastw2v.errors import NothingToTrainError, UnknownWordError, UsageError, WrongTypeError
from fastw2v.gensim_compat import arguments
from fastw2v.gensim_compat.missing_names import MODEL, name_successors
from fastw2v.gensim_compat.state import Lists, Path
from fastw2v.gensim_compat.vocabulary import GensimVocabulary
from fastw2v.training.earlier_model import drawn_anew, epochs_trained
from fastw2v.training.known_words import known_words_only
from fastw2v.training.runs import Run
from fastw2v.training.trainer import Callback
from fastw2v.vectors.nearest import top_rows
from fastw2v.vectors.questions import counted
from fastw2v.vectors.word_table import listed

logger = logging.getLogger(__name__)


class GensimMethods(GensimVocabulary):
    """gensim's names for `Word2Vec`.

    Attributes:
        syn1neg: (V, d) the output vectors, read-only.
    """

    # The learning rate at which the latest `train` began.
    _latest_alpha: float | None = None

    def train(
        self,
        corpus_iterable: Lists | None = None,
        corpus_file: Path | None = None,
        total_examples: int | None = None,
        total_words: int | None = None,
        epochs: int | None = None,
        start_alpha: float | None = None,
        end_alpha: float | None = None,
        word_count: int = 0,
        queue_factor: int = 2,
        report_delay: float = 1.0,
        compute_loss: bool = True,
        callbacks: Sequence[Callback] = (),
    ) -> tuple[int, int]:
        """Train the words of the vocabulary, from where their vectors stand; other words are left out.

        Each call is a run of its own: its learning rate goes from alpha to min_alpha, never below, and it adds 1 to the
        seed of a model that was trained before, so that it draws anew.

        Args:
            corpus_iterable: see `build_vocab`; other sentences than there will do.
            corpus_file: see `build_vocab`.
            total_examples: not needed, since what is read is counted.
            total_words: not needed either.
            epochs: replaces the setting, from now on.
            start_alpha: replaces the setting alpha, from now on.
            end_alpha: replaces the setting min_alpha, from now on.
            word_count: 0; another start is refused.
            queue_factor: no effect.
            report_delay: no effect.
            compute_loss: no effect, the loss is always measured.
            callbacks: see `trainer.Callback`.

        Returns:
            Words trained on, before subsampling, and words read, each over all epochs. gensim's first one is after
            subsampling. The first is 0 where no word of the corpus is in the vocabulary: a warning says so, and the
            model stays as it is.

        Raises:
            UsageError: there is no vocabulary or corpus yet, or a value is out of range.
            DataError: the corpus cannot be read.
        """
        arguments.check_call(word_count=word_count, queue_factor=queue_factor, report_delay=report_delay)
        arguments.check_callbacks(callbacks)
        self._check_vocabulary("train goes on with it")
        given = {"epochs": epochs, "alpha": start_alpha, "min_alpha": end_alpha}
        replaced = {name: value for name, value in given.items() if value is not None}
        if self._provenance:
            replaced["seed"] = drawn_anew(self.settings).seed
        read, earlier = 0, self._as_earlier()
        try:
            settings, encoded, description = self._read(corpus_iterable, corpus_file, **replaced)
            read = encoded.tokens * settings.epochs
            data = known_words_only(encoded, earlier, settings)
        except NothingToTrainError as error:
            logger.warning("%s Nothing is trained.", error)
            return 0, read
        if self._latest_alpha is not None and settings.alpha > self._latest_alpha:
            # In gensim's words, for which logs may be searched.
            logger.warning(
                "Effective 'alpha' higher than previous training cycles: %g after %g",
                settings.alpha,
                self._latest_alpha,
            )
        self._latest_alpha = settings.alpha
        self.settings, self.corpus_count, self.corpus_total_words = settings, encoded.documents, encoded.tokens
        del encoded
        # Of the run before this one alone: there may be thousands of calls, and JSON of that depth cannot be read.
        before = {name: value for name, value in self._provenance.items() if name != "continues"}
        self._run(data, description, earlier, before, epochs_trained(self._provenance, self.history), Run(callbacks))
        if not any(record["pairs"] for record in self.history):
            logger.warning("no two words of the vocabulary were neighbours: nothing was learned; sample=0 drops none")
        return len(data.stream) * len(self.history), data.corpus_tokens * len(self.history)

    def get_latest_training_loss(self) -> float:
        """Return the loss summed over the pairs of the latest run, as gensim does; in float64, and always there.

        `history` has the mean of a pair for each epoch.
        """
        return float(sum(record["loss"] * record["pairs"] for record in self.history if record["pairs"]))

    @property
    def syn1neg(self) -> npt.NDArray[Any]:
        """The output vectors, (V, d), read-only."""
        view = self._word_outputs().view()
        view.flags.writeable = False
        return view

    def predict_output_word(
        self, context_words_list: Sequence[Hashable], topn: int = 10
    ) -> list[tuple[Hashable, float]]:
        """Return the `topn` words that fit best between context words, with a probability for each.

        The softmax, over the vocabulary, of each output vector times the mean of the context's input vectors; words
        that are not in the vocabulary are left out, and a warning names them. Training never looks at a context as a
        whole, so this is a rough guess, as in gensim.

        Raises:
            UnknownWordError: none of the words is in the vocabulary.
            UsageError: one text in place of words, or topn is no integer, or below 1.
        """
        self._check_vocabulary("predict_output_word needs one")
        assert self._wv is not None
        topn = counted("topn", topn)
        found = [(word, self._wv.get_index(word, -1)) for word in listed(context_words_list)]
        rows = [row for _, row in found if row >= 0]
        if not found:
            raise UsageError("predict_output_word needs the words of a context, such as ['sun', 'moon']. Got none.")
        if not rows:
            raise UnknownWordError(f"None of the words {context_words_list!r:.60} is in the vocabulary.")
        if len(rows) < len(found):
            unknown = [word for word, row in found if row < 0]
            logger.warning("left out of the context, not in the vocabulary: %.200s", ", ".join(map(repr, unknown)))
        scores = self._word_outputs() @ self._wv.vectors[rows].mean(axis=0)
        shares = np.exp(scores.astype(np.float64) - scores.max())
        shares /= shares.sum()
        best = top_rows(shares, min(topn, len(shares)))
        return [(self._wv.index_to_key[row], float(shares[row])) for row in best.tolist()]

    # Python would else iterate by __getitem__.
    __iter__ = None

    def __getitem__(self, word: Hashable) -> NoReturn:
        """Say where a word's vector is: gensim's older models had it here."""
        raise WrongTypeError(f"A model is not asked for words itself. Got [{word!r:.60}]; model.wv[word] would work.")

    def __contains__(self, word: Hashable) -> NoReturn:
        """Say where words are looked for."""
        raise WrongTypeError(f"A model is not asked for words itself. Got {word!r:.60}; word in model.wv would work.")


name_successors(GensimMethods, MODEL)
