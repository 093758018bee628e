"""A new objective is a class and a line in the registry: engines, verification, trainer and files take it untouched."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_resume import Stopping, documents, outcome, prepared, run, whole

from fastw2v import Settings, UsageError, Word2Vec, engines, registry
from fastw2v.batches.batch import Batch
from fastw2v.batches.windows import Windows, pair_offsets
from fastw2v.corpus.encoded import encode
from fastw2v.engines.weights import initial_weights
from fastw2v.errors import InterruptedRunError
from fastw2v.objectives.inputs import SkipGram
from fastw2v.objectives.interfaces import Examples, InputObjective, Objective, OutputObjective, Terms
from fastw2v.objectives.negative_sampling import NegativeSampling
from fastw2v.training.plan import Plan
from fastw2v.training.preparation import prepare
from fastw2v.training.validation import ValidationSet
from fastw2v.verify.checks import verify

OPTIONS: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 2, "min_count": 1, "batch_size": 16}


class FixedNoise(OutputObjective):
    """The centre with the label 3/4, and the words 0 and 1 with the label 1/4."""

    name, mean_terms, most_terms = "fixed-noise", 3.0, 3

    def terms(self, windows: Windows) -> Terms:
        centre = windows.tokens[windows.first : windows.first + len(windows)]
        terms = np.column_stack((centre, np.zeros_like(centre), np.ones_like(centre)))
        return Terms(terms.ravel(), np.tile([0.75, 0.25, 0.25], len(centre)), 3 * np.arange(len(centre) + 1))

    def step_limits(self) -> tuple[float, float]:
        return 1.6, 1.6


class Ladder(OutputObjective):
    """Word w's path over the V - 1 inner nodes of a tree without branches: the nodes 0..w, label 1 at the last."""

    name, mean_terms, rows_are_words = "ladder", 6.0, False

    def __init__(self, settings: Settings, counts: Any = None) -> None:
        super().__init__(settings, counts)
        self.nodes = None if counts is None else len(counts) - 1

    @property
    def most_terms(self) -> int:
        assert self.nodes is not None, "a tree is made of counts"
        return self.nodes

    def rows(self, words: int) -> int:
        return words - 1

    def terms(self, windows: Windows) -> Terms:
        words = windows.tokens[windows.first : windows.first + len(windows)].astype(np.int64)
        sizes = np.minimum(words + 1, self.most_terms)
        start = np.concatenate(([0], np.cumsum(sizes)))
        terms = np.arange(start[-1]) - np.repeat(start[:-1], sizes)
        return Terms(terms, (terms == np.repeat(words, sizes)).astype(np.float64), start)

    def step_limits(self) -> tuple[float, float]:
        return 1.6, 1.6


class WithBucket(InputObjective):
    """A pair's input is the mean of the context's row and of one of seven more rows."""

    name, examples_are_pairs = "with-bucket", True

    def __init__(self, settings: Settings, counts: Any = None) -> None:
        super().__init__(settings, counts)
        self.words = 0 if counts is None else len(counts)

    def rows(self, words: int) -> int:
        return words + 7

    def examples(self, windows: Windows) -> Examples:
        centre, offset = pair_offsets(windows.left, windows.right)
        context = windows.tokens[windows.first + centre + offset].astype(np.int64)
        inputs = np.column_stack((context, self.words + context % 7)).ravel()
        return Examples(inputs, 2 * np.arange(len(centre) + 1), centre)


class Bag(InputObjective):
    """An example a centre with a window: the mean of its words."""

    name = "bag"

    def examples(self, windows: Windows) -> Examples:
        centre, offset = pair_offsets(windows.left, windows.right)
        sizes = (windows.left + windows.right).astype(np.int64)
        some = np.flatnonzero(sizes)
        start = np.concatenate(([0], np.cumsum(sizes[some])))
        return Examples(windows.tokens[windows.first + centre + offset], start, some)


CASES = [
    ("skip-gram", FixedNoise),
    ("skip-gram", Ladder),
    (WithBucket, "negative-sampling"),
    (WithBucket, Ladder),
    (Bag, "negative-sampling"),
]


