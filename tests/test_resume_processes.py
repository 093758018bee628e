"""Runs that are cut off as they are in life: real processes, killed at any moment, that `train --resume` ends.

Processes read a block of words at a time that is small, and wait a little at each, so that there are moments to meet.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from short_runs import all_but_few_pairs

import fastw2v

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and locks are those of POSIX systems")

ROOT = Path(fastw2v.__file__).parents[1]
QUICK = ("--engine", "numpy", "--vector-size", "8", "--epochs", "3", "--min-count", "2", "--checkpoint-every", "1word")
FILES = ("weights.safetensors", "vocabulary.jsonl", "settings.json")
# The command, slowed down; KILL_AT=fsync:3 kills it by its third call of os.fsync.
DRIVER = """
import itertools, os, signal, sys, time
sys.modules["matplotlib"] = None  # no curve is drawn: that is half of a process's time
from fastw2v.training import plan
from fastw2v.training.checkpoints import Checkpoints
plan.BLOCK = 997
due, pause = Checkpoints.due, float(os.environ.get("PAUSE", "0"))
def slowly(self, *arguments):
    time.sleep(pause)
    return due(self, *arguments)
Checkpoints.due = slowly
name, _, number = os.environ.get("KILL_AT", "").partition(":")
calls = itertools.count(1)
def deadly(*arguments, **more):
    called = next(calls)
    if called == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    done = usual(*arguments, **more)
    if os.environ.get("COUNT"):
        with open(os.environ["COUNT"], "w") as file:
            file.write(str(called))
    return done
if name:
    usual = getattr(os, name)
    setattr(os, name, deadly)
from fastw2v.__main__ import main
main()
"""


def prepared(folder: Path, text: Path) -> Path:
    """Put a text into a folder, and the command `fastw2v` into its bin/."""
    (folder / "text.txt").write_bytes(text.read_bytes())
    (folder / "driver.py").write_text(DRIVER)
    (folder / "bin").mkdir()
    script = folder / "bin" / "fastw2v"
    script.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(folder / "driver.py")])} "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.fixture
def folder(text: Path, tmp_path: Path) -> Path:
    return prepared(tmp_path, text)


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR")}
    return {
        **kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "FASTW2V_CACHE_DIR": str(folder / "cache"),
        "PATH": f"{folder / 'bin'}{os.pathsep}{kept.get('PATH', '')}", **more,
    }  # fmt: skip


def begun(folder: Path, *arguments: Any, pause: float = 0.05, **more: Any) -> subprocess.Popen[str]:
    """Begin the command."""
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **more}
    words = ["fastw2v", *map(str, arguments)]
    return subprocess.Popen(words, cwd=folder, env=environment(folder, PAUSE=str(pause)), **options)


def ended(folder: Path, *arguments: Any, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    words = ["fastw2v", *map(str, arguments)]
    return subprocess.run(
        words, cwd=folder, env=environment(folder, **variables), capture_output=True, encoding="utf-8"
    )


def until(condition: Callable[[], Any], process: subprocess.Popen[str]) -> None:
    """Wait while the process lives until something is so."""
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def saved_in(directory: Path) -> list[Path]:
    return sorted((directory / "checkpoints").glob("*.safetensors"))


def result(directory: Path) -> Any:
    """All that a run leaves, but for its times."""
    history = json.loads((directory / "history.json").read_text())
    for entry in history:
        entry.update(seconds=0, words_per_second=0)
    assert not (directory / "checkpoints").exists()
    assert not list(directory.glob(".*"))
    return [(directory / name).read_bytes() for name in FILES], history


@pytest.fixture(scope="module")
def uncut(text: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that is not cut off."""
    folder = prepared(tmp_path_factory.mktemp("uncut"), text)
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "whole")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def expected(uncut: Path, folder: Path) -> Any:
    """What that run leaves; its model and cache are in the folder, so that others begin at once."""
    for name in ("cache", "whole"):
        shutil.copytree(uncut / name, folder / name)
    return result(folder / "whole")


