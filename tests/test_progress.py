"""`progress=True` in Python: lines where nothing can move, a bar on a terminal, a widget in a notebook."""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

import pytest
from rich.console import Console

from fastw2v import Word2Vec
from fastw2v.errors import UsageError
from fastw2v.training.callbacks import Callback, Progress
from fastw2v.views import display

SENTENCES = [["sun", "moon", "star", "sky"], ["moon", "sun", "sky", "cloud"]] * 40
QUICK: dict[str, Any] = {"engine": "numpy", "vector_size": 4, "epochs": 2, "min_count": 1, "sample": 0}


def test_without_a_terminal_there_is_a_line_an_epoch_on_stderr_and_callbacks_still_hear(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Hearing(Callback):
        heard = 0

        def on_progress(self, progress: Progress) -> None:
            self.heard += 1

    seen: list[int] = []
    hearing = Hearing()
    quiet = Word2Vec(**QUICK).fit(SENTENCES)
    assert capsys.readouterr() == ("", "")
    shown = Word2Vec(**QUICK).fit(
        SENTENCES, progress=True, callbacks=[hearing], watch=lambda _, tokens: seen.append(tokens)
    )
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.partition(":")[0] for line in err.splitlines()] == ["Epoch 1", "Epoch 2"]
    assert hearing.heard > 0
    assert seen[-1] == sum(map(len, SENTENCES))
    assert (shown.wv.vectors == quiet.wv.vectors).all()
    Word2Vec(SENTENCES, progress=True, **QUICK)
    assert capsys.readouterr().err.count("Epoch") == 2


def test_progress_without_a_corpus_is_refused() -> None:
    with pytest.raises(UsageError, match=r"Got no corpus; fit\(corpus, progress=True\) would work"):
        Word2Vec(progress=True)
    with pytest.raises(UsageError, match=r"progress must be True or False\. Got 'yes'\."):
        Word2Vec(SENTENCES, progress="yes", **QUICK)  # type: ignore[arg-type]


@pytest.mark.parametrize("widgets", [True, False])
def test_a_notebook_gets_a_widget_or_where_there_are_none_lines(widgets: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bool] = []
    displayed: list[Any] = []

    class Output:
        def __enter__(self) -> None: ...

        def __exit__(self, *exception: object) -> None: ...

        def clear_output(self, wait: bool = False) -> None:
            drawn.append(wait)

        def close(self) -> None:
            drawn.append(False)

    shown: Any = types.ModuleType("IPython.display")
    shown.display = displayed.append
    modules: Any = types.ModuleType("ipywidgets")
    modules.Output = Output
    modules.__spec__ = importlib.util.spec_from_loader("ipywidgets", None)
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", shown)
    monkeypatch.setitem(sys.modules, "ipywidgets", modules)
    monkeypatch.setattr(display, "_has_widgets", lambda: widgets)
    monkeypatch.setattr(display, "python_console", lambda: Console(force_jupyter=True))
    Word2Vec(**QUICK).fit(SENTENCES, progress=True)
    lines = [str(item) for item in displayed if not isinstance(item, Output)]
    assert len(lines) >= 2
    assert any(isinstance(item, Output) for item in displayed) == widgets
    assert (drawn[-1:] == [False]) == widgets
