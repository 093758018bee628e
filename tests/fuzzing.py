"""A fuzzer: valid files of every kind that is read, damaged at random, and what reading them may do.

Every case is a function of the target's name and a number, so that whatever is found can be made again:

    python tests/fuzzing.py TARGET FIRST COUNT

A reader may give a result or raise a Fastw2vError of one line; anything else is a finding. Files that carry checksums
are also damaged and sealed again, as a stranger could, so that what lies behind the checksums is reached. Knows the
package's readers; the tests that use it, and `fuzz_atheris.py`, know how often.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import lzma
import random
import struct
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fastw2v import Settings, Word2Vec
from fastw2v.bench.rounds import without_warnings
from fastw2v.cli.config_files import read_config
from fastw2v.corpus import store
from fastw2v.corpus.encoded import encode
from fastw2v.corpus.reading import encode_text
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.engines.weights import initial_weights
from fastw2v.errors import Fastw2vError
from fastw2v.evaluation.files import read_evaluation
from fastw2v.files.json_files import read_json
from fastw2v.formats.vector_files import FORMATS, read_vectors
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.saved_model import storage
from fastw2v.saved_model.files import read_vocabulary, read_weights
from fastw2v.text import TextCorpus
from fastw2v.text.stopwords import load_stop_words
from fastw2v.training import preparation
from fastw2v.training.checkpoints import FOLDER, Checkpoints
from fastw2v.training.run_state import RunState
from fastw2v.vectors.keyed import WordVectors

# What hurts parsers: ends of integer ranges, numbers that are none, brackets, bytes that are not UTF-8.
NUMBERS = [b"0", b"-1", b"1", b"2", b"255", b"65536", b"2147483648", b"4294967296", b"9007199254740993"]
NUMBERS += [b"9223372036854775807", b"9223372036854775808", b"18446744073709551616", b"1e400", b"-0.0", b"NaN"]
NUMBERS += [b"Infinity", b"nan", b"1e-400", b"0x10", b"1_0", b"9" * 400, b"9" * 5000, b"true", b"null", b"1.5"]
PIECES = [b"", b" ", b"\n", b"\r\n", b"\t", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x85", b'"']
PIECES += [b'"\\ud800"', b"[", b"]", b"{", b"}", b"[" * 70, b"[" * 2000, b'{"a":' * 300, b":", b",", b"#", b"\x1c"]
PIECES += [b"../", b"/dev/zero", b"\0" * 8, b"\xff" * 8, b"\x80\x04\x95", b"\x00\x00\x80\x7f", b"\x00\x00\xc0\x7f"]

Reader = Callable[[Path], object]


@dataclass
class Target:
    """Files that are read together.

    Attributes:
        files: by name, whole.
        read: reads the folder in which they lie.
        seal: given the folder, makes its checksums right again; None: there are none.
    """

    files: dict[str, bytes]
    read: Reader
    seal: Callable[[Path, random.Random], None] | None = None


def mutated(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Damage a file in one to four ways."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        content = _CHANGES[rng.randrange(len(_CHANGES))](content, others, rng)
    return content[: 1 << 16]


def _flip(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    if not content:
        return b"\0"
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]


def _cut(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    return content[: rng.randint(0, len(content))]


def _remove(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    low = rng.randint(0, len(content))
    return content[:low] + content[low + rng.choice((1, 1, 2, 4, 8, 30)) :]


def _insert(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    place = rng.randint(0, len(content))
    piece = rng.choice(PIECES) if rng.random() < 0.7 else rng.randbytes(rng.randint(1, 12))
    return content[:place] + piece + content[place + rng.choice((0, 0, len(piece))) :]


def _repeat(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    low, high = sorted((rng.randint(0, len(content)), rng.randint(0, len(content))))
    return content[:high] + content[low:high] * rng.choice((1, 1, 3)) + content[high:]


def _splice(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others)
    return content[: rng.randint(0, len(content))] + other[rng.randint(0, len(other)) :]


def _number(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Replace a run of digits, from a random place on, by another number."""
    start = rng.randint(0, len(content))
    for low in range(start, len(content)):
        if content[low] in b"0123456789":
            high = low
            while high < len(content) and content[high] in b"0123456789.":
                high += 1
            return content[:low] + rng.choice(NUMBERS) + content[high:]
    return _insert(content, others, rng)


_CHANGES = (_flip, _flip, _cut, _remove, _insert, _insert, _repeat, _splice, _number, _number)


# ---------------------------------------------------------------------------------------------------------- targets

