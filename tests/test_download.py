"""`fastw2v download`, against a server on loopback that speaks the hub's protocol: it breaks, lies, stalls, refuses."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from commands import QUICK, command, environment, fastw2v_does, hidden_package, process
from test_cli_errors import complaint, contents

from fastw2v.download import hub
from fastw2v.download.fetching import Fetched
from fastw2v.errors import DataError, UsageError

constants = pytest.importorskip("huggingface_hub.constants", reason="huggingface_hub, the extra `hub`, is missing")

TINYSTORIES = hub.DATASETS["tinystories"]
VALID = TINYSTORIES.files["valid"]
SMALL = b"One day the dog ran.\n<|endoftext|>\n" * 100
# Larger than two of the pieces of 10 MiB in which huggingface_hub writes, so that a break leaves a whole one.
LARGE = random.Random(0).randbytes(24_000_000)


@dataclass
class Asked:
    """A request that the server got, and how many bytes of a file it sent for it."""

    method: str
    path: str
    start: int | None
    authorization: str | None
    sent: int = 0


@dataclass
class Hub:
    """A hub and the other host on which it keeps its files; the attributes say how they behave."""

    content: bytes = SMALL
    commit: str = TINYSTORIES.commit
    status: int = 200
    # What the files' host sends in place of the content announced.
    served: bytes | None = None
    # After so many bytes the connection ends: one entry an answer, then answers are whole.
    breaks: list[int] = field(default_factory=list)
    breaks_always: int | None = None
    resets: bool = False
    ranges: bool = True
    a_hub: bool = True
    # Requests of these kinds get no answer, or stop after `breaks` bytes and stay open, until the test is over.
    stalls: tuple[str, ...] = ()
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    endpoint: str = ""
    files_host: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def of(self, method: str) -> list[Asked]:
        """The requests for a file's bytes (GET), or for what is known of it (HEAD)."""
        where = "/lfs/" if method == "GET" else "/datasets/"
        return [asked for asked in self.asked if asked.method == method and asked.path.startswith(where)]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else None
        asked = Asked(request.command, request.path, start, request.headers.get("Authorization"))
        self.asked.append(asked)
        if request.command in self.stalls and not self.breaks:
            self.over.wait()
        elif request.path.startswith("/lfs/"):
            self.send_file(request, asked)
        else:
            self.send_on(request)

    def send_on(self, request: BaseHTTPRequestHandler) -> None:
        """What the hub says of a file in large-file storage: its commit, size and SHA-256, and where it lies."""
        status = self.status
        if request.path != f"/datasets/{TINYSTORIES.repository}/resolve/{TINYSTORIES.commit}/{VALID}":
            status = 404
        request.send_response(302 if status == 200 and self.a_hub else status)
        if status == 200 and self.a_hub:
            request.send_header("X-Repo-Commit", self.commit)
            request.send_header("ETag", '"of-the-pointer"')
            request.send_header("X-Linked-ETag", f'"{self.sha256}"')
            request.send_header("X-Linked-Size", str(len(self.content)))
            request.send_header("Location", f"{self.files_host}/lfs/{self.sha256}")
        request.send_header("Content-Length", "0")
        request.send_header("Connection", "close")
        request.end_headers()

    def send_file(self, request: BaseHTTPRequestHandler, asked: Asked) -> None:
        whole = self.content if self.served is None else self.served
        start = asked.start if self.ranges and asked.start else 0
        if start >= len(whole):
            request.send_response(416)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        body = memoryview(whole)[start:]
        request.send_response(206 if start else 200)
        request.send_header("Accept-Ranges", "bytes")
        request.send_header("Connection", "close")
        request.send_header("Content-Length", str(len(body)))
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        request.end_headers()
        end = self.breaks.pop(0) if self.breaks else self.breaks_always
        # Counted before it is sent: the client may be done before this thread goes on.
        asked.sent = len(body[:end])
        request.wfile.write(body[:end])
        if end is not None and "GET" in self.stalls:
            self.over.wait()
        elif end is not None and self.resets:
            # Closing without lingering answers whatever comes with a reset.
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.connection.close()


