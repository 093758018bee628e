"""The command line as a user meets it: what commands print, write and return."""

from __future__ import annotations

import gzip
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import QUICK, QUICKLY, command, environment, fastw2v_does, hidden_package, process
from short_runs import all_but_few_pairs

from fastw2v import Settings, Word2Vec

MODEL_FILES = {"weights.safetensors", "vocabulary.jsonl", "settings.json", "history.json", "model.json"}


def vectors(directory: Path) -> np.ndarray[Any, Any]:
    return Word2Vec.load(directory).wv.vectors


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trained")


@pytest.fixture(scope="module")
def trained(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `train` with no corpus and no output shows, for a megabyte of the stories."""
    done = process(folder, "train", "--limit", "1MB", "--epochs", "3")
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def model(folder: Path, trained: subprocess.CompletedProcess[str]) -> Path:
    return folder / "fastw2v-models" / "1"


# ----------------------------------------------------------------------------------------------------------- train


def test_training_on_the_stories_shows_what_it_read_kept_learned_and_where_it_saved(
    trained: subprocess.CompletedProcess[str], model: Path
) -> None:
    shown = trained.stdout
    assert shown.startswith("Read the built-in stories: ")
    assert "documents (a document is a story)" in shown
    stages = "read/held out for validation/stop words/rare words (min_count)/subsampling (each epoch)"
    for stage in stages.split("/"):
        assert f"│ {stage} " in shown
    assert "training pairs an epoch." in shown
    epochs = [line for line in shown.splitlines() if line.startswith("Epoch ")]
    assert len(epochs) == 3
    assert all(" loss " in line and " validation loss " in line and " words/s" in line for line in epochs)
    assert "  happy: " in shown
    assert "Model saved in fastw2v-models/1\nTry: fastw2v similar fastw2v-models/1 happy\n" in shown
    few = "too few for good vectors; --epochs 15 --window 10 works better, more text better still"
    assert re.fullmatch(rf"warning: only 1,\d{{3}} training pairs a word: {few}\n", trained.stderr)
    assert {path.name for path in model.iterdir()} == MODEL_FILES | {"loss.png"}
    assert (model / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_without_an_output_each_run_gets_the_next_number_in_a_folder_hidden_from_git(
    text: Path, tmp_path: Path
) -> None:
    for number in (1, 2):
        shown = fastw2v_does(tmp_path, "train", text, *QUICK).stdout
        assert f"Model saved in fastw2v-models/{number}\n" in shown
        assert (tmp_path / "fastw2v-models" / str(number) / "model.json").is_file()
    assert (tmp_path / "fastw2v-models" / ".gitignore").read_text() == "*\n"
    assert {path.name for path in tmp_path.iterdir()} == {"fastw2v-models"}


def test_the_command_and_python_give_the_same_model(text: Path, tmp_path: Path) -> None:
    fastw2v_does(tmp_path, "train", text, "--output", "a", *QUICK, "--seed", "5", "--noise", "per-pair")
    python = Word2Vec(**QUICKLY, seed=5, noise="per-pair").fit(text, output=tmp_path / "b")
    for name in ("weights.safetensors", "vocabulary.jsonl", "settings.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    loaded = Word2Vec.load(tmp_path / "a")
    assert loaded.settings == python.settings
    assert loaded.provenance == python.provenance


def test_an_output_is_replaced_only_when_asked(text: Path, tmp_path: Path) -> None:
    fastw2v_does(tmp_path, "train", text, "--output", "m", *QUICK)
    before = vectors(tmp_path / "m")
    fastw2v_does(tmp_path, "train", text, "-o", "m", "--overwrite", *QUICK, "--seed", "2")
    assert not np.array_equal(before, vectors(tmp_path / "m"))


def test_one_text_in_any_form_gives_one_model(text: Path, stories: list[str], tmp_path: Path) -> None:
    half = len(stories) // 2
    (tmp_path / "parts").mkdir()
    for name, part in (("1.txt", stories[:half]), ("2.txt.gz", stories[half:])):
        data = ("\n".join(part) + "\n").encode()
        (tmp_path / "parts" / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    forms: dict[str, list[Any]] = {
        "file": [text],
        "files": [tmp_path / "parts" / "1.txt", tmp_path / "parts" / "2.txt.gz"],
        "directory": [tmp_path / "parts"],
        "stdin": ["-"],
        "stories": ["--limit", f"{len(stories)}docs"],
    }
    found = {}
    for form, corpus in forms.items():
        stdin = text.read_text(encoding="utf-8") if form == "stdin" else ""
        fastw2v_does(tmp_path, "train", *corpus, "-o", form, *QUICK, stdin=stdin)
        found[form] = vectors(tmp_path / form)
    for form in forms:
        assert np.array_equal(found[form], found["file"]), form


def test_json_leaves_one_line_on_stdout_and_the_rest_on_stderr(text: Path, tmp_path: Path) -> None:
    done = fastw2v_does(
        tmp_path, "train", text, "-o", "m", "--json", *QUICK, "--epochs", "3", "--stop-words", "english",
        "--limit", "20docs",
    )  # fmt: skip
    assert done.stdout.count("\n") == 1
    answer = json.loads(done.stdout)
    tokens = 0
    for line in text.read_text(encoding="utf-8").splitlines()[:20]:
        tokens += len(line.split())
    assert answer["corpus_tokens"] == tokens
    assert 0 < answer["kept_tokens"] < tokens
    assert answer["vocabulary_size"] == len(vectors(tmp_path / "m"))
    assert answer["words_per_second"] == pytest.approx(3 * tokens / answer["train_seconds"])
    history = Word2Vec.load(tmp_path / "m").history
    assert answer["epochs"] == len(history) == 3
    assert answer["loss"] == [entry["loss"] for entry in history]
    assert answer["validation_loss"] == [None] * 3
    assert answer["pairs"] == sum(entry["pairs"] for entry in history)
    assert answer["peak_rss_bytes"] is None or 10**7 < answer["peak_rss_bytes"] < 10**11
    assert answer["output"] == "m"
    assert answer["engine"] == "numpy"
    assert "Model saved in m" in done.stderr
    assert "Epoch 3: loss" in done.stderr


def test_the_validation_loss_is_in_the_json(tmp_path: Path) -> None:
    done = fastw2v_does(tmp_path, "train", "--limit", "200kB", "--json", "--engine", "numpy", "--epochs", "2")
    losses = json.loads(done.stdout)["validation_loss"]
    assert len(losses) == 2
    assert all(1 < loss < 5 for loss in losses)


def test_a_config_file_or_an_earlier_model_gives_the_settings_and_options_win(text: Path, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text('engine = "numpy"\nvector_size = 6\nepochs = 2\nmin_count = 1\n')
    fastw2v_does(tmp_path, "train", text, "--config", "my.toml", "--epochs", "1", "-o", "a")
    first = Settings(engine="numpy", vector_size=6, epochs=1, min_count=1)
    assert Word2Vec.load(tmp_path / "a").settings == first
    fastw2v_does(tmp_path, "train", text, "--config", "a", "--seed", "4", "-o", "b")
    assert Word2Vec.load(tmp_path / "b").settings == Settings(**{**first.as_dict(), "seed": 4})
    (tmp_path / "my.json").write_text(json.dumps(first.as_dict()))
    fastw2v_does(tmp_path, "train", text, "--config", "my.json", "-o", "c")
    assert np.array_equal(vectors(tmp_path / "a"), vectors(tmp_path / "c"))


@pytest.mark.parametrize(
    ("mode", "chosen", "documents"), [("auto", "what <|endoftext|> separates", 3), ("line", "a line", 6),
                                      ("blank", "what blank lines separate", 4)]
)  # fmt: skip
def test_what_a_document_is_can_be_chosen_and_is_shown_and_stored(
    mode: str, chosen: str, documents: int, tmp_path: Path
) -> None:
    story = "the cat and the dog ran\nthe dog sat"
    (tmp_path / "t.txt").write_text(f"{story}\n\n{story}\n<|endoftext|>\n{story}\n<|endoftext|>\n".replace(
        f"{story}\n\n{story}", f"{story}\n\nthe cat sat"
    ) + "a dog and a cat ran")  # fmt: skip
    shown = fastw2v_does(tmp_path, "train", "t.txt", "-o", "m", *QUICK, "--sample", "0", "--documents", mode).stdout
    assert f"Read t.txt: {documents} documents (a document is {chosen}), " in shown
    loaded = Word2Vec.load(tmp_path / "m")
    assert loaded.provenance["corpus"]["documents"] == ("marker" if mode == "auto" else mode)
    assert loaded.settings.documents == mode
    assert not any("endoftext" in str(word) for word in loaded.wv.index_to_key)


def test_a_limit_is_in_decompressed_bytes_or_documents(text: Path, stories: list[str], tmp_path: Path) -> None:
    packed = tmp_path / "stories.gz"
    packed.write_bytes(gzip.compress(text.read_bytes()))
    first = text.read_bytes()[:9_000].decode()
    bytes_hold = f": {len(first.splitlines())} documents (a document is a line), {len(first.split()):,} words"
    docs_hold = f": 5 documents (a document is a line), {sum(len(story.split()) for story in stories[:5]):,} words"
    for corpus in (text, packed):
        for limit, held in (("9kB", bytes_hold), ("5docs", docs_hold)):
            shown = fastw2v_does(tmp_path, "train", corpus, "--limit", limit, *QUICK, "--sample", "0").stdout
            assert held in shown


def test_bytes_that_are_not_utf_8_can_be_replaced(text: Path, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(text.read_bytes() + b"bread and caf\xe9 and bread\n" * 20)
    fastw2v_does(tmp_path, "train", "latin.txt", *QUICK, "--encoding-errors", "replace", "-o", "m")
    assert "caf" in Word2Vec.load(tmp_path / "m").wv


def test_words_and_paths_that_look_like_markup_are_shown_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "marks.txt").write_text("[/red] :cat: [bold] x\n" * 100)
    options = ("--tokenizer", "whitespace", "--sample", "0", *QUICK)
    shown = fastw2v_does(tmp_path, "train", "marks.txt", *options, "-o", "[b] m").stdout
    assert "  [/red]: " in shown
    assert "Loss curve: [b] m/loss.png" in shown
    assert "Try: fastw2v similar '[b] m' '[/red]'" in shown
    shown = fastw2v_does(tmp_path, "similar", "[b] m", ":cat:").stdout
    assert shown.startswith(":cat:\n")
    assert "│ [/red] │" in shown


def test_words_in_json_are_true_and_nothing_in_it_works_on_a_terminal(tmp_path: Path) -> None:
    words = ["café", "\x1b[2J", "\x9b2J", "\x7f", "\u202egnp", "\u2028", "\U000e0041", "\ud800", "می\u200cخواهم"]
    Word2Vec(**QUICKLY, sample=0).fit([words * 3] * 20, output=tmp_path / "m")
    done = fastw2v_does(tmp_path, "similar", "m", "café", "--json").stdout
    assert done.removesuffix("\n").replace("\u200c", "").isprintable()
    assert "می\u200cخواهم" in done
    assert {word for word, _ in json.loads(done)["café"]} == set(words[1:])


def test_line_breaks_in_words_make_no_lines(tmp_path: Path) -> None:
    words = ["x\nModel saved in /", "y\x1b[2J", "z\r"]
    Word2Vec(**QUICKLY, sample=0).fit([words * 3] * 20, output=tmp_path / "m")
    shown = fastw2v_does(tmp_path, "similar", "m", *words).stdout
    assert "\nModel saved" not in shown
    assert shown.startswith("x\ufffdModel saved in /\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no line break in names of files")
def test_line_breaks_in_the_names_of_files_make_no_lines(text: Path, tmp_path: Path) -> None:
    (tmp_path / "x\nforged.txt").write_bytes(text.read_bytes())
    (tmp_path / "y\nforged.tsv").write_text("the\tand\t1\nthe\ta\t2\na\tand\t3\n")
    files = ("x\nforged.txt", "--evaluate", "y\nforged.tsv")
    for words in (("train", *files, "-o", "m", *QUICK), ("info", "m"), ("evaluate", "m", "y\nforged.tsv")):
        done = fastw2v_does(tmp_path, *words)
        assert "y\ufffdforged.tsv" in done.stdout
        assert not [line for line in done.stdout.splitlines() if line.lstrip(" │┃").startswith("forged")]


# ------------------------------------------------------------------------------------------- what may not be there


def test_without_matplotlib_the_curve_is_drawn_as_text_and_one_line_names_the_extra(text: Path, tmp_path: Path) -> None:
    hidden = hidden_package(tmp_path, "matplotlib")
    done = process(tmp_path, "train", text, "-o", "m", *QUICK, without=hidden)
    assert "Loss per epoch" in done.stdout
    assert "o training" in done.stdout
    named = [line for line in done.stdout.splitlines() if "matplotlib" in line]
    advice = "pip install matplotlib (in a checkout: pip install '.[plot]')."
    assert named == [f"Drawing the loss needs matplotlib, which is not installed: {advice}"]
    assert {path.name for path in (tmp_path / "m").iterdir()} == MODEL_FILES
    assert all_but_few_pairs(done.stderr) == ""


def test_without_numba_numpy_trains_and_says_so(text: Path, tmp_path: Path) -> None:
    hidden = hidden_package(tmp_path, "numba")
    options = ("--vector-size", "8", "--epochs", "2", "--min-count", "2")
    done = process(tmp_path, "train", text, "-o", "m", *options, without=hidden)
    assert all_but_few_pairs(done.stderr).count("\n") == 1
    assert "engine numba cannot be imported (no numba here): numpy trains" in done.stderr
    assert Word2Vec.load(tmp_path / "m").provenance["engine"] == "numpy"
    assert np.array_equal(vectors(tmp_path / "m"), Word2Vec(**QUICKLY).fit(text).wv.vectors)
    # The model can be asked there, too.
    word = Word2Vec.load(tmp_path / "m").wv.index_to_key[0]
    assert process(tmp_path, "similar", "m", word, without=hidden).stderr == ""


def test_without_numba_the_numba_engine_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    hidden = hidden_package(tmp_path, "numba")
    done = process(tmp_path, "train", "no-such-file.txt", "--engine", "numba", without=hidden)
    assert done.returncode == 1
    assert done.stderr == "fastw2v: engine numba cannot be used here: no numba here. --engine numpy would work.\n"
    assert {path.name for path in tmp_path.iterdir()} == {"hidden"}


# --------------------------------------------------------------------------------------------------------- queries


def test_similar_shows_what_python_finds(model: Path, folder: Path) -> None:
    wv = Word2Vec.load(model).wv
    words = wv.index_to_key[50:53]
    answer = json.loads(fastw2v_does(folder, "similar", model, *words, "--topn", "4", "--json").stdout)
    assert list(answer) == words
    for word in words:
        assert answer[word] == [[other, cosine] for other, cosine in wv.most_similar(word, topn=4)]
    shown = fastw2v_does(folder, "similar", model, words[0]).stdout.splitlines()
    assert shown[0] == words[0]
    assert [line.split("│")[1].strip() for line in shown if line.startswith("│")] == [
        other for other, _ in wv.most_similar(words[0], topn=10)
    ]


def test_analogy_shows_what_python_finds(model: Path, folder: Path) -> None:
    wv = Word2Vec.load(model).wv
    a, b, c = wv.index_to_key[60:63]
    answer = json.loads(fastw2v_does(folder, "analogy", model, a, b, c, "--json").stdout)
    assert answer == {"answers": [[word, cosine] for word, cosine in wv.analogy(a, b, c, topn=5)]}
    shown = fastw2v_does(folder, "analogy", model, a, b, c, "--topn", "1").stdout
    assert shown.startswith(f"{a} is to {b} as {c} is to\n")
    assert f"│ {wv.analogy(a, b, c)[0][0]} " in shown


def test_evaluate_without_files_prints_the_stories_classes_and_analogies(model: Path, folder: Path) -> None:
    from fastw2v.evaluation import evaluate_stories

    result = evaluate_stories(Word2Vec.load(model).wv).as_dict()
    assert json.loads(fastw2v_does(folder, "evaluate", model, "--json").stdout) == json.loads(json.dumps(result))
    shown = fastw2v_does(folder, "evaluate", model).stdout
    overall, total = result["classes"]["overall"], result["analogies"]["total"]
    assert f"{overall['share']:.1%} │ " in next(line for line in shown.splitlines() if "│ overall " in line)
    assert f"{total['accuracy']:.1%} │" in next(line for line in shown.splitlines() if "│ total " in line)


def test_evaluate_judges_files_of_pairs_and_of_analogies(model: Path, folder: Path, tmp_path: Path) -> None:
    a, b, c, d = Word2Vec.load(model).wv.index_to_key[70:74]
    (tmp_path / "pairs.tsv").write_text(f"{a}\t{b}\t9\n{a}\t{c}\t5\n{a}\t{d}\t1\n{a}\tqwxyz\t1\n")
    (tmp_path / "analogies.txt").write_text(f": some\n{a} {b} {c} {d}\n: others\n{a} {b} {c} qwxyz\n")
    files = (tmp_path / "pairs.tsv", tmp_path / "analogies.txt")
    answer = json.loads(fastw2v_does(folder, "evaluate", model, *files, "--json").stdout)
    assert [answer[str(files[0])][name] for name in ("pairs", "used", "out_of_vocabulary")] == [4, 3, 1]
    assert [answer[str(files[1])]["total"][name] for name in ("asked", "out_of_vocabulary")] == [1, 1]
    shown = fastw2v_does(folder, "evaluate", model, *files).stdout
    assert "3 of 4" in shown
    assert "│ others " in shown


def test_evaluate_judges_the_usual_sets(model: Path, folder: Path, shared_data: Path) -> None:
    files = sorted(path for path in (shared_data / "eval").iterdir() if path.suffix != ".md")
    answer = json.loads(fastw2v_does(folder, "evaluate", model, *files, "--json").stdout)
    assert list(answer) == [str(path) for path in files]


def test_info_shows_the_model_its_settings_its_origin_and_its_history(model: Path, folder: Path) -> None:
    loaded = Word2Vec.load(model)
    answer = json.loads(fastw2v_does(folder, "info", model, "--json").stdout)
    assert answer["model"]["words"] == len(loaded.wv)
    assert answer["settings"] == loaded.settings.as_dict()
    assert answer["provenance"] == loaded.provenance
    assert answer["history"] == loaded.history
    shown = fastw2v_does(folder, "info", model).stdout
    for name in (*loaded.settings.as_dict(), "corpus source", "engine"):
        assert f"│ {name} " in shown
    assert f"{loaded.history[-1]['loss']:.4f}" in shown


def test_convert_writes_what_gensim_loads(model: Path, folder: Path) -> None:
    keyed_vectors = pytest.importorskip("gensim.models").KeyedVectors
    fastw2v_does(folder, "convert", model, "vectors.txt")
    theirs = keyed_vectors.load_word2vec_format(str(folder / "vectors.txt"))
    ours = Word2Vec.load(model).wv
    assert theirs.index_to_key == list(ours.index_to_key)
    assert np.array_equal(theirs.vectors, ours.vectors)
    word = ours.index_to_key[40]
    assert [w for w, _ in theirs.most_similar(word)] == [w for w, _ in ours.most_similar(word, topn=10)]


def test_numbers_as_items_can_be_asked_for_by_their_digits(tmp_path: Path) -> None:
    Word2Vec(**QUICKLY, sample=0).fit([[10, 20, -30, "x"] * 3] * 20, output=tmp_path / "m")
    answer = json.loads(fastw2v_does(tmp_path, "similar", "m", "10", "--json").stdout)
    assert {word for word, _ in answer["10"]} == {"20", "-30", "x"}


# ---------------------------------------------------------------------------------------------------------- verify


def test_verify_holds_on_a_file(text: Path, tmp_path: Path) -> None:
    shown = fastw2v_does(tmp_path, "verify", text, "--epochs", "1").stdout
    assert f"Verified on {text}" in shown
    assert "checks hold." in shown
    assert " ok " in shown
    assert " FAIL " not in shown
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------- real text


@pytest.mark.parametrize(
    ("name", "limit", "document"),
    [("tinystories.txt", "1MB", "what <|endoftext|> separates"), ("wiki.txt", "2MB", "a line"), ("", "1MB", "a story")],
)
def test_a_slice_of_real_text_trains(name: str, limit: str, document: str, tmp_path: Path, request: Any) -> None:
    corpus = [request.getfixturevalue("shared_data") / name] if name else []
    done = fastw2v_does(tmp_path, "train", *corpus, "--limit", limit, "--epochs", "2", "--json", "-o", "m")
    answer = json.loads(done.stdout)
    assert answer["loss"][1] < answer["loss"][0]
    assert f"(a document is {document})" in done.stderr
    assert "endoftext" not in Word2Vec.load(tmp_path / "m").wv


# ------------------------------------------------------------------------------------------------------- interrupts


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_an_interrupt_while_training_exits_130_with_one_line_and_keeps_the_run(tmp_path: Path) -> None:
    arguments = ("train", "--limit", "300kB", "--engine", "numpy", "--epochs", "100000", "-o", "m")
    with subprocess.Popen(
        command(*arguments), cwd=tmp_path, env={**environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        for line in running.stdout:
            if line.startswith("Epoch 2"):
                break
        running.send_signal(signal.SIGINT)
        running.stdout.read()
        said = running.stderr.read()
    assert running.returncode == 130
    assert said.startswith("fastw2v: interrupted; the run is kept in m/checkpoints. Go on with: fastw2v train ")
    assert said.count("\n") == 1
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["checkpoints"]
