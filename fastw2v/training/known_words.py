"""Encode a corpus for a model with a fixed vocabulary: other words are left out."""

from __future__ import annotations

import dataclasses

import numpy as np

from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.corpus.vocabulary import Preprocessed, Stream, Vocabulary, preprocess
from fastw2v.errors import NothingToTrainError
from fastw2v.messages.printable import plural
from fastw2v.settings import Settings
from fastw2v.training.earlier_model import Earlier


def known_words_only(corpus: EncodedCorpus, model: Earlier, settings: Settings) -> Preprocessed:
    """Prepare a corpus for a model whose vocabulary stays: ids, order and counts are the model's.

    Raises:
        NothingToTrainError: no word of the corpus is in the model's vocabulary.
    """
    words = len(model.words)
    row = {word: number for number, word in enumerate(model.words)}
    # The number after the last one is that of words to leave out.
    rows = np.array([*(row.get(item, words) for item in corpus.items), words], dtype=np.int32)
    if rows.min() == words:
        raise NothingToTrainError(
            f"None of the {plural(len(corpus.items), 'word')} of the corpus is in the model's vocabulary. "
            "build_vocab(..., update=True) would add them."
        )
    known = EncodedCorpus(rows[corpus.ids], corpus.offsets, model.words)
    data = preprocess(known, settings, known=model.known())
    # Counts there are those of both, and with them may change the order.
    rows = np.array([row[word] for word in data.vocabulary.words], dtype=np.int32)
    return dataclasses.replace(
        data,
        vocabulary=Vocabulary(model.words, model.counts),
        stream=Stream(rows[data.stream.ids], data.stream.offsets),
        held_out=Stream(rows[data.held_out.ids], data.held_out.offsets),
    )
