"""Peers get the words we train on, the settings we train with, and no more; whole programs start with a cold text."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v.bench import comparison, end_to_end, peers
from fastw2v.bench.comparison import SETTINGS
from fastw2v.bench.peers import PEERS, Peer
from fastw2v.corpus import reading
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.errors import TrainingError
from fastw2v.settings import Settings
from fastw2v.training import preparation

ONCE = dataclasses.replace(SETTINGS, epochs=1, vector_size=20)


@pytest.fixture(scope="module")
def data(text: Path) -> Preprocessed:
    return preparation.prepare(*reading.read([text], SETTINGS), SETTINGS).preprocessed


@pytest.fixture(scope="module")
def documents(data: Preprocessed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("peers") / "documents.txt"
    peers.write_documents(data, path)
    return path


@pytest.fixture(params=list(PEERS))
def peer(request: pytest.FixtureRequest) -> Peer:
    found = PEERS[request.param]
    if not found.installed:
        pytest.skip(f"{found.name} is not installed: {peers.EXTRA}")
    return found


def test_the_documents_hold_the_words_of_the_stream(data: Preprocessed, documents: Path) -> None:
    words = [data.vocabulary.words[i] for i in data.stream.ids]
    assert documents.read_text(encoding="utf-8").split() == words
    counts = Counter(words)
    assert [counts[word] for word in data.vocabulary.words] == data.vocabulary.counts.tolist()


def test_each_document_is_a_line(tmp_path: Path) -> None:
    texts = [["a", "b", "a"], ["rare"], ["b"], ["a", "rare", "b", "naïve", "naïve"]]
    for min_count, lines in ((2, "a b a\nrare\nb\na rare b naïve naïve\n"), (3, "a b a\nb\na b\n")):
        settings = dataclasses.replace(SETTINGS, min_count=min_count, sample=0.0, epochs=50)
        data = preparation.prepare(*reading.read(texts, settings), settings).preprocessed
        peers.write_documents(data, tmp_path / "documents")
        assert (tmp_path / "documents").read_text(encoding="utf-8") == lines


def test_a_peer_trains_finite_vectors_of_our_words(peer: Peer, data: Preprocessed, documents: Path) -> None:
    trained = peer.train(documents, ONCE)
    assert trained.seconds > 0
    assert set(trained.words) - {"</s>"} == set(data.vocabulary.words)
    assert trained.vectors.shape == (len(trained.words), 20)
    assert trained.vectors.dtype == np.float32
    assert np.isfinite(trained.vectors).all()


def test_a_peer_in_a_process_of_its_own_tells_its_seconds(peer: Peer, documents: Path) -> None:
    assert 0 < peer.timed(documents, ONCE) < 60


def test_a_peer_that_fails_is_named_in_one_line(peer: Peer, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=f"^{peer.name} failed: ") as error:
        peer.timed(tmp_path / "none", ONCE)
    assert "\n" not in str(error.value)


def test_a_peer_that_is_not_installed_has_no_version() -> None:
    absent = dataclasses.replace(PEERS["gensim"], distribution="no-such-distribution")
    assert absent.version is None
    assert not absent.installed


def test_gensim_is_given_every_setting_it_shares_with_ours() -> None:
    pytest.importorskip("gensim")
    settings = Settings(
        vector_size=7,
        window=3,
        shrink_windows=False,
        negative=2,
        ns_exponent=0.5,
        min_count=4,
        sample=0.01,
        alpha=0.05,
        min_alpha=0.001,
        epochs=2,
        workers=2,
        seed=9,
    )
    model = peers.gensim_model(settings)
    assert (model.sg, model.hs) == (1, 0)
    shared = [name for name in settings.as_dict() if hasattr(model, name)]
    assert len(shared) >= 12
    assert {name: getattr(model, name) for name in shared} == {name: getattr(settings, name) for name in shared}


def test_fasttext_is_given_every_setting_it_shares_with_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fasttext = pytest.importorskip("fasttext")
    given: dict[str, Any] = {}

    def train(**options: Any) -> None:
        given.update(options)
        raise RuntimeError

    monkeypatch.setattr(fasttext, "train_unsupervised", train)
    settings = Settings(vector_size=7, window=3, negative=2, min_count=4, sample=0.01, alpha=0.05, epochs=2, workers=2)
    with pytest.raises(RuntimeError):
        peers.train_fasttext(tmp_path, settings)
    assert {"model": "skipgram", "loss": "ns", "minn": 0, "maxn": 0}.items() <= given.items()
    numbers = {"dim": 7, "ws": 3, "neg": 2, "minCount": 4, "t": 0.01, "lr": 0.05, "epoch": 2, "thread": 2}
    assert numbers.items() <= given.items()


@pytest.mark.parametrize("program", [end_to_end.ours, end_to_end.gensims])
def test_a_whole_program_trains_on_raw_text_and_leaves_nothing(
    program: Any, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "encoded before"
    monkeypatch.setenv("FASTW2V_CACHE_DIR", str(kept))
    if program is end_to_end.gensims:
        pytest.importorskip("gensim")
    timing = program([text], dataclasses.replace(ONCE, limit="100docs"), tmp_path)
    assert timing.seconds > timing.compile_seconds >= 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("program", [end_to_end.ours, end_to_end.gensims])
def test_a_whole_program_that_fails_is_named_in_one_line(program: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(TrainingError, match=r"^python -m fastw2v.* failed: .*empty"):
        program([tmp_path / "empty.txt"], ONCE, tmp_path)


def test_whole_programs_read_the_words_that_are_trained_on(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("".join(f"one two three four {i}\n...\n" for i in range(3000)), encoding="utf-8")
    compared = comparison.prepare([text], tmp_path, words=7003, with_peers=False)
    encoded, _ = reading.read([text], compared.material.settings)
    assert encoded.tokens == compared.corpus["words"] == 7005
    assert compared.material.settings.limit == "2801docs"  # every second one is a line without words


def test_texts_that_are_shorter_and_texts_with_wrong_bytes_are_counted_too(tmp_path: Path) -> None:
    text, settings = tmp_path / "text.txt", dataclasses.replace(SETTINGS, encoding_errors="replace")
    text.write_bytes("".join(f"one two three four {i} é\n" for i in range(300)).encode("latin-1"))
    compared = comparison.prepare([text], tmp_path, settings, words=10**6, with_peers=False)
    assert compared.material.settings.limit == "300docs"


def test_gensims_program_reads_the_words_that_ours_trains_on(text: Path, tmp_path: Path, data: Preprocessed) -> None:
    pytest.importorskip("gensim")
    from gensim.models import Word2Vec

    from fastw2v.bench import gensim_program

    config = tmp_path / "settings.json"
    config.write_text('{"epochs": 1, "vector_size": 20, "validation": 0}')
    gensim_program.main(str(config), str(tmp_path / "model"), str(text))
    vectors = Word2Vec.load(str(tmp_path / "model" / "model")).wv
    counts = {word: vectors.get_vecattr(word, "count") for word in vectors.index_to_key}
    assert counts == dict(zip(data.vocabulary.words, data.vocabulary.counts.tolist(), strict=True))


def waits(*_: object) -> int:
    raise BlockingIOError


def is_refused(*_: object) -> int:
    raise OSError


@pytest.mark.parametrize(("read", "cold"), [(waits, True), (lambda *_: 1, False), (is_refused, False)])
def test_a_text_is_cold_only_where_a_read_would_wait_for_the_disk(
    monkeypatch: pytest.MonkeyPatch, text: Path, read: Any, cold: bool
) -> None:
    dropped: list[Sequence[int]] = []
    monkeypatch.setattr(os, "posix_fadvise", lambda *arguments: dropped.append(arguments), raising=False)
    monkeypatch.setattr(os, "POSIX_FADV_DONTNEED", 4, raising=False)
    monkeypatch.setattr(os, "RWF_NOWAIT", 8, raising=False)
    monkeypatch.setattr(os, "preadv", read, raising=False)
    assert end_to_end.drop_from_cache([text]) is cold
    assert [arguments[1:] for arguments in dropped] == [(0, 0, 4)]


def test_a_system_without_the_call_leaves_the_text_warm(monkeypatch: pytest.MonkeyPatch, text: Path) -> None:
    monkeypatch.delattr(os, "posix_fadvise", raising=False)
    assert end_to_end.drop_from_cache([text]) is False