def handler(served: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            # A small buffer: what was sent before a reset has nearly all arrived.
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
            super().setup()

        def do_GET(self) -> None:
            self.close_connection = True
            # The client may be gone.
            with contextlib.suppress(OSError, ValueError):
                served.answer(self)

        do_HEAD = do_GET  # noqa: N815

        def finish(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                super().finish()

        def log_message(self, *arguments: Any) -> None:
            pass

    return Handler


@contextlib.contextmanager
def listening(served: Hub) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(served)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            served.over.set()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's hub settings, cache and proxies out of the tests; make huggingface_hub impatient."""
    for name in [name for name in os.environ if name.startswith(("HF_", "HUGGING_FACE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf-home"))
    monkeypatch.setenv("HF_HUB_ETAG_TIMEOUT", "1")
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "1")
    # It would ask the hub for more than the file.
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    # In this process the environment was read before.
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be impatient in this process too, and retry without waiting."""
    monkeypatch.setattr(constants, "HF_HUB_ETAG_TIMEOUT", 0.2)
    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", 0.2)
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    made = Hub()
    with listening(made) as made.endpoint, listening(made) as made.files_host:
        monkeypatch.setenv("HF_ENDPOINT", made.endpoint)
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def fetch(served: Hub, folder: Path) -> Fetched:
    return hub.fetch("tinystories", "valid", folder, endpoint=served.endpoint)


def refusal(served: Hub, folder: Path) -> str:
    """Fetch what must be refused; return the one line that says why, and that no file of that name is there."""
    with pytest.raises(DataError) as refused:
        fetch(served, folder)
    assert "\n" not in str(refused.value)
    assert not (folder / VALID).exists()
    return str(refused.value)


# ---------------------------------------------------------------------------------------------------------- arriving


def test_a_file_arrives_whole_with_a_record_of_where_it_came_from(served: Hub, folder: Path) -> None:
    fetched = fetch(served, folder / "new" / "folder")
    assert fetched.path == folder / "new" / "folder" / VALID
    assert not fetched.already_there
    assert fetched.path.read_bytes() == SMALL
    assert {path.name for path in fetched.path.parent.iterdir()} == {VALID, VALID + ".source.json"}
    assert json.loads((fetched.path.parent / (VALID + ".source.json")).read_text()) == {
        "repository": "roneneldan/TinyStories",
        "commit": TINYSTORIES.commit,
        "file": VALID,
        "size": len(SMALL),
        "sha256": served.sha256,
        "licence": "CDLA-Sharing-1.0",
        "licence_url": "https://cdla.dev/sharing-1-0/",
    }


@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
def test_after_a_broken_connection_only_the_rest_is_fetched(
    resets: bool, served: Hub, folder: Path, impatient: None
) -> None:
    served.content, served.breaks, served.resets = LARGE, [22_000_000], resets
    assert fetch(served, folder).path.read_bytes() == LARGE
    first, second = served.of("GET")
    assert (first.start, first.sent) == (None, 22_000_000)
    assert second.start is not None
    assert 0 < second.start <= 22_000_000
    assert second.sent == len(LARGE) - second.start


def test_a_killed_download_is_gone_on_with_by_the_next_process(served: Hub, folder: Path) -> None:
    served.content, served.breaks, served.stalls = LARGE, [15_000_000], ("GET",)
    process = subprocess.Popen(
        command("download", "tinystories", "--split", "valid"),
        cwd=folder,
        env={**environment(), "HF_HUB_DOWNLOAD_TIMEOUT": "600"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not any(part.stat().st_size for part in folder.glob("*.part")):
        time.sleep(0.05)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    (part,) = folder.iterdir()
    kept = part.stat().st_size
    assert 0 < kept < 15_000_000
    served.stalls = ()
    assert fetch(served, folder).path.read_bytes() == LARGE
    assert [(asked.start, asked.sent) for asked in served.of("GET")[1:]] == [(kept, len(LARGE) - kept)]
    assert not part.exists()


def test_a_part_that_was_complete_is_verified_and_not_fetched_again(served: Hub, folder: Path) -> None:
    (folder / f"{VALID}.{served.sha256[:12]}.part").write_bytes(SMALL)
    assert fetch(served, folder).path.read_bytes() == SMALL
    assert served.of("GET") == []


def test_a_part_of_other_content_is_not_gone_on_with(served: Hub, folder: Path) -> None:
    (folder / f"{VALID}.{'0' * 12}.part").write_bytes(b"something else")
    assert fetch(served, folder).path.read_bytes() == SMALL
    assert [asked.start for asked in served.of("GET")] == [None]


def test_a_token_goes_to_the_hub_and_not_to_the_host_that_it_sends_us_on_to(
    served: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_user")
    fetch(served, folder)
    sent = {(asked.path.split("/")[1], asked.authorization) for asked in served.asked}
    assert sent == {("datasets", "Bearer hf_of_the_user"), ("lfs", None)}


# ----------------------------------------------------------------------------------------------------- already there


def test_a_file_that_is_there_is_verified_without_a_single_request(
    served: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fetch(served, folder)
    served.asked.clear()
    again = fetch(served, folder)
    assert (again.path, again.record, again.already_there) == (first.path, first.record, True)
    assert served.asked == []
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    shown = process(folder, "download", "tinystories", "--split", "valid").stdout
    assert shown.startswith(f"Already there, and verified: {VALID}\n")


@pytest.mark.parametrize("record", [None, "no json", "[]", '{"file": "other"}'])
def test_a_file_without_a_usable_record_is_verified_against_the_hub_and_gets_one(
    record: str | None, served: Hub, folder: Path
) -> None:
    (folder / VALID).write_bytes(SMALL)
    if record is not None:
        (folder / (VALID + ".source.json")).write_text(record)
    assert fetch(served, folder).already_there
    assert [asked.method for asked in served.asked] == ["HEAD"]
    assert json.loads((folder / (VALID + ".source.json")).read_text())["sha256"] == served.sha256


@pytest.mark.parametrize("with_record", [True, False])
@pytest.mark.parametrize("content", [b"", SMALL[:-1], SMALL.replace(b"dog", b"cat", 1)])
def test_a_file_that_is_there_and_damaged_is_refused_and_left_alone(
    content: bytes, with_record: bool, served: Hub, folder: Path
) -> None:
    if with_record:
        fetch(served, folder)
    (folder / VALID).write_bytes(content)
    before = contents(folder)
    with pytest.raises(DataError, match=r"is not .* as published .*: move it away, or give another directory\.$"):
        fetch(served, folder)
    assert contents(folder) == before
    assert served.of("GET") == [] or with_record


# ------------------------------------------------------------------------------------------------------------ faults


def test_wrong_bytes_of_the_right_size_are_refused_and_removed(served: Hub, folder: Path) -> None:
    served.served = SMALL.replace(b"dog", b"cat", 1)
    assert f"{VALID} arrived damaged and was removed: {len(SMALL):,} bytes with SHA-256 " in refusal(served, folder)
    assert contents(folder) == {}
    served.served = None
    assert fetch(served, folder).path.read_bytes() == SMALL


def test_a_part_damaged_on_disk_is_refused_and_removed(served: Hub, folder: Path) -> None:
    (folder / f"{VALID}.{served.sha256[:12]}.part").write_bytes(b"?" * 1000)
    assert "arrived damaged and was removed" in refusal(served, folder)
    assert contents(folder) == {}
    assert served.of("GET")[0].start == 1000


def test_more_bytes_than_announced_are_refused_and_removed(served: Hub, folder: Path, impatient: None) -> None:
    served.served = SMALL + b"more"
    assert f"arrived damaged and was removed: {len(SMALL) + 4:,} bytes" in refusal(served, folder)
    assert contents(folder) == {}


def test_a_connection_that_always_breaks_ends_in_an_error_and_a_later_run_succeeds(
    served: Hub, folder: Path, impatient: None
) -> None:
    served.breaks_always = 1000
    message = refusal(served, folder)
    assert f" broke off after 0 of {len(SMALL):,} bytes (" in message
    assert message.endswith("What arrived is kept: the same command goes on from there.")
    served.breaks_always = None
    assert fetch(served, folder).path.read_bytes() == SMALL


def test_a_hub_with_fewer_bytes_than_it_announces_is_found_out_and_leaves_nothing_in_the_way(
    served: Hub, folder: Path, impatient: None
) -> None:
    served.served = SMALL[:-10]
    assert f" answers 416 for {VALID}; try again later. " in refusal(served, folder)
    served.served = None
    assert fetch(served, folder).path.read_bytes() == SMALL


def test_a_server_without_ranges_is_asked_from_the_start_again(served: Hub, folder: Path, impatient: None) -> None:
    served.content, served.breaks, served.ranges = LARGE, [15_000_000], False
    # Older versions of huggingface_hub add the whole to the part; that is found out, and the next call is whole.
    with contextlib.suppress(DataError):
        fetch(served, folder)
    assert fetch(served, folder).path.read_bytes() == LARGE
    assert {asked.sent for asked in served.of("GET")} == {15_000_000, len(LARGE)}


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, f" refuses {VALID} (401): a token may be missing or wrong"),
        (403, f" refuses {VALID} (403): a token may be missing or wrong"),
        (404, " has no such file (404): "),
        (500, f" answers 500 for {VALID}; try again later."),
        (503, f" answers 503 for {VALID}; try again later."),
    ],
)
def test_a_refusal_by_the_hub_says_which_and_offers_the_built_in_stories(
    status: int, message: str, served: Hub, folder: Path, impatient: None
) -> None:
    served.status = status
    refused = refusal(served, folder)
    assert refused.startswith(served.endpoint.removeprefix("http://") + message)
    assert refused.endswith("`fastw2v train` without a corpus trains on the built-in stories.")
    assert contents(folder) == {}


def test_a_login_page_in_place_of_the_hub_is_told_apart(served: Hub, folder: Path) -> None:
    served.a_hub = False
    assert " does not answer as a Hugging Face hub does: " in refusal(served, folder)


def test_a_hub_that_answers_for_another_commit_is_refused(served: Hub, folder: Path) -> None:
    served.commit = "0" * 40
    assert f" does not answer as a Hugging Face hub does: no commit {TINYSTORIES.commit[:12]}, " in refusal(
        served, folder
    )
    assert served.of("GET") == []


def test_a_hub_that_does_not_answer_ends_in_an_error(served: Hub, folder: Path, impatient: None) -> None:
    served.stalls = ("HEAD",)
    assert " cannot be reached (" in refusal(served, folder)


def test_a_transfer_that_stalls_ends_in_an_error_and_keeps_what_arrived(
    served: Hub, folder: Path, impatient: None
) -> None:
    served.content, served.breaks, served.stalls = LARGE, [15_000_000], ("GET",)
    assert f" broke off after 10,485,760 of {len(LARGE):,} bytes (" in refusal(served, folder)
    served.stalls = ()
    assert fetch(served, folder).path.read_bytes() == LARGE
    assert served.of("GET")[-1].start == 10_485_760


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full, the disk that is full")
def test_a_full_disk_is_said_in_one_line(served: Hub, folder: Path) -> None:
    (folder / f"{VALID}.{served.sha256[:12]}.part").symlink_to("/dev/full")
    assert ".part: No space left on device. What arrived is kept" in refusal(served, folder)


def test_a_disk_with_too_little_space_is_refused_before_anything_is_fetched(
    served: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(folder)._replace(free=len(SMALL) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert f"has {len(SMALL) - 1:,} bytes free, {len(SMALL):,} are needed; give another directory." in refusal(
        served, folder
    )
    assert served.of("GET") == []


def test_room_for_what_is_missing_of_a_part_is_enough(
    served: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / f"{VALID}.{served.sha256[:12]}.part").write_bytes(SMALL[:1000])
    usage = shutil.disk_usage(folder)._replace(free=len(SMALL) - 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert fetch(served, folder).path.read_bytes() == SMALL


def test_two_processes_do_not_write_the_same_part(served: Hub, folder: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="this system has no locks of this kind")
    part = folder / f"{VALID}.{served.sha256[:12]}.part"
    with part.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "Another process is fetching " in refusal(served, folder)
    assert fetch(served, folder).path.read_bytes() == SMALL


def test_an_error_that_is_not_the_networks_is_not_taken_for_one(
    served: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any, **more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("huggingface_hub.file_download.http_get", broken)
    with pytest.raises(ZeroDivisionError):
        fetch(served, folder)


@pytest.mark.parametrize(("name", "split"), [("tinystory", "valid"), ("tinystories", "test")])
def test_an_unknown_name_is_wrong_usage_and_asks_nobody(name: str, split: str, served: Hub, folder: Path) -> None:
    with pytest.raises(UsageError, match=r"must be one of tinystories|must be one of train, valid"):
        hub.fetch(name, split, folder, endpoint=served.endpoint)
    assert served.asked == []


# ------------------------------------------------------------------------------------------------------- the command


def test_what_the_command_fetched_trains_and_the_hubs_own_cache_is_not_touched(
    served: Hub, stories: list[str], folder: Path, tmp_path: Path
) -> None:
    served.content = "".join(f"{story}\n<|endoftext|>\n" for story in stories).encode()
    done = process(folder, "download", "tinystories", "--split", "valid", "-o", "texts")
    assert done.stdout.splitlines() == [
        f"Fetched, and verified: texts/{VALID}",
        f"  {len(served.content):,} bytes, SHA-256 {served.sha256}",
        f"  from roneneldan/TinyStories, commit {TINYSTORIES.commit}",
        "  licence CDLA-Sharing-1.0: https://cdla.dev/sharing-1-0/",
        f"Try: fastw2v train texts/{VALID}",
    ]
    assert done.stderr == ""
    assert not (tmp_path / "hf-home").exists()
    shown = fastw2v_does(folder, "train", f"texts/{VALID}", *QUICK).stdout
    assert f"{len(stories):,} documents (a document is what <|endoftext|> separates)" in shown


def test_without_a_network_the_command_says_so_in_one_line_and_offers_the_built_in_stories(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else gets the port meanwhile.
        taken.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("HF_ENDPOINT", f"http://{where}")
        said = complaint(folder, 1, "download", "tinystories", by=process)
    assert said.startswith(f"{where} cannot be reached (")
    assert said.endswith("`fastw2v train` without a corpus trains on the built-in stories.")


def test_a_hub_that_does_not_answer_ends_the_command_with_one_line(served: Hub, folder: Path) -> None:
    served.stalls = ("HEAD",)
    assert " cannot be reached (" in complaint(folder, 1, "download", "tinystories", "--split", "valid", by=process)


def test_offline_by_the_hubs_own_variable_says_so(served: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    said = complaint(folder, 1, "download", "tinystories", by=process)
    assert said.startswith("HF_HUB_OFFLINE is set, so nothing is fetched; unset it. ")
    assert served.asked == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tinystories", "--split", "test"], "split must be one of train, valid. Got 'test'."),
        (
            ["tinystory"],
            "dataset must be one of tinystories, wordsim353, simlex999, google-analogies. Got 'tinystory'.",
        ),
        (["tinystories", "-o", "file"], "file is not a directory; give another --output."),
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], message: str, served: Hub, folder: Path) -> None:
    (folder / "file").touch()
    assert complaint(folder, 2, "download", *arguments) == message
    assert served.asked == []


def test_without_huggingface_hub_the_extra_is_named(folder: Path, tmp_path: Path) -> None:
    done = process(folder, "download", "tinystories", without=hidden_package(tmp_path, "huggingface_hub"))
    assert done.returncode == 1
    assert done.stderr == (
        "fastw2v: Downloading needs huggingface_hub, which is not installed: pip install huggingface_hub "
        "(in a checkout: pip install '.[hub]').\n"
    )


def test_help_does_not_import_huggingface_hub() -> None:
    code = "import sys; from fastw2v.cli.app import run; run(['download', '--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert "tinystories" in done.stdout
    assert {"huggingface_hub", "numpy"}.isdisjoint(done.stdout.splitlines()[-1].split())
