"""Candidates of a comparison: our modes, the peers, matrix products, and end-to-end runs.

A new mode of ours is a line in `_OURS`; a new peer stands in `peers`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastw2v.bench import end_to_end, flops
from fastw2v.bench.peers import PEERS, Peer
from fastw2v.bench.results import Timing
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.settings import Settings
from fastw2v.system.threads import processors
from fastw2v.training.trainer import Trainer

# What a candidate's seconds are of: training on the same words, matrix products, or a whole program.
TRAINING, PRODUCT, WHOLE = "training", "product", "whole"

OURS = "fastw2v, 1 worker"
RACY = "fastw2v, 2 workers, racy"
DETERMINISTIC = "fastw2v, 2 workers, deterministic"
SHARED = "fastw2v, shared noise"
PER_PAIR = "fastw2v, per-pair noise"
GENSIM = "gensim, 1 worker"
GENSIM_2 = "gensim, 2 workers"
MATRIX = "matrix product, 1 core"
MATRIX_2 = "matrix product, 2 cores"
WHOLE_OURS = "fastw2v train, text to vectors"
WHOLE_GENSIM = "gensim, text to vectors"

# A whole program: it takes raw texts, settings and a folder.
_Program = Callable[[Sequence[Path], Settings, Path], Timing]

_OURS: dict[str, dict[str, Any]] = {
    OURS: {},
    RACY: {"workers": 2},
    DETERMINISTIC: {"workers": 2, "deterministic": True},
    SHARED: {"noise": "shared"},
    PER_PAIR: {"noise": "per-pair"},
}


@dataclass(frozen=True)
class Material:
    """One text in the forms that candidates read: our stream, the same as a file for peers, and as it was found.

    Attributes:
        settings: for all candidates; its `limit` says how much of `raw` the stream is.
        folder: for what whole programs save.
    """

    data: Preprocessed
    documents: Path
    raw: tuple[Path, ...]
    settings: Settings
    folder: Path


@dataclass(frozen=True)
class Candidate:
    """Something to time. `run` takes the number of epochs."""

    name: str
    kind: str
    ours: bool
    workers: int
    run: Callable[[int], Timing]
    note: str = ""


def candidates(material: Material, with_peers: bool = True) -> list[Candidate]:
    """Return what can be timed here, in the order of a round; more workers than usable cores are left out."""
    peers = [peer for peer in PEERS.values() if with_peers and peer.installed]
    found = [
        *_products(),
        *_ours(material),
        *(one for peer in peers for one in _peers(peer, material)),
        *_whole(material, any(peer.name == "gensim" for peer in peers)),
    ]
    return [one for one in found if one.workers <= processors()]


def _products() -> Iterator[Candidate]:
    for name, cores in ((MATRIX, 1), (MATRIX_2, 2)):

        def run(epochs: int, cores: int = cores) -> Timing:
            return Timing(flops.product_seconds(cores), flops=cores * flops.PRODUCT_FLOPS)

        yield Candidate(name, PRODUCT, False, cores, run)


def _ours(material: Material) -> Iterator[Candidate]:
    for name, changes in _OURS.items():
        settings = dataclasses.replace(material.settings, **changes)

        def run(epochs: int, settings: Settings = settings) -> Timing:
            chosen = dataclasses.replace(settings, epochs=epochs)
            model = Trainer(material.data, chosen).run()
            pairs = sum(record.pairs for record in model.history)
            return Timing(model.train_seconds, model.compile_seconds, flops.useful_flops(pairs, chosen))

        yield Candidate(name, TRAINING, True, settings.workers, run)


def _peers(peer: Peer, material: Material) -> Iterator[Candidate]:
    for workers in peer.workers:

        def run(epochs: int, workers: int = workers) -> Timing:
            chosen = dataclasses.replace(material.settings, epochs=epochs, workers=workers)
            return Timing(peer.timed(material.documents, chosen))

        name = f"{peer.name}, {workers} worker{'s' if workers > 1 else ''}"
        yield Candidate(name, TRAINING, False, workers, run, peer.note)


def _whole(material: Material, with_gensim: bool) -> Iterator[Candidate]:
    programs: list[tuple[str, _Program, bool]] = [
        (WHOLE_OURS, end_to_end.ours, True),
        (WHOLE_GENSIM, end_to_end.gensims, False),
    ]
    for name, program, ours in programs:

        def run(epochs: int, program: _Program = program) -> Timing:
            chosen = dataclasses.replace(material.settings, epochs=epochs)
            return program(material.raw, chosen, material.folder)

        if ours or with_gensim:
            yield Candidate(name, WHOLE, ours, 1, run)
