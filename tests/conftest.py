"""Fixtures for all tests."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fastw2v.stories import generate

# For `benchmarks`, which is not installed. At the end: the package tested is the installed one.
sys.path.append(str(Path(__file__).resolve().parents[1]))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep encoded text in a folder of this session's, in every process that tests start too: never in the user's."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FASTW2V_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def usual_signals() -> Iterator[None]:
    """Heed signals also where this process was told to ignore them, as under `nohup`; so would those that it starts."""
    usual: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    if hasattr(signal, "SIGHUP"):
        usual[signal.SIGHUP] = signal.SIG_DFL
    ignored = [one for one in usual if signal.getsignal(one) == signal.SIG_IGN]
    for one in ignored:
        signal.signal(one, usual[one])
    yield
    for one in ignored:
        signal.signal(one, signal.SIG_IGN)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real text and evaluation sets, in a folder beside the checkout; tests that need it skip without it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real text is not here: no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def stories() -> list[str]:
    """Return a few of the built-in stories."""
    return list(generate(4_000))


@pytest.fixture(scope="session")
def text(stories: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with these stories, one a line."""
    path = tmp_path_factory.mktemp("text") / "stories.txt"
    path.write_text("\n".join(stories) + "\n", encoding="utf-8")
    return path
