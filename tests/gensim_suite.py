"""gensim's own tests of Word2Vec and KeyedVectors, run with the classes of this package.

    python tests/gensim_suite.py            # every test: passed, or the error that it ended with
    python tests/gensim_suite.py test_rank  # those whose names contain a text

The tests are read from the installed gensim (`gensim/test`) at run time; nothing of them is kept here. They are changed
in memory only: their imports give our classes, and where hierarchical softmax or CBOW is a setting in passing
(`hs=1, negative=0`, `sg=0`), skip-gram with negative sampling takes its place. Tests about what is not here at all are
not run; `NOT_RUN` names them.
"""

from __future__ import annotations

import functools
import logging
import re
import sys
import tempfile
import types
import unittest
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import fastw2v

FILES = ("test_word2vec.py", "test_keyedvectors.py")
# What a test is about, by names of tests.
NOT_RUN: dict[str, tuple[str, ...]] = {
    "CBOW": (
        *("test_cbow_hs_online", "test_cbow_neg_online", "test_cbow_hs", "test_cbow_hs_fromfile", "test_cbow_neg"),
        *("test_cbow_neg_fromfile", "test_cbow_fixedwindowsize", "test_cbow_fixedwindowsize_fromfile"),
        *("test_training_cbow", "test_training_cbow_negative"),
    ),
    "hierarchical softmax": (
        *("test_sg_hs_online", "test_sg_hs", "test_sg_hs_fromfile", "test_sg_fixedwindowsize_fromfile"),
        *("test_scoring", "test_train_hs_and_neg"),
    ),
    "gensim's pickle files": (
        *("test_persistence_backwards_compatible", "test_load_old_model", "test_load_old_model_separates"),
        *("test_load_old_models_1_x", "test_load_old_models_2_x", "test_load_old_models_3_x", "test"),
    ),
    "a program or a compiled module of gensim's": (
        *("test_word2vec_stand_alone_script", "test_cython_line_sentence_works_with_filename"),
    ),
}
# Changes of the text, in order: a pattern and what takes its place.
_CHANGES = (
    (r"^from testfixtures import log_capture$", ""),
    (r"^from gensim\.models import word2vec, keyedvectors$", ""),
    (r"import KeyedVectors, REAL, pseudorandom_weak_vector", "import REAL, pseudorandom_weak_vector"),
    (r"gensim\.models\.keyedvectors\._load_word2vec_format", "_load_word2vec_format"),
    (r"gensim\.models\.(keyedvectors\.)?KeyedVectors", "KeyedVectors"),
    (r"hs=1,\s*negative=0", "negative=5"),
    (r"hs=1, (?=negative)|, hs=1(?=\))", ""),
    (r"sg=0", "sg=1"),
    (r"\.syn1\b", ".syn1neg"),
)


def left_out() -> set[str]:
    """Return the names of the tests that are not run."""
    return {name for names in NOT_RUN.values() for name in names}


def all_names() -> list[str]:
    """Return the names of all tests, those that are not run among them."""
    return [test._testMethodName for file in FILES for test in _tests(file)]


def outcomes(wanted: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name of each test that is run, with "passed", "skipped: ..." or "failed: ..."."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, tempfile.tempdir = tempfile.tempdir, folder
        try:
            for file in FILES:
                for test in _tests(file):
                    name = test._testMethodName
                    if name not in left_out() and wanted in name:
                        yield name, _outcome(test)
        finally:
            tempfile.tempdir = before


def _tests(file: str) -> Iterator[unittest.TestCase]:
    module = _module(file)
    for suite in unittest.defaultTestLoader.loadTestsFromModule(module):
        assert isinstance(suite, unittest.TestSuite)
        for test in suite:
            assert isinstance(test, unittest.TestCase)
            yield test


def _module(file: str) -> types.ModuleType:
    """Return a file of gensim's tests as a module that uses our classes."""
    import gensim.test

    path = Path(gensim.test.__file__).with_name(file)
    text = path.read_text(encoding="utf-8")
    for pattern, replacement in _CHANGES:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    module = types.ModuleType(f"changed_{path.stem}")
    names: dict[str, Any] = {
        "KeyedVectors": fastw2v.KeyedVectors,
        "word2vec": fastw2v,
        "keyedvectors": fastw2v,
        "log_capture": _log_capture,
        "_load_word2vec_format": _load_word2vec_format,
    }
    module.__dict__.update(names)
    exec(compile(text, str(path), "exec"), module.__dict__)
    return module


def _load_word2vec_format(cls: Any, fname: str, binary: bool, limit: int | None, binary_chunk_size: int) -> Any:
    """Stand for a private function of gensim's, which the public one calls with these."""
    return cls.load_word2vec_format(fname, binary=binary, limit=limit)


def _log_capture() -> Callable[[Any], Any]:
    """Stand for the decorator of that name in testfixtures: the test gets what is logged while it runs."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(self: unittest.TestCase) -> None:
            with self.assertLogs(level=logging.DEBUG) as logs:
                logging.getLogger().debug("a log must not be empty")
                test(self, logs.output)

        return run

    return decorate


def _outcome(test: unittest.TestCase) -> str:
    result = unittest.TestResult()
    np.random.seed(1)  # noqa: NPY002 (what gensim's tests draw from)
    test.run(result)
    for _, trace in [*result.errors, *result.failures]:
        return f"failed: {trace.strip().splitlines()[-1]}"
    return f"skipped: {result.skipped[0][1]}" if result.skipped else "passed"


def main() -> None:
    """Print a line for each test, and how many passed."""
    counts: Counter[str] = Counter()
    for name, outcome in outcomes(*sys.argv[1:2]):
        counts[outcome.partition(":")[0]] += 1
        print(f"{name}: {outcome}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