@pytest.fixture(params=CASES, ids=lambda case: " + ".join(getattr(one, "name", one) for one in case))
def shapes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Register an objective and have runs take it; its rows of W_in and W_out beyond a word's."""
    for one, table, chosen in zip(request.param, ("INPUTS", "OUTPUTS"), ("INPUT", "OUTPUT"), strict=True):
        if not isinstance(one, str):
            monkeypatch.setitem(getattr(registry, table), one.name, f"{__name__}:{one.__name__}")
            monkeypatch.setattr(registry, chosen, one.name)
    return 7 * (request.param[0] is WithBucket), -1 * (request.param[1] is Ladder)


def test_verification_holds_and_leaves_out_engines_that_do_not_train_it(
    shapes: tuple[int, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("fastw2v.verify.checks.REFERENCE_TERMS", 8_000)
    options = Settings(**{**OPTIONS, "engine": "auto"})
    checks = list(verify(prepare(encode(documents()), {}, options), options))
    assert [check.what for check in checks if not check.passed] == []
    assert {check.what.split(":")[0] for check in checks} == {"objective", "reference", "numpy"}
    assert "the numba engine is not checked: it has no kernels for " in caplog.text


def test_it_learns_and_is_saved_and_loaded_with_its_own_numbers_of_rows(
    shapes: tuple[int, int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = Word2Vec(**{**OPTIONS, "engine": "auto", "epochs": 4, "alpha": 0.1}).fit(documents())
    assert "the numpy engine trains, which is slower" in caplog.text
    losses = [record["validation_loss"] for record in model.history]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "model")
    loaded = Word2Vec.load(tmp_path / "model")
    assert (len(loaded._further_inputs), len(loaded._output_vectors) - len(loaded.wv)) == shapes
    assert np.array_equal(loaded.wv.vectors, model.wv.vectors)
    assert np.array_equal(loaded._further_inputs, model._further_inputs)
    assert np.array_equal(loaded._output_vectors, model._output_vectors)


def test_a_run_that_is_cut_off_goes_on_to_the_same_bits(shapes: tuple[int, int], tmp_path: Path) -> None:
    options = Settings(**{**OPTIONS, "workers": 2, "deterministic": True})
    data = prepared(options)
    wanted, moments = whole(data, options, tmp_path / "whole")
    with pytest.raises(InterruptedRunError):
        run(data, options, Stopping(tmp_path / "cut", moments // 2))
    assert outcome(run(data, options, Stopping(tmp_path / "cut"), resume=True))[:2] == wanted[:2]


def test_an_engine_without_kernels_for_it_refuses_in_one_line(shapes: tuple[int, int]) -> None:
    with pytest.raises(
        UsageError, match=r"^engine numba cannot train this: it has no kernels for .*engine='numpy' would"
    ):
        Word2Vec(**{**OPTIONS, "engine": "numba"}).fit(documents())


def test_an_example_a_centre_is_scored_against_the_terms_of_its_own_centre(monkeypatch: pytest.MonkeyPatch) -> None:
    """All words of a document are one word: the inputs of an example and its first term are the same row."""
    monkeypatch.setitem(registry.INPUTS, Bag.name, f"{__name__}:{Bag.__name__}")
    monkeypatch.setattr(registry, "INPUT", Bag.name)
    texts = [[f"w{number % 701}"] * (number % 5 + 1) for number in range(6000)]
    data = prepare(encode(texts), {}, Settings(min_count=1, sample=0)).preprocessed
    batches = [ValidationSet(data, Settings())._batch]
    for noise in ("shared", "grouped"):
        options = Settings(noise=noise)
        engine, draws = engines.make(replace(options, engine="numpy"), data.vocabulary.counts)
        plan = Plan(data.stream, options, draws, engine.objective.outputs)
        batches += [engine.objective.batch(block) for block in plan.blocks(0)]
    for batch in batches:
        assert batch is not None
        assert len(batch) > 50
        assert np.array_equal(batch.terms[batch.term_start[batch.group_of]], batch.inputs[batch.input_start[:-1]])
    with pytest.raises(UsageError, match=r"^Noise words of each pair need .* bag are not.*noise='grouped' would work"):
        Word2Vec(**OPTIONS, noise="per-pair").fit(texts)


def test_losses_are_means_over_examples_on_the_scale_that_divergence_is_judged_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At output vectors of zero, each of the six terms of an example has the loss log 2, whatever an example is."""
    monkeypatch.setitem(registry.INPUTS, Bag.name, f"{__name__}:{Bag.__name__}")
    still: dict[str, Any] = {**OPTIONS, "alpha": 1e-9, "min_alpha": 0, "epochs": 1, "sample": 0}
    for name in ("skip-gram", "bag"):
        monkeypatch.setattr(registry, "INPUT", name)
        model = Word2Vec(**still).fit(documents())
        record, prepared = model.history[0], model.prepared
        assert prepared is not None
        assert record["pairs"] == (prepared.pairs if name == "skip-gram" else prepared.kept_tokens)
        for loss in (record["loss"], record["validation_loss"]):  # noise words that are the centre do not count
            assert 0.85 < loss / (6 * math.log(2)) <= 1


def only_outputs(monkeypatch: pytest.MonkeyPatch, kind: type[OutputObjective]) -> None:
    monkeypatch.setitem(registry.OUTPUTS, kind.name, f"{__name__}:{kind.__name__}")
    monkeypatch.setattr(registry, "OUTPUT", kind.name)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_rows_of_w_out_that_are_no_words_are_given_out_as_none(more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ladder, "rows", lambda _, words: words + more)
    only_outputs(monkeypatch, Ladder)
    model = Word2Vec(**{**OPTIONS, "epochs": 1}).fit(documents())
    assert model.vectors_of("input") is model.wv
    for ask in (
        lambda: model.vectors_of("output"),
        lambda: model.vectors_of("mean"),
        lambda: model.syn1neg,
        lambda: model.predict_output_word(["w1"]),
        model.to_gensim_model,
    ):
        with pytest.raises(UsageError, match=r"^The output vectors of ladder are not those of words; the input"):
            ask()


def test_rows_that_are_no_words_go_on_with_the_same_vocabulary_or_not_at_all(
    shapes: tuple[int, int], tmp_path: Path
) -> None:
    before = Word2Vec(**{**OPTIONS, "sample": 0}).fit(documents(), output=tmp_path / "model")
    after = Word2Vec.load(tmp_path / "model")
    after.alpha = after.min_alpha = 1e-30  # moves nothing: what a run ends with is what it began with
    after.train(documents())
    assert np.array_equal(after._further_inputs, before._further_inputs)
    assert np.array_equal(after._output_vectors, before._output_vectors)
    other = [*documents(), ["w1", "new"] * 9]
    if shapes == (0, 0):
        assert "new" in Word2Vec(**OPTIONS).fit(other, continue_from=before).wv
        return
    refused = r"^A model by .* has rows that are no word's, and goes on with the same words.* Got others; train"
    with pytest.raises(UsageError, match=refused):
        Word2Vec(**OPTIONS).fit(other, continue_from=before)
    with pytest.raises(UsageError, match=refused):
        after.build_vocab(other, update=True)


def test_validation_takes_the_vectors_of_examples_once_for_all_their_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    data = prepare(encode(documents(words=400, count=9000)), {}, Settings(min_count=1)).preprocessed
    held_out, taken, take = ValidationSet(data, Settings()), [], Batch.take

    def counted(batch: Batch, examples: Any) -> Batch:
        taken.extend(examples.tolist())
        return take(batch, examples)

    monkeypatch.setattr(Batch, "take", counted)
    assert held_out.loss(initial_weights(len(data.vocabulary), Settings())) is not None
    assert held_out.pairs > 512
    assert taken == list(range(held_out.pairs))


class Short(FixedNoise):
    """Forgets the last centre."""

    def terms(self, windows: Windows) -> Terms:
        terms = super().terms(windows)
        return terms._replace(term_start=terms.term_start[:-1])


def test_terms_of_other_groups_than_there_are_examples_are_refused() -> None:
    settings = Settings(noise="per-pair", negative=1)
    ends, noise = np.array([0, 1, 1], np.int32), np.zeros((4, 1), np.int32)
    windows = Windows(np.arange(3, dtype=np.int32), 0, ends, ends[::-1], noise, np.arange(3), per_pair=True)
    with pytest.raises(ValueError, match=r"^terms of 4 pairs for 3 examples of bag$"):
        Objective(Bag(settings), NegativeSampling(settings)).batch(windows)
    with pytest.raises(ValueError, match=r"^2 groups of terms of fixed-noise for 3 centres$"):
        Objective(SkipGram(settings), Short(settings)).batch(windows)
