"""Every documented form of a corpus through every command that reads one; a new form is one line in `FORMS`.

All forms hold documents that are known as token lists, so all must give the model that these lists give in Python, bit
for bit.
"""

from __future__ import annotations

import bz2
import codecs
import contextlib
import functools
import gzip
import io
import json
import lzma
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer

from fastw2v import Settings, Word2Vec, encode_text
from fastw2v.bench import candidates, comparison, end_to_end
from fastw2v.bench import run as running
from fastw2v.cli.app import app, run
from fastw2v.corpus.store import open_corpus
from fastw2v.stories import generate
from fastw2v.text.tokenise import words
from fastw2v.training.checkpoints import Checkpoints
from fastw2v.training.run_state import RunState
from fastw2v.verify import checks

pyarrow = pytest.importorskip("pyarrow", reason="the extra formats is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra formats is not installed")
zstandard = pytest.importorskip("zstandard", reason="the extra formats is not installed")

Documents = tuple[tuple[str, ...], ...]
# Writes the documents into a folder; returns what stands for the corpus on the command line.
Writer = Callable[[Path, Sequence[str]], list[str]]

QUICK: dict[str, Any] = {"engine": "numpy", "vector_size": 4, "epochs": 2, "min_count": 1, "sample": 0, "window": 2}
OPTIONS = [word for name, value in QUICK.items() for word in (f"--{name.replace('_', '-')}", str(value))]
STORIES = 12


@functools.cache
def documents() -> Documents:
    draw = random.Random(4)
    return tuple(tuple(draw.choices(["the", "dog", "ran", "home", "café", "and", "slept"], k=7)) for _ in range(40))


@functools.cache
def stories() -> Documents:
    return tuple(tuple(words(story)) for _, story in zip(range(STORIES), generate(None), strict=False))