WORDS = ["the", "zwölf", "三", "a,b"]
DOCUMENTS = [["the", "cat", "saw", "the", "dog"], ["the", "dog", "ran"], ["a", "cat", "saw", "a", "dog"]] * 4
OPTIONS: dict[str, Any] = {
    "vector_size": 3, "epochs": 3, "min_count": 1, "sample": 0.0, "validation": 0, "engine": "numpy",
    "stop_words": "none", "tokenizer": "whitespace", "documents": "line",
}  # fmt: skip


def vectors() -> KeyedVectors:
    """Return a few vectors."""
    return KeyedVectors(WORDS, np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32))


def targets(folder: Path) -> dict[str, Target]:
    """Make the files of every target, in `folder`."""
    made = {}
    forms: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("text", {}, {}),
        ("binary", {"binary": True}, {"binary": True}),
        ("glove", {"no_header": True}, {"write_header": False}),
    ]
    for name, reading, writing in forms:
        made[name] = _vector_target(folder / "v", reading, writing)
    compressed = gzip.compress(made["text"].files["v"], mtime=0)
    made["gzip"] = Target({"v.gz": compressed}, lambda at: _checked(KeyedVectors.load_word2vec_format(at / "v.gz")))
    pairs = b"# pairs\n1\ttiger\tcat\t7.35\n2\ttiger\ttiger\t10\n3\tplane\tcar\t5.77\n"
    header = b'\xef\xbb\xbf"Word 1";"Word 2";"POS";"Human (mean)"\nplane;car;n;5,77\n'
    questions = b": capitals\nAthens Greece Oslo Norway\n\n: plurals\ncat cats dog dogs\n"
    made["pairs"] = Target({"e.txt": pairs}, lambda at: read_evaluation(at / "e.txt"))
    made["header"] = Target({"e.txt": header}, lambda at: read_evaluation(at / "e.txt"))
    bats = b"cat\tanimal/feline\ndog\tanimal\ncow mammal\n"
    made["bats"] = Target({"e.txt": bats}, lambda at: read_evaluation(at / "e.txt"))
    classes = ": animals\ncat\ndog\n# more\n: numbers\nzwölf\n三\n".encode()
    made["classes"] = Target({"e.txt": classes}, lambda at: read_evaluation(at / "e.txt"))
    made |= {name: _form_target(folder, name) for name in ("npz", "safetensors", "parquet", "feather")}
    made["mapped"] = Target(
        {"v.kv": made["safetensors"].files["v.safetensors"]},
        lambda at: _sound(KeyedVectors.load(at / "v.kv", mmap=True)),
    )
    # Whose form is told by content, whatever became of it.
    any_form = [made["text"].files["v"], made["binary"].files["v"], made["glove"].files["v"], compressed]
    any_form += [bz2.compress(any_form[0]), lzma.compress(any_form[1]), made["npz"].files["v.npz"]]
    made["any"] = Target(
        {f"v{number}": content for number, content in enumerate(any_form)}, lambda at: _read_any(at, len(any_form))
    )
    text = "\n".join(" ".join([*document, "zwölf"]) for document in DOCUMENTS)
    texts = {"a.bz2": bz2.compress(text.encode()), "b.xz": lzma.compress(text.encode()), "c.gz": compressed}
    texts |= {"d.txt": text.encode("utf-16"), "e.txt": text.encode("shift_jis", "ignore")}
    texts["f.jsonl.bz2"] = bz2.compress(b'{"text": "the cat"}\n' * 3)
    made["texts"] = Target(texts, lambda at: [_read_text(at / name) for name in texts])
    FORMATS["projector"].write(folder / "projector", vectors())
    lines = {path.name: path.read_bytes() for path in sorted((folder / "projector").iterdir())}
    made["projector"] = Target(lines, lambda at: _sound(read_vectors(at)))
    made["analogies"] = Target({"e.txt": questions}, lambda at: read_evaluation(at / "e.txt"))
    stop_words = "# mine\nthe\n\nDon’t  # a comment\nzwölf\n".encode()
    made["stop_words"] = Target({"s.txt": stop_words}, lambda at: load_stop_words(at / "s.txt"))
    settings = json.dumps(Settings(**OPTIONS).as_dict()).encode()
    made["config.json"] = Target({"c.json": settings}, lambda at: _settings(at / "c.json"))
    toml = b"epochs = 5\nalpha = 0.025\nnoise = 'shared'\nvalidation = 10_000\ndeterministic = false\n"
    made["config.toml"] = Target({"c.toml": toml}, lambda at: _settings(at / "c.toml"))
    made |= _model_targets(folder) | {"corpus": _corpus_target(folder)}
    made["checkpoint"] = _checkpoint_target(folder)
    return made


