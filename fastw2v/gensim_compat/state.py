"""The state of `Word2Vec` that gensim's methods use: settings as attributes, corpus sizes, reading."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import numpy.typing as npt

from fastw2v import objectives
from fastw2v.corpus import reading
from fastw2v.corpus.chosen_words import Rule
from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.errors import UsageError
from fastw2v.gensim_compat import arguments
from fastw2v.gensim_compat.attributes import FromSettings
from fastw2v.settings import Settings
from fastw2v.training import memory_need, preparation
from fastw2v.training.earlier_model import Earlier
from fastw2v.training.runs import Run
from fastw2v.training.trainer import Callback
from fastw2v.vectors.keyed import WordVectors
from fastw2v.views.progress_argument import with_progress

Path = str | os.PathLike[str]
Lists = Iterable[Iterable[Hashable]]


class GensimState:
    """gensim's attributes of `Word2Vec`.

    Attributes:
        vector_size, window, ..., epochs: the settings under their names. alpha, min_alpha, epochs and workers can be
            set, for the next `train`; alpha below min_alpha takes that along.
        sg, hs: 1 and 0: skip-gram, no hierarchical softmax.
        corpus_count, corpus_total_words: documents with words, and words, of the corpus that the vocabulary was last
            built or trained from; 0 where this process has read none.
    """

    settings: Settings
    history: list[dict[str, Any]]
    prepared: preparation.Prepared | None
    _wv: WordVectors | None
    _output_vectors: npt.NDArray[Any]
    _provenance: dict[str, Any]
    _as_earlier: Callable[[], Earlier]
    _word_outputs: Callable[[], npt.NDArray[Any]]
    _keep: Callable[..., None]
    _run: Callable[..., None]
    # Whether the user asked for documents to be held out; in gensim's way none are.
    _holds_out: bool

    vector_size = FromSettings()
    window = FromSettings()
    shrink_windows = FromSettings()
    negative = FromSettings()
    ns_exponent = FromSettings()
    min_count = FromSettings()
    max_vocab_size = FromSettings()
    max_final_vocab = FromSettings()
    sample = FromSettings()
    alpha = FromSettings(settable=True)
    min_alpha = FromSettings(settable=True)
    epochs = FromSettings(settable=True)
    seed = FromSettings()
    workers = FromSettings(settable=True)
    sg, hs = 1, 0
    corpus_count = 0
    corpus_total_words = 0

    @with_progress
    def _train_at_once(
        self,
        corpus: Any,
        *,
        callbacks: Sequence[Callback] = (),
        progress: bool = False,
        watch: reading.Watch | None = None,
        trim_rule: Rule | None = None,
    ) -> None:
        """Do what `Word2Vec(sentences)` does: train as `fit` does, and warn of almost no pairs in place of refusing."""
        arguments.check_rule(trim_rule, self.settings)
        objectives.check(self.settings)
        encoded, description = reading.read(corpus, self.settings, watch)
        self.prepared = preparation.prepare(encoded, description, self.settings, rule=trim_rule, refuse_few=False)
        data = self.prepared.preprocessed
        self.corpus_count, self.corpus_total_words = encoded.documents, encoded.tokens
        del encoded
        memory_need.check(data.vocabulary.counts, self.settings)
        self._run(data, description, None, {}, 0, Run(callbacks))

    def _check_vocabulary(self, why: str) -> None:
        if self._wv is None:
            raise UsageError(f"There is no vocabulary yet, and {why}. Call build_vocab(corpus) or fit(corpus) first.")
        self._as_earlier()  # refuses vectors that were set, and have no output vectors

    def _read(
        self, sentences: Lists | None, corpus_file: Path | None, **replaced: Any
    ) -> tuple[Settings, EncodedCorpus, dict[str, Any]]:
        """Return the model's settings with those replaced and those of reading, the corpus, and its description."""
        corpus, read_as = arguments.corpus_of(sentences, corpus_file)
        settings = dataclasses.replace(self.settings, **read_as, **replaced)
        objectives.check(settings)
        return settings, *reading.read(corpus, settings)
