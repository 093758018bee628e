"""`Word2Vec`, the Python interface: settings, `fit`, vectors, `save` and `load`."""

from __future__ import annotations

import inspect
import os
import textwrap
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from fastw2v import engines, objectives
from fastw2v.corpus import reading, recorded
from fastw2v.corpus.cache import Cache
from fastw2v.corpus.chosen_words import Rule
from fastw2v.corpus.vocabulary import Preprocessed, Vocabulary
from fastw2v.engines.weights import Weights
from fastw2v.errors import DataError, UsageError, WrongTypeError
from fastw2v.formats.mapping import checked_mmap
from fastw2v.gensim_compat import arguments, exchange, saving
from fastw2v.gensim_compat.methods import GensimMethods
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.messages.printable import plural
from fastw2v.registry import AUTO
from fastw2v.saved_model import storage
from fastw2v.saved_model.settings_of import settings_of
from fastw2v.settings import Settings
from fastw2v.settings.keywords import Keywords
from fastw2v.system import memory
from fastw2v.system.class_methods import refuse_on_instances
from fastw2v.text import Corpus
from fastw2v.training import memory_need, preparation, starting
from fastw2v.training.callbacks import Callback
from fastw2v.training.checkpoints import Checkpoints, identity
from fastw2v.training.earlier_model import Earlier, drawn_anew, epochs_trained
from fastw2v.training.epoch_scores import EpochScores
from fastw2v.training.history import LiveHistory
from fastw2v.training.preparation import Prepared
from fastw2v.training.run_state import EpochRecord
from fastw2v.training.runs import Run, versions
from fastw2v.training.starting import GivenVectors
from fastw2v.training.trainer import TrainedModel
from fastw2v.vectors.keyed import paired_vectors
from fastw2v.views.progress_argument import with_progress