# --------------------------------------------------------------------------------------------------------- signals


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_saves_and_ends_with_its_code_and_the_command_it_shows_goes_on(
    name: str, code: int, folder: Path, expected: Any
) -> None:
    process = begun(folder, "train", "text.txt", *QUICK, "-o", "m")
    until(lambda: len(saved_in(folder / "m")) == 2, process)
    process.send_signal(getattr(signal, name))
    _, said = process.communicate()
    assert process.returncode == code
    assert said.count("\n") == 1
    assert said.startswith("fastw2v: interrupted; the run is kept in m/checkpoints. Go on with: fastw2v train --resume")
    assert sorted(path.name for path in (folder / "m").iterdir()) == ["checkpoints"]
    shown = said.partition("Go on with: ")[2]
    done = subprocess.run(shown, shell=True, cwd=folder, env=environment(folder), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "Goes on from the last checkpoint in m/checkpoints." in done.stdout
    assert result(folder / "m") == expected


@pytest.mark.parametrize(
    ("name", "output", "model"),
    [
        ("text.txt", [], "fastw2v-models/1"),
        ("text.txt", ["--output=m"], "m"),
        ("text.txt", ["-om"], "m"),
        ("text.txt", ["--overwrite", "-o", "m"], "m"),
        ("a 'b' \"c\" $HOME;é.txt", ["-o", "it's [m]; & *"], "it's [m]; & *"),
        ("-odd.txt", ["-o", "-m"], "-m"),
        ("-odd.txt", [], "fastw2v-models/1"),
        ("--overwrite", ["-o", "m"], "m"),
    ],
)
def test_the_command_shown_works_as_it_is_printed(
    name: str, output: list[str], model: str, folder: Path, expected: Any
) -> None:
    (folder / "text.txt").rename(folder / name)
    process = begun(folder, "train", *QUICK, *output, "--", name)
    until(lambda: saved_in(folder / model), process)
    process.terminate()
    _, said = process.communicate()
    assert process.returncode == 143
    assert said.count("\n") == 1
    shown = said.partition("Go on with: ")[2]
    done = subprocess.run(shown, shell=True, cwd=folder, env=environment(folder), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "Goes on from the last checkpoint" in done.stdout
    assert result(folder / model) == expected


def test_text_from_standard_input_must_be_given_again_and_the_message_says_so(folder: Path) -> None:
    with (folder / "text.txt").open() as text:
        process = begun(folder, "train", "-", *QUICK, "-o", "m", stdin=text)
        until(lambda: saved_in(folder / "m"), process)
        process.terminate()
        _, said = process.communicate()
    assert "Go on with, and the same text on standard input: fastw2v train - --resume" in said
    shown = said.partition("standard input: ")[2].strip() + " < text.txt"
    done = subprocess.run(shown, shell=True, cwd=folder, env=environment(folder), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_a_second_signal_ends_at_once(folder: Path, expected: Any) -> None:
    process = begun(folder, "train", "text.txt", *QUICK, "-o", "m", pause=0.5)
    until(lambda: saved_in(folder / "m"), process)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode in (-signal.SIGTERM, 143)  # the latter where the first was met already
    assert ended(folder, "train", "text.txt", *QUICK, "-o", "m", "--resume").returncode == 0
    assert result(folder / "m") == expected


def test_a_hang_up_that_the_process_ignores_stays_ignored(folder: Path, expected: Any) -> None:
    """As under `nohup`."""
    ignored = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731
    process = begun(folder, "train", "text.txt", *QUICK, "-o", "m", preexec_fn=ignored)
    until(lambda: saved_in(folder / "m"), process)
    process.send_signal(signal.SIGHUP)
    _, said = process.communicate()
    assert (process.returncode, all_but_few_pairs(said)) == (0, "")
    assert result(folder / "m") == expected


@pytest.mark.parametrize("ignored", [False, True])
def test_a_terminal_that_closes_leaves_a_run_that_goes_on_or_ends_it_where_the_hang_up_is_ignored(
    ignored: bool, folder: Path, expected: Any
) -> None:
    mine, theirs = os.openpty()

    def own_terminal() -> None:
        import fcntl
        import termios

        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
        if ignored:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    ends: dict[str, Any] = {
        "stdin": theirs,
        "stdout": theirs,
        "stderr": theirs,
        "preexec_fn": own_terminal,
        "pass_fds": [theirs],
    }
    process = begun(folder, "train", "text.txt", *QUICK, "-o", "m", **ends)
    os.close(theirs)
    until(lambda: saved_in(folder / "m"), process)
    os.close(mine)
    assert process.wait() == (0 if ignored else 129)
    if not ignored:
        assert saved_in(folder / "m")
        assert ended(folder, "train", "text.txt", *QUICK, "-o", "m", "--resume").returncode == 0
    assert result(folder / "m") == expected


def test_a_reader_of_the_output_that_goes_away_does_not_end_the_run(folder: Path, expected: Any) -> None:
    words = shlex.join(["fastw2v", "train", "text.txt", *QUICK, "-o", "m"]) + " | head -1"
    done = subprocess.run(
        words, shell=True, cwd=folder, env=environment(folder, PAUSE="0.02"), capture_output=True, encoding="utf-8"
    )
    assert done.stdout.count("\n") == 1
    assert all_but_few_pairs(done.stderr) == ""
    assert result(folder / "m") == expected


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_while_text_is_read_leaves_nothing_behind(name: str, code: int, folder: Path) -> None:
    process = begun(folder, "train", "-", *QUICK, "-o", "m", stdin=subprocess.PIPE)
    until((folder / "m" / ".lock").exists, process)
    process.send_signal(getattr(signal, name))
    _, said = process.communicate()
    assert (process.returncode, said) == (code, "fastw2v: interrupted.\n")
    assert not (folder / "m").exists()
    assert not list(folder.glob("cache/*"))


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_run_begun_without_standard_streams_is_a_run_like_any_other(closed: str, folder: Path, expected: Any) -> None:
    """As some schedulers begin them. What is printed must not end up in a file that has the number of one."""
    words = shlex.join(["fastw2v", "train", "text.txt", *QUICK, "-o", "m"])
    done = subprocess.run(f"{words} {closed}", shell=True, cwd=folder, env=environment(folder), capture_output=True)
    assert (done.returncode, all_but_few_pairs(done.stderr.decode())) == (0, "")
    assert result(folder / "m") == expected


# ------------------------------------------------------------------------------------------------------- kill -9


def resumed_until_done(folder: Path, *arguments: Any) -> None:
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "m", "--resume", *arguments)
    assert done.returncode == 0, done.stderr
    assert all_but_few_pairs(done.stderr) == ""


@pytest.mark.parametrize("at", ["fsync:1", "fsync:7", "fsync:8", "replace:3", "replace:6", "unlink:1"])
def test_a_run_killed_while_it_writes_goes_on_to_the_same_files(at: str, folder: Path, expected: Any) -> None:
    """Encoding, checkpoints, the model: all are written with these calls."""
    killed = ended(folder, "train", "text.txt", *QUICK, "-o", "m", KILL_AT=at, FASTW2V_CACHE_DIR=str(folder / "new"))
    assert killed.returncode == -signal.SIGKILL
    resumed_until_done(folder)
    assert result(folder / "m") == expected


@pytest.mark.slow
@pytest.mark.parametrize("call", ["fsync", "replace", "unlink", "mkdir", "rmdir"])
def test_a_run_killed_by_any_call_that_changes_files_goes_on_to_the_same_files(
    call: str, folder: Path, expected: Any
) -> None:
    count = {"KILL_AT": f"{call}:0", "COUNT": str(folder / "count"), "FASTW2V_CACHE_DIR": str(folder / "new")}
    assert ended(folder, "train", "text.txt", *QUICK, "-o", "counted", **count).returncode == 0
    calls = int((folder / "count").read_text())
    assert calls >= 1
    for number in range(1, calls + 1):
        variables = {"KILL_AT": f"{call}:{number}", "FASTW2V_CACHE_DIR": str(folder / f"new{number}")}
        killed = ended(folder, "train", "text.txt", *QUICK, "-o", "m", "--overwrite", **variables)
        assert killed.returncode == -signal.SIGKILL
        resumed_until_done(folder)
        assert result(folder / "m") == expected, number


def killed_at_random(folder: Path, draw: random.Random, *arguments: Any) -> bool:
    """Begin or go on, and kill the run at a moment; whether it had ended before."""
    process = begun(folder, "train", "text.txt", *QUICK, "-o", "m", *arguments, pause=0.01)
    time.sleep(draw.uniform(0.2, 2.0))
    process.kill()
    process.communicate()
    return process.returncode == 0


def test_runs_killed_at_random_moments_go_on_to_the_same_files(folder: Path, expected: Any) -> None:
    draw = random.Random(1)
    for _ in range(4):
        killed_at_random(folder, draw, "--resume")
    resumed_until_done(folder)
    assert result(folder / "m") == expected


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--engine", "numba", "--workers", "2", "--deterministic")], ids=str)
def test_runs_killed_at_fifty_random_moments_go_on_to_the_same_files(options: tuple[str, ...], folder: Path) -> None:
    assert ended(folder, "train", "text.txt", *QUICK, *options, "-o", "whole").returncode == 0
    seed = random.randrange(10**6)
    print("seed", seed)
    draw, kills = random.Random(seed), 0
    for run in itertools.count():
        if killed_at_random(folder, draw, *options, "--resume"):
            assert result(folder / "m") == result(folder / "whole"), (seed, run)
            if kills >= 50:
                break
            (folder / "m").rename(folder / f"done{run}")
        else:
            kills += 1
            if kills >= 60:
                break
    resumed_until_done(folder, *options)
    assert result(folder / "m") == result(folder / "whole")


# ------------------------------------------------------------------------------------------------ what resuming says


def test_resuming_where_nothing_is_begins_and_says_so(folder: Path, expected: Any) -> None:
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "m", "--resume")
    assert done.returncode == 0
    assert "There is no checkpoint in m: training begins at the start." in done.stdout
    assert result(folder / "m") == expected


def looks(directory: Path) -> Any:
    paths = sorted(directory.rglob("*"))
    return [(path.name, path.stat().st_mtime_ns, path.stat().st_ino) for path in [directory, *paths]]


def test_resuming_a_finished_run_changes_nothing(folder: Path, expected: Any) -> None:
    before = [status[:2] + status[2:] for status in looks(folder / "whole")[1:]]
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "whole", "--resume")
    assert (done.returncode, all_but_few_pairs(done.stderr)) == (0, "")
    assert "whole holds a finished model: nothing to do." in done.stdout
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "whole", "--resume", "--json")
    assert json.loads(done.stdout) == {"output": "whole", "finished": True}
    assert looks(folder / "whole")[1:] == before


