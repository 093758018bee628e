"""`fastw2v download` of sets to evaluate on, against a server on loopback: it breaks, lies, stalls, refuses."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from fastw2v import Word2Vec
from fastw2v.cli.app import run
from fastw2v.download import published_sets
from fastw2v.errors import DataError, UsageError
from fastw2v.evaluation import read_set

PAIRS = b"cat\tdog\t7.35\nthe\tsaw\t1\ndog\tsaw\t2\n" + b"# more\n" * 30_000
NAME = "simlex999"
FILE = published_sets.SETS[NAME].file


@dataclass
class Host:
    """The host of a file; the attributes say how it behaves."""

    served: bytes = PAIRS
    status: int = 200
    # After so many bytes the connection ends: one entry an answer, then answers are whole.
    breaks: list[int] = field(default_factory=list)
    ranges: bool = True
    stalls: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.asked.append((request.path, wanted))
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        status = self.status if start < len(self.served) else 416
        if status != 200:
            request.send_error(status)
            return
        body = self.served[start:]
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: self.breaks.pop(0)] if self.breaks else body)
        if self.stalls:
            request.wfile.flush()
            self.over.wait()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host of one small set, which is pinned to its content."""
    made = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with contextlib.suppress(OSError):  # the client may be gone
                made.answer(self)

        def log_message(self, *arguments: Any) -> None:
            pass

    record = replace(published_sets.SETS[NAME], size=len(PAIRS), sha256=hashlib.sha256(PAIRS).hexdigest())
    monkeypatch.setitem(published_sets.SETS, NAME, record)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        made.address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr(published_sets, "ADDRESS", made.address)
        yield made
        made.over.set()
        server.shutdown()
        thread.join()


def refusal(folder: Path) -> str:
    """Fetch what must be refused; return the one line that says why, and that no file of that name is there."""
    with pytest.raises(DataError) as refused:
        published_sets.fetch(NAME, folder)
    assert "\n" not in str(refused.value)
    assert not (folder / FILE).exists()
    return str(refused.value)


