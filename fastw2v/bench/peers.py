"""Other trainers with the same settings: one class each, and the file of documents that they read.

`train_gensim` and `train_fasttext` train in this process; `Peer.timed` trains in a process of its own, so that each run
starts with fresh memory and Ctrl-C ends a trainer that does not listen to it.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.bench.programs import output_of
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.settings import Settings
from fastw2v.system.optional import installed_by

EXTRA = installed_by("gensim fasttext-community", "bench")


class Trained(NamedTuple):
    """What a peer leaves: seconds of training, its words, most frequent first, and their vectors, (V, d) float32."""

    seconds: float
    words: list[str]
    vectors: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Peer:
    """A trainer beside ours.

    Attributes:
        name: what people call it.
        distribution: what the package index calls it.
        train: documents and settings to `Trained`.
        workers: the numbers of workers to time it with.
        longest: words of the longest document that it reads whole; longer ones are cut into parts.
        note: what of its run is timed, and what differs from ours at the same settings.
    """

    name: str
    distribution: str
    train: Callable[[Path, Settings], Trained]
    workers: tuple[int, ...]
    longest: int
    note: str

    @property
    def version(self) -> str | None:
        """The version installed; None where it is not."""
        try:
            return importlib.metadata.version(self.distribution)
        except importlib.metadata.PackageNotFoundError:
            return None

    @property
    def installed(self) -> bool:
        """Whether it is installed: this distribution, for others may have a module of the same name."""
        return self.version is not None

    def timed(self, documents: Path, settings: Settings) -> float:
        """Train in a process of its own; return the seconds of training.

        Raises:
            TrainingError: the trainer failed; the message ends with its last line.
        """
        command = [sys.executable, "-m", __name__, self.name, str(documents), json.dumps(settings.as_dict())]
        return float(output_of(self.name, command).splitlines()[-1])


def write_documents(data: Preprocessed, path: Path) -> None:
    """Write the training stream as text: one document a line, its words separated by spaces.

    These are the words ours trains on, before subsampling: peers find none to leave out, and count the same
    vocabulary. Documents without a word in the vocabulary are left out.
    """
    words = [str(word) for word in data.vocabulary.words]
    ids, offsets = data.stream.ids.tolist(), data.stream.offsets.tolist()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for start, end in itertools.pairwise(offsets):
            if end > start:
                file.write(" ".join([words[i] for i in ids[start:end]]) + "\n")


def gensim_model(settings: Settings) -> Any:
    """Return gensim's `Word2Vec` with these settings, before it has seen a word."""
    from gensim.models import Word2Vec

    return Word2Vec(
        sg=1,
        hs=0,
        vector_size=settings.vector_size,
        window=settings.window,
        shrink_windows=settings.shrink_windows,
        negative=settings.negative,
        ns_exponent=settings.ns_exponent,
        min_count=settings.min_count,
        sample=settings.sample,
        alpha=settings.alpha,
        min_alpha=settings.min_alpha,
        epochs=settings.epochs,
        workers=settings.workers,
        seed=settings.seed,
    )


def train_gensim(documents: Path, settings: Settings) -> Trained:
    """Train gensim in its `corpus_file` mode; its vocabulary is built before the clock starts."""
    model = gensim_model(settings)
    model.build_vocab(corpus_file=str(documents))
    begun = time.perf_counter()
    model.train(corpus_file=str(documents), total_words=model.corpus_total_words, epochs=settings.epochs)
    seconds = time.perf_counter() - begun
    return Trained(seconds, list(model.wv.index_to_key), model.wv.vectors)


def train_fasttext(documents: Path, settings: Settings) -> Trained:
    """Train fastText without its n-grams. It has one call, which also counts the vocabulary: all of it is timed."""
    import fasttext

    begun = time.perf_counter()
    model = fasttext.train_unsupervised(
        input=str(documents),
        model="skipgram",
        loss="ns",
        minn=0,
        maxn=0,
        dim=settings.vector_size,
        ws=settings.window,
        neg=settings.negative,
        minCount=settings.min_count,
        t=settings.sample,
        lr=settings.alpha,
        epoch=settings.epochs,
        thread=settings.workers,
        verbose=0,
    )
    seconds = time.perf_counter() - begun
    return Trained(seconds, model.get_words(), np.asarray(model.get_input_matrix(), dtype=np.float32))


# name -> trainer. A new peer is a function above and an entry here.
PEERS: Mapping[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer(
            "gensim",
            "gensim",
            train_gensim,
            (1, 2),
            10_000,
            "corpus_file mode; the vocabulary is built before the clock starts",
        ),
        Peer(
            "fastText",
            # The wheel that is kept up: of 12 runs of each, 10 of fasttext-numpy2-wheel, 8 of fasttext-modern and none
            # of this one stopped at "Encountered NaN". The others leave parts of the first weights unset.
            "fasttext-community",
            train_fasttext,
            (1,),  # the slowest here, and no promise is made on two
            1_024,
            "no n-grams; its whole call, which also counts the vocabulary and fills a table (0.2 s on 0.3 million "
            "words); the line's end is one word more a document; noise by count ^ 0.5",
        ),
    )
}


def _main(name: str, documents: str, settings: str) -> None:
    """Train the peer of that name and print the seconds."""
    print(PEERS[name].train(Path(documents), Settings(**json.loads(settings))).seconds)


if __name__ == "__main__":
    _main(*sys.argv[1:])