def test_resuming_does_not_take_a_finished_model_of_other_settings_for_its_own(folder: Path, expected: Any) -> None:
    done = ended(folder, "train", "text.txt", *QUICK, "--seed", "5", "-o", "whole", "--resume")
    assert done.returncode == 2
    assert "The finished model in whole has seed 1, and this one 5" in done.stderr
    assert done.stderr.count("\n") == 1


def test_resuming_does_not_take_a_finished_model_of_another_text_for_its_own(folder: Path, expected: Any) -> None:
    (folder / "other.txt").write_text((folder / "text.txt").read_text() + "one more line of the text\n")
    before = looks(folder / "whole")[1:]
    done = ended(folder, "train", "other.txt", *QUICK, "-o", "whole", "--resume")
    assert done.returncode == 2
    assert "The finished model in whole is of another corpus than these " in done.stderr
    assert done.stderr.count("\n") == 1
    assert ended(folder, "train", "missing.txt", *QUICK, "-o", "whole", "--resume").returncode == 2
    assert looks(folder / "whole")[1:] == before


def test_resuming_needs_the_name_of_the_output_and_no_overwrite(folder: Path) -> None:
    done = ended(folder, "train", "text.txt", *QUICK, "--resume")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Got no --output" in done.stderr
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "m", "--resume", "--overwrite")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give one of them" in done.stderr
    assert not (folder / "m").exists()