def _vector_target(path: Path, reading: dict[str, Any], writing: dict[str, Any]) -> Target:
    vectors().save_word2vec_format(path, **writing)
    how = ("strict", "replace", "ignore", "backslashreplace")

    def read(at: Path) -> object:
        errors = how[(at / "v").stat().st_size % 4]
        return _checked(KeyedVectors.load_word2vec_format(at / "v", unicode_errors=errors, **reading))

    return Target({"v": path.read_bytes()}, read)


def _form_target(folder: Path, name: str) -> Target:
    path = folder / f"v.{name}"
    FORMATS[name].write(path, vectors())
    return Target({path.name: path.read_bytes()}, lambda at: _sound(read_vectors(at / path.name)))


def _read_any(folder: Path, files: int) -> object:
    """Read one file of vectors after another; the last is returned, and what is refused is refused at once."""
    return [_sound(read_vectors(folder / f"v{number}")) for number in range(files)][-1]


def _read_text(path: Path) -> object:
    """Read a text, strictly or not; its pieces must hold what its documents do."""
    encoding, errors = "shift_jis" if path.name == "e.txt" else "utf-8", ("strict", "replace")[path.stat().st_size % 2]
    corpus = TextCorpus([path], encoding=encoding, encoding_errors=errors, tokenizer="whitespace")
    words = [word for document in corpus for word in document]
    assert b"".join(corpus.pieces()).decode().replace("\0", " ").split() == words
    return words


def _checked(read: WordVectors) -> WordVectors:
    assert all(isinstance(word, str) and word for word in read), read.index_to_key
    return _sound(read)


def _sound(read: WordVectors) -> WordVectors:
    assert len(read) == len(set(read.index_to_key)) > 0
    assert np.isfinite(read.vectors).all()
    assert all(type(word) in (str, int) for word in read), read.index_to_key
    return read


def _settings(path: Path) -> Settings:
    return Settings.from_mapping(read_config(path), "config")


def _model_targets(folder: Path) -> dict[str, Target]:
    docs = [" ".join(document) for document in DOCUMENTS]
    text = folder / "docs.txt"
    text.write_text("\n".join(docs), encoding="utf-8")
    Word2Vec(**OPTIONS).fit(text, output=folder / "model")
    files = {path.name: path.read_bytes() for path in sorted((folder / "model").iterdir())}
    words = files[storage.VOCABULARY].count(b"\n")
    return {
        "model": Target(files, _read_model, _seal_model),
        "vocabulary": Target({"v.jsonl": files[storage.VOCABULARY]}, lambda at: read_vocabulary(at / "v.jsonl", words)),
        "weights": Target(
            {"w.safetensors": files[storage.WEIGHTS]}, lambda at: read_weights(at / "w.safetensors", (words, words))
        ),
        "json": Target({"h.json": files[storage.HISTORY]}, lambda at: read_json(at / "h.json")),
    }


def _read_model(folder: Path) -> Word2Vec:
    """Load a model and do with it what `info` and a first question do."""
    from fastw2v.cli import queries

    model = Word2Vec.load(folder)
    assert np.isfinite(model.wv.vectors).all()
    described = queries._described(model)
    for title in ("model", "settings", "provenance"):
        list(queries._flat(described[title]))
    for record in model.history:
        assert f"{record['pairs']:,}"
    return model