def lines(texts: Sequence[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def between(separator: str) -> Callable[[Sequence[str]], bytes]:
    return lambda texts: separator.join(texts).encode()


def in_encoding(name: str) -> Callable[[Sequence[str]], bytes]:
    return lambda texts: lines(texts).decode().encode(name)


def records(texts: Sequence[Any], name: str = "text") -> bytes:
    return lines([json.dumps({"id": number, name: text}) for number, text in enumerate(texts)])


def file(
    name: str,
    content: Callable[[Sequence[str]], bytes] = lines,
    pack: Callable[[bytes], bytes] = bytes,
) -> Writer:
    def write(folder: Path, texts: Sequence[str]) -> list[str]:
        (folder / name).write_bytes(pack(content(texts)))
        return [str(folder / name)]

    return write


def table(texts: Sequence[Any], name: str) -> Any:
    return pyarrow.table({"id": range(len(texts)), name: list(texts)})


def parquet_file(name: str = "text", change: Callable[[Sequence[str]], Sequence[Any]] = list) -> Writer:
    def write(folder: Path, texts: Sequence[str]) -> list[str]:
        parquet.write_table(table(change(texts), name), folder / "a.parquet")
        return [str(folder / "a.parquet")]

    return write


def saved_dataset(folder: Path, texts: Sequence[str]) -> list[str]:
    """Write what `Dataset.save_to_disk` writes."""
    content, saved = table(texts, "text"), folder / "saved"
    saved.mkdir()
    with pyarrow.OSFile(str(saved / "data.arrow"), "wb") as sink, pyarrow.ipc.new_stream(sink, content.schema) as out:
        out.write_table(content)
    (saved / "state.json").write_text(json.dumps({"_data_files": [{"filename": "data.arrow"}]}))
    (saved / "dataset_info.json").write_text("{}")
    return [str(saved)]


def several(*writers: Writer) -> Writer:
    """Give each of the writers the next part of the documents."""

    def write(folder: Path, texts: Sequence[str]) -> list[str]:
        size = -(-len(texts) // len(writers))
        parts = [writer(folder, texts[size * i : size * (i + 1)]) for i, writer in enumerate(writers)]
        return [path for paths in parts for path in paths]

    return write


def as_folder(writer: Writer) -> Writer:
    def write(folder: Path, texts: Sequence[str]) -> list[str]:
        (folder / "corpus").mkdir()
        writer(folder / "corpus", texts)
        return [str(folder / "corpus")]

    return write


def pattern(writer: Writer, fitting: str) -> Writer:
    def write(folder: Path, texts: Sequence[str]) -> list[str]:
        writer(folder, texts)
        return [str(folder / fitting)]

    return write


def encoded(folder: Path, texts: Sequence[str]) -> list[str]:
    encode_text(file("a.jsonl", records)(folder, texts), Settings(), folder / "encoded")
    return [str(folder / "encoded")]


def with_more(folder: Path, texts: Sequence[str]) -> list[str]:
    return file("a.txt")(folder, [*texts, "what no limit lets in"])


@dataclass(frozen=True)
class Form:
    """A form of a corpus.

    Attributes:
        write: writes it.
        document: what a document is, as it is printed.
        options: that say how it is read; `bench` has none of them.
        refused: commands that do not take it, and what they say.
        documents: what it holds.
        stdin: the file goes there.
    """

    write: Writer
    document: str = "a line"
    options: Sequence[str] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    documents: Callable[[], Documents] = documents
    stdin: bool = False


FORMS = {
    "text": Form(file("a.txt")),
    "windows' line ends": Form(file("a.txt", between("\r\n"))),
    "a name without a suffix": Form(file("corpus")),
    "blank lines": Form(file("a.txt", between("\n\n")), "what blank lines separate", ["--documents", "blank"]),
    "marker": Form(file("a.txt", between("<|endoftext|>")), "what <|endoftext|> separates"),
    "cp1252": Form(file("a.txt", in_encoding("cp1252")), options=["--encoding", "cp1252"]),
    "utf-16": Form(file("a.txt", in_encoding("utf-16"))),
    "jsonl in utf-16": Form(file("a.jsonl", lambda texts: records(texts).decode().encode("utf-16")), "a record"),
    "whitespace": Form(file("a.txt"), options=["--tokenizer", "whitespace"]),
    "limit": Form(with_more, options=["--limit", "40docs"]),
    "gz": Form(file("a.txt.gz", pack=gzip.compress)),
    "zst": Form(file("a.txt.zst", pack=zstandard.compress)),
    "bz2": Form(file("a.txt.bz2", pack=bz2.compress)),
    "xz": Form(file("a.txt.xz", pack=lzma.compress)),
    "compressed under another name": Form(file("a.txt", pack=gzip.compress)),
    "jsonl": Form(file("a.jsonl", records), "a record"),
    "jsonl, windows' line ends": Form(
        file("a.jsonl", lambda texts: records(texts).replace(b"\n", b"\r\n")), "a record"
    ),
    "jsonl, byte order mark": Form(file("a.jsonl", lambda texts: codecs.BOM_UTF8 + records(texts)), "a record"),
    "jsonl with nulls": Form(file("a.jsonl", lambda texts: records([None, *texts, None])), "a record"),
    "jsonl of tokens": Form(file("a.jsonl", lambda texts: records([text.split() for text in texts])), "a record"),
    "ndjson": Form(file("a.ndjson", records), "a record"),
    "jsonl.gz": Form(file("a.jsonl.gz", records, gzip.compress), "a record"),
    "jsonl.zst": Form(file("a.jsonl.zst", records, zstandard.compress), "a record"),
    "jsonl.bz2": Form(file("a.jsonl.bz2", records, bz2.compress), "a record"),
    "jsonl.xz": Form(file("a.jsonl.xz", records, lzma.compress), "a record"),
    "jsonl field": Form(file("a.jsonl", lambda texts: records(texts, "body")), "a record", ["--field", "body"]),
    "parquet": Form(parquet_file(), "a record"),
    "parquet with nulls": Form(parquet_file(change=lambda texts: [None, *texts, None]), "a record"),
    "parquet of tokens": Form(parquet_file(change=lambda texts: [text.split() for text in texts]), "a record"),
    "parquet field": Form(parquet_file("body"), "a record", ["--field", "body"]),
    "dataset": Form(saved_dataset, "a record"),
    "folder": Form(as_folder(several(file("a.txt"), file("b.TXT"), file("c.txt.gz", pack=gzip.compress), file("d")))),
    "folder of records": Form(as_folder(several(file("a.jsonl", records), parquet_file())), "a record"),
    "folder of both": Form(as_folder(several(file("a.txt"), file("b.jsonl", records))), "a line or a record"),
    "folder of both kinds of text": Form(
        as_folder(several(file("a.txt", between("<|endoftext|>")), file("b.txt"))),
        "a line, or what <|endoftext|> separates where a file has it",
    ),
    "pattern": Form(pattern(several(file("a.txt"), file("b.txt")), "*.txt")),
    "several": Form(several(file("a.txt"), file("b.txt"), file("c.txt"))),
    "text and records": Form(several(file("a.txt"), parquet_file(), saved_dataset), "a line or a record"),
    "old Mac line ends": Form(file("a.txt", between("\r"))),
    "stdin, compressed": Form(
        file("a.txt.gz", pack=gzip.compress),
        stdin=True,
        refused={"bench": "Got - (standard input); a file would work."},
    ),
    "stdin": Form(file("a.txt"), stdin=True, refused={"bench": "Got - (standard input); a file would work."}),
    "encoded": Form(
        encoded,
        "a record",
        refused={"encode": "is an encoded corpus, not text", "bench": "Whole programs are timed from raw text."},
    ),
    "stories": Form(lambda *_: [], "a story", ["--limit", f"{STORIES}docs"], documents=stories),
}
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


@functools.cache
def expected(held: Callable[[], Documents], goes_on: bool = False) -> Word2Vec:
    """Return the model that the token lists give; `goes_on`: with them once more, from the first one."""
    earlier = expected(held) if goes_on else None
    return Word2Vec(**QUICK).fit([list(document) for document in held()], continue_from=earlier)


def same(directory: Path, model: Word2Vec) -> bool:
    found = Word2Vec.load(directory)
    return (found.wv.index_to_key, found.wv.vectors.tobytes()) == (model.wv.index_to_key, model.wv.vectors.tobytes())


@dataclass
class Shell:
    """Runs commands on a corpus that a form has written."""

    form: Form
    folder: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        self.corpus = self.form.write(self.folder, [" ".join(document) for document in self.form.documents()])

    def __call__(self, command: str, *arguments: Any, code: int = 0, corpus: Sequence[str] | None = None) -> str:
        """Return what a command prints on stdout; it must exit with `code`, and where it does not succeed say why."""
        given = self.corpus if corpus is None else corpus
        if self.form.stdin and given is self.corpus:
            self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(given[0]).read_bytes())))
            given = ["-"]
        found = run([command, *given, *map(str, arguments)])
        out, err = self.capture.readouterr()
        assert found == code, err
        assert "a bug" not in err
        return err if code else out

    def refused(self, command: str, *arguments: Any) -> bool:
        """Whether the command does not take this form; then see that it says so in one line and leaves nothing."""
        if command not in self.form.refused:
            return False
        before = sorted(self.folder.rglob("*"))
        said = self(command, *arguments, code=2)
        assert self.form.refused[command] in said
        assert said.count("\n") == 1
        assert sorted(self.folder.rglob("*")) == before
        return True