def cut_off(folder: Path, *arguments: Any) -> None:
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "m", *arguments, KILL_AT="replace:6")
    assert done.returncode == -signal.SIGKILL
    assert saved_in(folder / "m")


def test_a_run_that_was_cut_off_is_neither_replaced_nor_gone_on_with_unasked(folder: Path, expected: Any) -> None:
    cut_off(folder)
    before = looks(folder / "m" / "checkpoints")
    done = ended(folder, "train", "text.txt", *QUICK, "-o", "m")
    assert done.returncode == 2
    assert done.stderr == "fastw2v: m has a run that was cut off; --resume goes on, --overwrite begins anew.\n"
    done = ended(folder, "train", "text.txt", *QUICK, "--seed", "2", "-o", "m", "--resume")
    assert done.returncode == 2
    assert "The run in m/checkpoints has seed 1, and this one 2" in done.stderr
    done = ended(folder, "train", "none.txt", *QUICK, "-o", "m", "--overwrite")  # nothing is begun
    assert done.returncode == 2
    assert looks(folder / "m" / "checkpoints") == before
    assert ended(folder, "train", "text.txt", *QUICK, "-o", "m", "--overwrite").returncode == 0
    assert result(folder / "m") == expected


def test_a_model_that_a_run_goes_on_from_cannot_be_its_output(folder: Path, expected: Any) -> None:
    done = ended(folder, "train", "text.txt", "--continue-from", "whole", "-o", "./whole", "--overwrite")
    assert done.returncode == 2
    assert "--output must not be the model that goes on" in done.stderr
    assert result(folder / "whole") == expected