def test_the_command_fetches_verifies_says_the_licence_and_evaluate_knows_the_name(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["download", NAME, "-o", "sets"]) == 0
    sha256 = hashlib.sha256(PAIRS).hexdigest()
    assert capsys.readouterr().out.splitlines() == [
        f"Fetched, and verified: sets/{FILE}",
        f"  {len(PAIRS):,} bytes, SHA-256 {sha256}",
        "  from piskvorky/gensim, tag 4.4.0",
        f"  licence {published_sets.SETS[NAME].licence}: https://fh295.github.io/simlex.html",
        f"Try: fastw2v evaluate MODEL sets/{FILE}",
    ]
    assert host.asked == [(f"/{FILE}", None)]
    assert {path.name for path in Path("sets").iterdir()} == {FILE, f"{FILE}.source.json"}
    assert json.loads((tmp_path / "sets" / f"{FILE}.source.json").read_text())["sha256"] == sha256
    assert run(["download", NAME, "-o", "sets"]) == 0
    assert capsys.readouterr().out.startswith("Already there, and verified: ")
    assert len(host.asked) == 1
    # By its name, where it lies.
    Word2Vec(engine="numpy", vector_size=4, min_count=1, sample=0, epochs=1).fit(
        [["the", "cat", "saw", "the", "dog"]] * 20, output="model", evaluate="sets/simlex999"
    )
    assert list(Word2Vec.load("model").history[0]["evaluation"]) == [FILE]
    assert run(["evaluate", "model", f"sets/{NAME}", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[f"sets/{FILE}"]["used"] == 3
    assert run(["evaluate", "model", NAME]) == 2
    assert capsys.readouterr().err == (f"fastw2v: {NAME} is not here; `fastw2v download {NAME}` fetches {FILE}.\n")


def test_after_a_break_only_the_rest_is_fetched(host: Host, tmp_path: Path) -> None:
    host.breaks = [100_000, 20_000]
    assert published_sets.fetch(NAME, tmp_path).path.read_bytes() == PAIRS
    assert [wanted for _, wanted in host.asked] == [None, "bytes=100000-", "bytes=120000-"]
    # Another process goes on with what arrived; a host without ranges is asked for all of it.
    for ranges in (True, False):
        folder = tmp_path / str(ranges)
        folder.mkdir()
        (folder / f"{FILE}.{hashlib.sha256(PAIRS).hexdigest()[:12]}.part").write_bytes(PAIRS[:1000])
        host.ranges = ranges
        assert published_sets.fetch(NAME, folder).path.read_bytes() == PAIRS
        assert host.asked[-1][1] == "bytes=1000-"
        assert len(list(folder.iterdir())) == 2


def test_what_arrived_is_on_disk_before_it_gets_its_name(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[Any] = []
    rename = Path.replace

    def note_rename(path: Path, target: Path) -> Path:
        steps.append(target.name)
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", lambda descriptor: steps.append(os.fstat(descriptor).st_size))
    monkeypatch.setattr(Path, "replace", note_rename)
    published_sets.fetch(NAME, tmp_path)
    assert steps[:2] == [len(PAIRS), FILE]


def test_other_bytes_are_refused_and_removed(host: Host, tmp_path: Path) -> None:
    for served in (PAIRS.replace(b"7.35", b"7.36"), PAIRS + b"more", PAIRS * 20):
        host.served = served
        assert f"{FILE} arrived damaged and was removed: " in refusal(tmp_path)
        assert list(tmp_path.iterdir()) == []
    (tmp_path / FILE).write_bytes(b"mine")
    with pytest.raises(DataError, match=rf"{FILE} is not {FILE} of piskvorky/gensim as published \(4 bytes here"):
        published_sets.fetch(NAME, tmp_path)
    assert (tmp_path / FILE).read_bytes() == b"mine"


def test_a_host_that_fails_is_said_in_one_line_and_what_arrived_is_kept(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = host.address.removeprefix("http://")
    for status in (404, 500, 503):
        host.status = status
        assert refusal(tmp_path).startswith(f"{where} answers {status} for {host.address}/{FILE}; try again later.")
    host.status, host.served = 200, PAIRS[:5000]
    assert f"{where} answers 416 for " in refusal(tmp_path)
    host.served, host.breaks = PAIRS, [5000, 0]
    assert refusal(tmp_path) == (
        f"{where} broke off after 5,000 of {len(PAIRS):,} bytes (no more arrives). "
        "What arrived is kept: the same command goes on from there."
    )
    monkeypatch.setattr(published_sets, "_SECONDS", 0.2)
    host.breaks, host.stalls = [1000, 0], True
    assert f"{where} broke off after 6,000 of {len(PAIRS):,} bytes (timed out). What" in refusal(tmp_path)
    host.stalls = False
    assert published_sets.fetch(NAME, tmp_path).path.read_bytes() == PAIRS
    assert host.asked[-1][1] == "bytes=6000-"
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else gets the port meanwhile.
        taken.bind(("127.0.0.1", 0))
        nowhere = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setattr(published_sets, "ADDRESS", f"http://{nowhere}")
        said = refusal(tmp_path / "new")
    assert said.startswith(f"{nowhere} cannot be reached (")
    assert list((tmp_path / "new").iterdir()) == []
    assert said.endswith("Without a download, `fastw2v evaluate` takes files of your own.")


def test_wrong_usage_is_one_line_and_asks_nobody(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    for arguments, message in [
        ([NAME, "--split", "valid"], f"{NAME} is one file. Got --split valid; leave it out."),
        ([NAME, "-o", "file"], "file is not a directory; give another --output."),
        (["simlex"], "dataset must be one of tinystories, wordsim353, simlex999, google-analogies. Got 'simlex'."),
    ]:
        assert run(["download", *arguments]) == 2
        assert capsys.readouterr().err == f"fastw2v: {message}\n"
    with pytest.raises(UsageError, match="dataset must be one of wordsim353"):
        published_sets.fetch("tinystories")
    assert host.asked == []


def test_the_files_pinned_are_those_of_gensim_and_are_read() -> None:
    gensim = importlib.util.find_spec("gensim")  # not imported, which takes seconds
    if gensim is None or gensim.origin is None:
        pytest.skip("gensim is not installed")
    folder = Path(gensim.origin).parent / "test" / "test_data"
    for record in published_sets.SETS.values():
        content = (folder / record.file).read_bytes()
        assert (record.size, record.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert read_set(folder / record.file).words