def _seal_model(folder: Path, rng: random.Random) -> None:
    try:
        manifest = json.loads((folder / storage.MANIFEST).read_bytes())
        for name in manifest["files"]:
            content = (folder / name).read_bytes()
            manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        (folder / storage.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    except (ValueError, LookupError, TypeError, OSError, RecursionError):
        return


def _corpus_target(folder: Path) -> Target:
    text = folder / "corpus.txt"
    text.write_text("\n".join(" ".join(document) for document in DOCUMENTS), encoding="utf-8")
    encode_text(text, Settings(**OPTIONS), folder / "corpus")
    files = {path.name: path.read_bytes() for path in sorted((folder / "corpus").iterdir())}
    return Target(files, _read_corpus, _seal_corpus)


def _read_corpus(folder: Path) -> object:
    corpus = store.open_corpus(folder).corpus
    # Whatever is believed must be safe to count with.
    assert np.bincount(corpus.ids).sum() == corpus.tokens
    assert np.diff(corpus.offsets).min() > 0
    return corpus


def _seal_corpus(folder: Path, rng: random.Random) -> None:
    """Make sizes and checksums right; half the time what the manifest says of its own numbers, too."""
    try:
        manifest = json.loads((folder / store.MANIFEST).read_bytes())
        for name in manifest["files"]:
            content = (folder / name).read_bytes()
            manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        if rng.random() < 0.5:
            width = {"uint8": 1, "uint16": 2, "uint32": 4}[manifest["ids"]]
            manifest["tokens"] = (folder / store.IDS).stat().st_size // width
            manifest["documents"] = (folder / store.OFFSETS).stat().st_size // 8 - 1
            manifest["words"] = (folder / store.COUNTS).stat().st_size // 8
        manifest["sha256"] = store._seal(manifest)
        (folder / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    except (ValueError, LookupError, TypeError, OSError, RecursionError):
        return


def _checkpoint_target(folder: Path) -> Target:
    options = Settings(**OPTIONS)
    data = preparation.prepare(encode(DOCUMENTS), {}, options, {}).preprocessed
    kept = _described(options, data, folder / "run")
    weights = initial_weights(len(data.vocabulary), options)
    kept.save(RunState(), weights, lambda: iter((weights.input_vectors, weights.output_vectors)))
    name = "00000001.safetensors"
    content = (folder / "run" / FOLDER / name).read_bytes()

    def read(at: Path) -> object:
        (at / FOLDER).mkdir(exist_ok=True)
        (at / name).replace(at / FOLDER / name)
        return _described(options, data, at).load()

    return Target({name: content}, read, _seal_checkpoint)


def _described(options: Settings, data: Preprocessed, folder: Path) -> Checkpoints:
    kept = Checkpoints(folder)
    kept.describe_run(options, "numpy", data, {})
    return kept


def _seal_checkpoint(folder: Path, rng: random.Random) -> None:
    """Put the right checksum of the texts into the header, and half the time damage a text before."""
    path = folder / "00000001.safetensors"
    try:
        content = path.read_bytes()
        length = struct.unpack("<Q", content[:8])[0]
        header = json.loads(content[8 : 8 + length])
        texts = header["__metadata__"]
        texts.pop("texts_sha256", None)
        if rng.random() < 0.5:
            name = rng.choice(sorted(texts))
            texts[name] = mutated(texts[name].encode(), [b"{}"], rng).decode("utf-8", "replace")
        texts["texts_sha256"] = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
        encoded = json.dumps(header).encode()
        encoded += b" " * (-len(encoded) % 8)
        path.write_bytes(struct.pack("<Q", len(encoded)) + encoded + content[8 + length :])
    except (ValueError, LookupError, TypeError, struct.error, AttributeError, RecursionError):
        return


# ------------------------------------------------------------------------------------------------------------- runs


@dataclass
class Outcome:
    """What came of a run of cases."""

    cases: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    most_memory: int = 0


def lay(target: Target, folder: Path, name: str, content: bytes) -> None:
    """Put the files of a target into a folder, one of them damaged."""
    for other, whole in target.files.items():
        (folder / other).write_bytes(content if other == name else whole)


def attempt(target: Target, folder: Path) -> bool:
    """Read what lies in the folder; return whether it was believed. Anything but a Fastw2vError goes on."""
    try:
        target.read(folder)
    except Fastw2vError as error:
        message = str(error)
        assert message
        assert "\n" not in message, message
        assert len(message) < 2000 + 2 * len(str(folder)), message
        return False
    return True


def case(target: Target, name: str, number: int, folder: Path) -> bool:
    """Make a case and try it."""
    rng = random.Random(f"{name} {number}")
    which = rng.choice(sorted(target.files))
    lay(target, folder, which, mutated(target.files[which], list(target.files.values()), rng))
    if target.seal is not None and rng.random() < 0.8:
        target.seal(folder, rng)
    return attempt(target, folder)


@without_warnings()
def run(target: Target, name: str, first: int, count: int, folder: Path, measure_every: int = 50) -> Outcome:
    """Try so many cases; the memory of some is measured.

    Raises:
        AssertionError: a finding, with the case that shows it.
    """
    outcome = Outcome()
    for number in range(first, first + count):
        measured = number % measure_every == 0
        if measured:
            tracemalloc.start()
        begun = time.perf_counter()
        try:
            believed = case(target, name, number, folder)
        except Exception as error:
            raise AssertionError(f"case {name} {number}: {type(error).__name__}: {error!s:.300}") from error
        finally:
            if measured:
                outcome.most_memory = max(outcome.most_memory, tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
        outcome.slowest = max(outcome.slowest, 0.0 if measured else time.perf_counter() - begun)
        outcome.cases += 1
        outcome.read += believed
        outcome.refused += not believed
    return outcome


def main() -> None:
    """Run a target, or all, from the command line."""
    import tempfile

    name, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as folder:
        every = targets(Path(made))
        for chosen in every if name == "all" else [name]:
            sys.stdout.write(f"{chosen}: {run(every[chosen], chosen, first, count, Path(folder))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