def test_two_runs_do_not_write_to_one_output_and_a_killed_one_is_in_nobody_s_way(folder: Path, expected: Any) -> None:
    process = begun(folder, "train", "text.txt", *QUICK, "-o", "m")
    until(lambda: saved_in(folder / "m"), process)
    process.send_signal(signal.SIGSTOP)  # it holds its lock for as long as the others take
    for more in ((), ("--overwrite",), ("--resume",)):
        done = ended(folder, "train", "text.txt", *QUICK, "-o", "m", *more)
        assert done.returncode == 1
        assert done.stderr.startswith("fastw2v: Another process trains to m (it holds m/.lock)")
        assert done.stderr.count("\n") == 1
    process.kill()
    process.communicate()
    assert (folder / "m" / ".lock").exists()
    resumed_until_done(folder)
    assert result(folder / "m") == expected


# ------------------------------------------------------------------------------------------------------------ load


def test_a_corpus_that_disappears_meanwhile_changes_nothing(folder: Path, expected: Any) -> None:
    for place, options in (("m", ()), ("n", ("--no-cache",))):
        (folder / "other.txt").write_bytes((folder / "text.txt").read_bytes())
        process = begun(folder, "train", "other.txt", *QUICK, *options, "-o", place)
        until(lambda place=place: saved_in(folder / place), process)  # type: ignore[misc]
        (folder / "other.txt").unlink()
        _, said = process.communicate()
        assert (process.returncode, all_but_few_pairs(said)) == (0, "")
        assert result(folder / place) == expected


def limited(kind: str, size: int) -> Callable[[], None]:
    def limit() -> None:
        import resource

        resource.setrlimit(getattr(resource, kind), (size, size))

    return limit


def test_a_disk_without_room_ends_the_run_with_one_line_and_keeps_the_checkpoint_before(
    folder: Path, expected: Any
) -> None:
    cut_off(folder)
    kept = saved_in(folder / "m")
    size = kept[-1].stat().st_size
    words = ["train", "text.txt", *QUICK, "-o", "m", "--resume", "--no-cache"]
    process = begun(folder, *words, pause=0, preexec_fn=limited("RLIMIT_FSIZE", size - 1000))
    _, said = process.communicate()
    assert process.returncode == 1
    assert said.count("\n") == 1
    assert "File too large. The run is kept as it was at its last checkpoint, " in said
    assert "Go on with: fastw2v train --resume" in said
    assert saved_in(folder / "m") == kept
    assert not list((folder / "m").rglob("*.tmp"))
    resumed_until_done(folder)
    assert result(folder / "m") == expected


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_read(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the system's administrator may write everywhere")
    (folder / "closed").mkdir(mode=0o555)
    for output in ("closed", "closed/m"):
        done = ended(folder, "train", "none.txt", *QUICK, "-o", output)
        assert done.returncode == 2
        assert "closed is read-only; give another --output" in done.stderr


def test_memory_that_does_not_suffice_is_refused_with_the_figure_and_what_would_fit(folder: Path) -> None:
    words = [f"word{number}" for number in range(5_000)]
    (folder / "many.txt").write_text("\n".join(" ".join(words[i : i + 10]) for i in range(0, 5_000, 5)))
    options = ["--engine", "numpy", "--min-count", "1", "--sample", "0", "--vector-size", "60000", "--no-cache"]
    process = begun(
        folder, "train", "many.txt", *options, "-o", "m", preexec_fn=limited("RLIMIT_AS", 2 * 10**9), pause=0
    )
    _, said = process.communicate()
    assert process.returncode == 1
    assert "Training would hold about 3." in said
    assert "--vector-size" in said
    assert said.count("\n") == 1
    assert not (folder / "m").exists()