@functools.cache
def made_once() -> Any:
    return typer.main.get_command(app)


@pytest.fixture
def shell(form: Form, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    # Half a second for each picture, and a tenth to make typer's commands of ours.
    monkeypatch.setattr("fastw2v.cli.show.loss_curve", lambda *_: None)
    monkeypatch.setattr("fastw2v.cli.app.app", made_once())
    return Shell(form, tmp_path, capsys, monkeypatch)


@every_form
def test_train(form: Form, shell: Shell) -> None:
    printed = shell("train", *form.options, *OPTIONS, "--output", "model")
    held = form.documents()
    assert f": {len(held):,} documents (a document is {form.document}), {sum(map(len, held)):,} words, " in printed
    assert same(Path("model"), expected(form.documents))


@every_form
def test_train_json_and_no_cache(form: Form, shell: Shell) -> None:
    found = json.loads(shell("train", *form.options, *OPTIONS, "--output", "model", "--json", "--no-cache"))
    assert found["corpus_tokens"] <= sum(map(len, form.documents()))
    assert found["vocabulary_size"] == len(expected(form.documents).wv)
    assert same(Path("model"), expected(form.documents))


@every_form
def test_encode_then_train(form: Form, shell: Shell) -> None:
    if shell.refused("encode", "--output", "numbers"):
        return
    found = json.loads(shell("encode", *form.options, "--output", "numbers", "--json"))
    assert found["documents"] == len(form.documents())
    assert open_corpus("numbers").corpus.tokens == sum(map(len, form.documents()))
    printed = shell("train", *OPTIONS, "--output", "model", corpus=["numbers"])
    assert f"(a document is {form.document}), " in printed
    assert same(Path("model"), expected(form.documents))


@every_form
def test_resume(form: Form, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(saver: Checkpoints, state: RunState, epoch_ended: bool) -> bool:
        saver.signals.heard = signal.SIGTERM
        return True

    line = [*form.options, *OPTIONS, "--output", "model"]
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "due", interrupted)
        assert "--resume" in shell("train", *line, code=128 + signal.SIGTERM)
    assert "Goes on from the last checkpoint" in shell("train", *line, "--resume")
    assert same(Path("model"), expected(form.documents))
    assert "holds a finished model: nothing to do" in shell("train", *line, "--resume")


@every_form
def test_continue_from_with_the_corpus_and_without(form: Form, shell: Shell) -> None:
    shell("train", *form.options, *OPTIONS, "--output", "before")
    shell("train", "--continue-from", "before", "--output", "given")
    assert same(Path("given"), expected(form.documents, goes_on=True))
    if form.stdin:
        assert "does not record where its corpus" in shell("train", "--continue-from", "before", code=2, corpus=[])
        return
    printed = shell("train", "--continue-from", "before", "--output", "found", "--no-cache", corpus=[])
    assert (
        f"The corpus is the one that it was trained on: {', '.join(shell.corpus) or 'the built-in stories'}." in printed
    )
    assert same(Path("found"), expected(form.documents, goes_on=True))


@every_form
def test_verify(form: Form, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks themselves have tests of their own; here only what they are given is looked at."""

    def some(prepared: Any, settings: Settings) -> Any:
        held = form.documents()
        assert (prepared.preprocessed.documents, prepared.preprocessed.tokens_read) == (len(held), sum(map(len, held)))
        yield checks.Check("the corpus", "bit for bit", 0.0, 0.0)

    monkeypatch.setattr(checks, "verify", some)
    assert "All 1 checks hold." in shell("verify", *form.options, *OPTIONS)
    assert json.loads(shell("verify", *form.options, *OPTIONS, "--json"))["failed"] == 0


@every_form
def test_bench(form: Form, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads the corpus: the comparison itself, the verification, and our whole program, here in this process."""
    if shell.refused("bench"):
        return
    if form.options and shell.corpus:
        assert "No such option" in shell("bench", *form.options, code=2)
        return

    def in_process(name: str, command: Sequence[str], more: object = None) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            assert run(command[3:]) == 0  # after python -m fastw2v
        return printed.getvalue()

    def ours(material: candidates.Material, with_peers: bool) -> list[candidates.Candidate]:
        return [one for one in whole(material, False) if one.name == candidates.WHOLE_OURS]

    whole = candidates.candidates
    monkeypatch.setattr(comparison, "SETTINGS", Settings(**QUICK, validation=0))
    monkeypatch.setattr(comparison, "candidates", ours)
    monkeypatch.setattr(end_to_end, "output_of", in_process)
    monkeypatch.setattr(running, "verified", lambda *given: [checks.prepare(*given) and checks.Check("", "", 0, 0)])
    found = json.loads(shell("bench", "--words", "200", "--rounds", "1", "--json"))
    assert [row["candidate"] for row in found["rows"]] == [candidates.WHOLE_OURS]
    assert 200 <= found["corpus"]["words"] < 400
