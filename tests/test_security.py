"""What the package never does: run what a file says, or write beside a model or a corpus.

Files that a whole run leaves: `test_kept_kernels`, which has a process compile in a home of its own.
"""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import fastw2v
from fastw2v.errors import DataError
from fastw2v.files.atomic import write_atomically
from fastw2v.files.user_cache import user_cache
from fastw2v.saved_model.storage import load_model

PACKAGE = Path(fastw2v.__file__).parent
FORBIDDEN_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "imp", "code"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_METHODS = {"os.system", "os.popen", "np.load", "numpy.load", "np.fromregex", "torch.load", "pd.read_pickle"}


def dangers(source: str) -> Iterator[str]:
    """Yield what in a program could run what a file says."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in FORBIDDEN_MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in FORBIDDEN_CALLS | FORBIDDEN_METHODS or name.endswith((".extractall", ".loads_pickle")):
                yield name
            for keyword in node.keywords:
                if keyword.arg in ("allow_pickle", "shell") and ast.unparse(keyword.value) != "False":
                    yield f"{name}({keyword.arg}=...)"


def test_nothing_in_the_package_unpickles_evaluates_or_runs_a_shell() -> None:
    sources = sorted(PACKAGE.rglob("*.py"))
    assert len(sources) > 80
    found = {str(path.relative_to(PACKAGE)): list(dangers(path.read_text(encoding="utf-8"))) for path in sources}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "careless",
    [
        "import pickle", "from pickle import loads", "import yaml", "eval('1')", "exec(text)", "os.system(x)",
        "np.load(path)", "np.fromfile(path, allow_pickle=True)", "subprocess.run(x, shell=True)", "tar.extractall(x)",
    ],
)  # fmt: skip
def test_the_search_finds_what_it_looks_for(careless: str) -> None:
    assert list(dangers(careless))


def test_the_users_cache_is_no_folder_of_the_package_or_of_the_working_directory() -> None:
    folder = user_cache().absolute()
    assert not folder.is_relative_to(PACKAGE)
    assert not folder.is_relative_to(Path.cwd())


@pytest.fixture
def strange(tmp_path: Path) -> tuple[Path, Path]:
    """A directory from a stranger, who put links at the names that a run writes to, and the files they lead to."""
    outside, directory = tmp_path / "outside", tmp_path / "m"
    for folder in (outside, directory / "checkpoints"):
        folder.mkdir(parents=True)
    for name in ("loss.png", "checkpoints/history.jsonl", "checkpoints/00000001.safetensors", ".lock"):
        target = outside / Path(name).name
        target.write_text("mine")
        (directory / name).symlink_to(target)
    (directory / ".fastw2v-saving").symlink_to(outside / "made")
    return directory, outside


def trained(tmp_path: Path, directory: Path, *more: str) -> int:
    from fastw2v.cli.app import run

    text = tmp_path / "corpus.txt"
    text.write_text("the cat saw the dog\nthe dog ran to the cat\n" * 50, encoding="utf-8")
    options = ["--min-count", "1", "--epochs", "2", "--vector-size", "4", "--engine", "numpy", "--no-cache"]
    return run(["train", str(text), "--output", str(directory), "--checkpoint-every", "1word", *options, *more])


def test_links_in_a_directory_to_train_to_are_not_written_through(tmp_path: Path, strange: tuple[Path, Path]) -> None:
    pytest.importorskip("matplotlib")
    directory, outside = strange
    assert trained(tmp_path, directory, "--overwrite") == 0
    assert {path.name: path.read_text() for path in outside.iterdir()} == dict.fromkeys(
        ("loss.png", "history.jsonl", "00000001.safetensors", ".lock"), "mine"
    )
    assert not any(path.is_symlink() for path in directory.rglob("*"))
    load_model(directory)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_a_pipe_in_place_of_a_lock_has_nobody_wait(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    os.mkfifo(tmp_path / "m" / ".lock")
    os.mkfifo(tmp_path / "m" / ".fastw2v-saving")
    assert trained(tmp_path, tmp_path / "m") == 0
    load_model(tmp_path / "m")


def test_a_file_system_that_is_read_only_is_an_error_that_names_the_file_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, removing fails too, even of a file that was never made."""

    def refused(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    for name in ("open", "unlink"):
        monkeypatch.setattr(Path, name, refused)
    with pytest.raises(DataError, match=r"^Cannot write .*vectors\.txt: Read-only file system\.$"):
        write_atomically(tmp_path / "vectors.txt", lambda file: file.write(b"x"))