class Word2Vec(GensimMethods):
    """Skip-gram word2vec with negative sampling.

    Takes the settings of `fastw2v.settings.Settings` as keywords: `Word2Vec(vector_size=100, window=5, ...)`. Given a
    corpus in gensim's way, it trains at once: `Word2Vec(sentences)`, `Word2Vec(corpus_file="text.txt")`; other
    arguments of gensim's are taken too, where they can be (`gensim_compat.arguments`). Then, as in gensim, every
    document is trained on; `fit` holds some out to measure the validation loss.

    Args:
        sentences: token lists, as for `fit`; None: `fit`, or `build_vocab` and `train`, come later.
        corpus_file: in their place, a file: a line is a document, cut into words at white space.
        callbacks, progress: for training at once; see `fit`.
        trim_rule: for training at once; see `build_vocab`.

    Attributes:
        settings: the settings.
        wv: the input vectors with their words; none before training or loading.
        history: one dict an epoch: epoch, loss, validation_loss, learning_rate, pairs, seconds, words_per_second.

    Raises:
        UsageError: a setting is unknown or out of range, or an argument of gensim's is not possible here.
        DataError, TrainingError: see `fit`.

    Examples:
        >>> from fastw2v import Word2Vec
        >>> sessions = [["bread", "milk", "tea"], ["milk", "tea", "bread"]] * 50
        >>> model = Word2Vec(vector_size=8, min_count=1, sample=0, seed=1).fit(sessions)
        >>> model.wv["milk"].shape
        (8,)
        >>> len(model.history)
        5
    """

    def __init__(
        self,
        sentences: Iterable[Iterable[Hashable]] | None = None,
        corpus_file: str | os.PathLike[str] | None = None,
        *,
        callbacks: Sequence[Callback] = (),
        progress: bool = False,
        trim_rule: Rule | None = None,
        **settings: Unpack[Keywords],
    ) -> None:
        arguments.check_callbacks(callbacks)
        at_once = sentences is not None or corpus_file is not None
        corpus, read_as = arguments.corpus_of(sentences, corpus_file) if at_once else (None, {})
        self._holds_out = arguments.holds_out(settings)
        if at_once and not self._holds_out:
            read_as = {**read_as, "validation": 0}
        self.settings = Settings.from_mapping({**read_as, **arguments.translated(settings)}, "Word2Vec")
        self.history: list[dict[str, Any]] = []
        self.trained: TrainedModel | None = None
        self.prepared: Prepared | None = None
        self._wv: KeyedVectors | None = None
        self._output_vectors: npt.NDArray[Any] = np.empty((0, 0))
        # Rows of W_in that are no word's, which some objectives have.
        self._further_inputs: npt.NDArray[Any] = np.empty((0, 0))
        self._provenance: dict[str, Any] = {}
        self._corpus_paths: list[str] = []
        if at_once:
            self._train_at_once(corpus, callbacks=callbacks, progress=progress, trim_rule=trim_rule)
        elif callbacks or progress:
            name = "callbacks=..." if callbacks else "progress=True"
            raise UsageError(f"Callbacks and progress are for training. Got no corpus; fit(corpus, {name}) would work.")
        elif trim_rule is not None:
            raise UsageError(
                "trim_rule is asked when words are counted. Got no corpus; build_vocab(sentences, trim_rule=...) works."
            )

    @with_progress
    def fit(
        self,
        corpus: Any = None,
        *,
        output: str | os.PathLike[str] | None = None,
        overwrite: bool = False,
        callbacks: Sequence[Callback] = (),
        progress: bool = False,
        watch: Callable[[Corpus, int], None] | None = None,
        on_prepared: Callable[[Prepared], None] | None = None,
        cache: Cache | None = None,
        checkpoints: Checkpoints | None = None,
        resume: bool = False,
        continue_from: str | os.PathLike[str] | Word2Vec | None = None,
        init_from: str | os.PathLike[str] | Word2Vec | KeyedVectors | GivenVectors | None = None,
        evaluate: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        auto_epochs: bool = False,
    ) -> Word2Vec:
        """Read, preprocess and train.

        Args:
            corpus: a path, several paths, an encoded corpus, a re-iterable of token lists (strings or other hashable
                items), or None for the built-in stories; with `continue_from`, for what that model was trained on.
            output: a directory to save the model to; what cannot be saved is refused before training. `read_history`
                reads there meanwhile.
            overwrite: replace a model that lies there.
            callbacks: hear of training; see `callbacks.Callback`.
            progress: show a bar, on a terminal or in a notebook that has ipywidgets; elsewhere print a line an epoch.
            watch: called with the corpus and the tokens read so far after each document.
            on_prepared: called with the account of preprocessing before training begins.
            checkpoints: keeps where the run stands, on disk; None: nothing is kept.
            resume: go on from the newest checkpoint, if there is one.
            continue_from: a trained model, or its directory, to begin with: its words stay, with its vectors, and new
                ones join them. The learning rate takes this run's schedule, from the start, and where the seed is the
                same, the next one is taken, so that it draws anew.
            init_from: vectors to begin with, or the model, model directory or file that has them; see `starting`.
            evaluate: a file, or several, of word pairs, analogies or word classes by which each epoch's vectors are
                judged, for the history.
            auto_epochs: choose the number of epochs in place of the setting, so that each word is trained often enough:
                5, on small texts up to 15; see `preparation.suited_epochs`.
            cache: where text is encoded on disk, once, and mapped from; None: text is read into memory.

        Raises:
            UsageError, DataError, TrainingError: see `text.open_corpus`, `preparation`, `trainer`.
        """
        if resume and checkpoints is None:
            raise UsageError("resume goes on from checkpoints. Got none; checkpoints=Checkpoints(folder) would work.")
        if init_from is not None and continue_from is not None:
            raise UsageError("A run begins with init_from or with continue_from, not with both. Give one of them.")
        if output is not None:
            storage.check_output(output, overwrite)
        if self.settings.engine != AUTO:
            engines.resolve(self.settings.engine)
        objectives.check(self.settings)
        place = output if checkpoints is None else checkpoints.folder.parent
        live = None if place is None else LiveHistory(Path(place))
        judges = [evaluate] if isinstance(evaluate, (str, os.PathLike)) else evaluate
        run = Run(callbacks, checkpoints, resume, EpochScores(judges) if judges else None, live)
        given = None if init_from is None else starting.read_given(init_from)
        if given is not None:
            given.check(self.settings)
        continue_from = None if continue_from is None else _model_of(continue_from)
        earlier = None if continue_from is None else continue_from._as_earlier()
        if continue_from is not None and earlier is not None:
            earlier.check(self.settings)
            if self.settings.seed == continue_from.settings.seed:
                self.settings = drawn_anew(self.settings)
        if corpus is None and continue_from is not None:
            corpus = continue_from.recorded_corpus()
        encoded, description = reading.read(corpus, self.settings, watch, cache=cache)
        known = {} if earlier is None else earlier.known()
        self.prepared = preparation.prepare(encoded, description, self.settings, known, auto_epochs=auto_epochs)
        self.settings = replace(self.settings, epochs=self.prepared.epochs)
        vocabulary = self.prepared.preprocessed.vocabulary
        if output is not None:
            preparation.check_savable(vocabulary.words)
        del encoded
        if on_prepared:
            on_prepared(self.prepared)
        memory_need.check(vocabulary.counts, self.settings)
        data = self.prepared.preprocessed
        self.corpus_count, self.corpus_total_words = data.documents, data.tokens_read
        before = {} if continue_from is None else continue_from._provenance
        epochs_before = 0 if continue_from is None else continue_from.epochs_trained
        self._run(data, description, earlier or given, before, epochs_before, run)
        if output is not None:
            self.save(output, overwrite=overwrite)
            assert live is not None
            live.discard()
        return self

    def _run(
        self,
        data: Preprocessed,
        description: dict[str, Any],
        start: Earlier | GivenVectors | None,
        before: dict[str, Any],
        epochs_before: int,
        run: Run,
    ) -> None:
        """Train on the corpus so described and keep what comes of it.

        before, epochs_before: the provenance and the epochs of the model that the run goes on from.
        """
        weights = None if start is None else start.weights(data.vocabulary, self.settings)
        if run.scores is not None:
            run.scores.tokenizer = description.get("tokenizer")
        self.trained = run.train(data, self.settings, weights)
        memory.give_back()
        self.history = self.trained.history_dicts()
        if start is None:
            preparation.warn_of_few_pairs(sum(item["pairs"] for item in self.history), data, self.settings)
        self._keep(data.vocabulary, self.trained.weights)
        # The file's name without its folders: a model is given away, the machine's paths are not.
        known = identity(data) if run.checkpoints is None else run.checkpoints.corpus
        corpus = {**description, "name": Path(description["name"]).name, **known}
        self._corpus_paths = corpus.pop("paths", [])
        self._provenance = {"corpus": corpus, "engine": self.trained.engine, **versions(self.trained.engine)}
        self._provenance["epochs_trained"] = epochs_before + len(self.history)
        if before:
            self._provenance["continues"] = before
        self.wv.tokenizer = _tokenizer_of(self._provenance)
        if isinstance(start, GivenVectors):
            self._provenance["init_from"] = start.provenance(data.vocabulary)

    def _keep(self, vocabulary: Vocabulary, weights: Weights) -> None:
        own, others = np.split(weights.input_vectors, [len(vocabulary)])
        self._wv = KeyedVectors(vocabulary.words, own, vocabulary.counts).of_model()
        self._further_inputs, self._output_vectors = others, weights.output_vectors

    def _as_earlier(self) -> Earlier:
        """Return what another model begins with that goes on from this one."""
        wv = self.vectors_of("input")
        assert wv.counts is not None
        return Earlier(wv.index_to_key, wv.counts, wv.vectors, self._output_vectors, self._further_inputs)

    @property
    def wv(self) -> KeyedVectors:
        """The input vectors with their words; before there is a vocabulary, none.

        Vectors that are set answer questions. Without output vectors they are not trained or saved as a model's:
        `fit(corpus, init_from=vectors)` begins with them.
        """
        return KeyedVectors(vector_size=self.vector_size).of_model() if self._wv is None else self._wv

    @wv.setter
    def wv(self, vectors: KeyedVectors) -> None:
        if not isinstance(vectors, KeyedVectors):
            raise UsageError(f"The vectors of a model are KeyedVectors. Got {type(vectors).__name__}.")
        self._wv, self._output_vectors, self._further_inputs = vectors, np.empty((0, 0)), np.empty((0, 0))

    def vectors_of(self, which: str) -> KeyedVectors:
        """Return the words with their "input" vectors (`wv`), their "output" vectors, or the "mean" of both.

        Raises:
            UsageError: there is no vocabulary yet, or output vectors are not those of words.
        """
        if self._wv is None:
            raise UsageError("The model is not trained yet. Call fit(corpus) or Word2Vec.load(directory) first.")
        if not len(self._output_vectors):
            raise UsageError(
                "The model has no output vectors, since its vectors were set. fit(corpus, init_from=vectors) has "
                "some; model.wv.save(file) keeps these."
            )
        return self._wv if which == "input" else paired_vectors(self._wv, self._word_outputs(), which)

    def _word_outputs(self) -> npt.NDArray[Any]:
        """Return the output vectors, where row i is that of word i: (V, d).

        Raises:
            UsageError: the objective has rows of W_out that are no words'.
        """
        outputs = objectives.make(self.settings, None if self._wv is None else self._wv.counts).outputs
        if not outputs.rows_are_words:
            raise UsageError(
                f"The output vectors of {outputs.name} are not those of words; the input vectors, model.wv, are."
            )
        return self._output_vectors

    def save(self, directory: str | os.PathLike[str] | None = None, *, overwrite: bool = False, **theirs: Any) -> None:
        """Write the model directory; see `storage`.

        Args:
            directory: created; an empty file in its place goes, one with content is refused.
            overwrite: replace a model that lies there.
            theirs: gensim's arguments: `fname` or `fname_or_handle` in place of `directory`, others without effect; see
                `gensim_compat.saving`.

        Raises:
            UsageError: the model is not trained, an item is neither str nor int, a model lies there already, or an
                argument is unknown.
        """
        directory = saving.path_of("save", directory, theirs)
        wv = self.vectors_of("input")
        preparation.check_savable(wv.index_to_key)
        assert wv.counts is not None
        storage.save_model(
            directory,
            words=wv.index_to_key,  # type: ignore[arg-type]  # checked above: str or int
            counts=wv.counts,
            w_in=np.concatenate((wv.vectors, self._further_inputs)) if len(self._further_inputs) else wv.vectors,
            w_out=self._output_vectors,
            settings=self.settings.as_dict(),
            history=self.history,
            provenance=recorded.with_place(self._provenance, self._corpus_paths, directory),
            rows=objectives.make(self.settings, wv.counts).shapes(len(wv)),
            overwrite=overwrite,
        )

    @classmethod
    def load(
        cls, directory: str | os.PathLike[str] | None = None, mmap: bool | str | None = None, **theirs: Any
    ) -> Word2Vec:
        """Read a model directory.

        Args:
            directory: of the model.
            mmap: True, or gensim's "r": map both matrices from their file, read-only, instead of copying them.
            theirs: gensim's arguments: `fname` in place of `directory`; `rethrow` has no effect.

        Raises:
            UsageError, DataError: there is no model, or it is damaged; see `storage.load_model`. Or another `mmap`, or
                an argument is unknown.
        """
        directory = saving.path_of("load", directory, theirs)
        saved = storage.load_model(directory, mmap=checked_mmap(mmap))
        model = cls()
        model.settings = settings_of(saved, directory)
        try:
            model.history = [EpochRecord.from_dict(record).as_dict() for record in saved.history]
        except ValueError as error:
            raise DataError(f"{directory}: the history is malformed ({error!s:.80}).") from None
        own, model._further_inputs = np.split(saved.w_in, [len(saved.words)])
        model._wv = KeyedVectors(saved.words, own, saved.counts).of_model()
        model._output_vectors = saved.w_out
        # A file does not tell what was chosen from what was left as it was.
        defaults = Settings().as_dict()
        model._holds_out = arguments.holds_out({n: v for n, v in saved.settings.items() if v != defaults.get(n)})
        model._provenance, model._corpus_paths = recorded.without_place(saved.provenance, directory)
        model._wv.tokenizer = _tokenizer_of(saved.provenance)
        return model

    def to_gensim(self) -> Any:
        """Return the vectors as gensim's `KeyedVectors`; see `gensim_compat.exchange.to_gensim`."""
        return exchange.to_gensim(self.vectors_of("input"))

    def to_gensim_model(self) -> Any:
        """Return a gensim `Word2Vec` that can train on; see `gensim_compat.exchange.model_to_gensim`."""
        return exchange.model_to_gensim(self.vectors_of("input"), self._word_outputs(), self.settings)

    @classmethod
    def from_gensim(cls, model: Any) -> Word2Vec:
        """Return a gensim `Word2Vec` as a model of ours, which shares its arrays; see `model_from_gensim` there."""
        theirs = exchange.model_from_gensim(model)
        ours = cls(**theirs.settings)
        ours._wv, ours._output_vectors = KeyedVectors.of(theirs.wv).of_model(), theirs.output_vectors
        ours._provenance = {"gensim": theirs.version}
        return ours

    def __repr__(self) -> str:
        words = "no vocabulary yet" if self._wv is None else plural(len(self._wv), "word")
        return f"{type(self).__name__}({words}, vector_size={self.vector_size}, alpha={self.alpha})"

    def _repr_html_(self) -> str:
        """Return what a notebook shows; see `notebook`."""
        from fastw2v.views.notebook import model_html

        return model_html(self.wv, self.history, self.settings, self.provenance)

    def recorded_corpus(self) -> list[str] | None:
        """Return the paths of the corpus that the model was trained on, found again; None: the built-in stories.

        Raises:
            UsageError: it is not recorded where it lies, or it is gone or has changed.
        """
        return recorded.corpus_of(self._provenance, self._corpus_paths)

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the model came from: corpus, engine, versions, processor."""
        return self._provenance

    @property
    def epochs_trained(self) -> int:
        """The epochs of the last run, which are in `history`, and of those it went on from, as far as is known."""
        return epochs_trained(self._provenance, self.history)


def _model_of(given: Any) -> Word2Vec:
    """Return a model, or load it from its directory."""
    if isinstance(given, (str, os.PathLike)):
        return Word2Vec.load(given)
    if isinstance(given, Word2Vec):
        return given
    what = f"{type(given).__module__}.{type(given).__qualname__}"
    raise WrongTypeError(
        f"continue_from must be a model or its directory. Got {what:.60}; init_from begins with vectors, and "
        "Word2Vec.from_gensim takes gensim's model."
    )


def _tokenizer_of(provenance: dict[str, Any]) -> str | None:
    """Return the name of the tokeniser that cut the corpus; None for token lists."""
    corpus = provenance.get("corpus")  # from a file that anyone may have written
    name = corpus.get("tokenizer") if isinstance(corpus, dict) else None
    return name if isinstance(name, str) else None


def _signature() -> inspect.Signature:
    """Return the parameters with the settings among them, so that help() and editors show them; Settings has them."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [item for item in inspect.signature(Word2Vec.__init__).parameters.values() if item.name != "self"]
    settings = [
        inspect.Parameter(item.name, keyword, default=item.default, annotation=item.type) for item in fields(Settings)
    ]
    return inspect.Signature([*own[:-1], *settings])


def _settings_text() -> str:
    """Return a line or two on each setting, in the form of the docstrings."""
    texts = (f"{item.name}: {item.metadata['help']} Default: {item.default!r}." for item in fields(Settings))
    wrapped = (textwrap.fill(text, 116, initial_indent=" " * 8, subsequent_indent=" " * 12) for text in texts)
    return "\n    Settings:\n" + "\n".join(wrapped) + "\n"


refuse_on_instances(Word2Vec, "load")
Word2Vec.__doc__ = (Word2Vec.__doc__ or "") + _settings_text()
Word2Vec.__signature__ = _signature()  # type: ignore[attr-defined]
