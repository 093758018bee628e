"""The pages: every command and snippet in them runs, every link leads somewhere, every quoted line of code is there.

README and each page of `docs` are read as a newcomer reads them, from top to bottom, in a folder of their own that
holds what the pages take for granted: a few texts and a small model. Commands of the README that read all built-in
stories are given `--limit 500kB`. `docs/coming-from-gensim.md` has a test of its own.

What is a step: a block marked `python`; in a block without a mark (or `sh`, `console`) each line that begins with one
of PROGRAMS, where the first line does, or else each line that begins with `$ `. All other blocks are output or files.
Whatever a step would write and an earlier one has written is removed before it: a reader tries either.
"""

from __future__ import annotations

import ast
import contextlib
import fnmatch
import gzip
import importlib.util
import io
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer

from fastw2v import Word2Vec
from fastw2v.cli.app import app, run
from fastw2v.errors import MissingExtraError
from fastw2v.stories import generate

ROOT = Path(__file__).resolve().parents[1]
ELSEWHERE = {"coming-from-gensim.md"}  # tests/test_docs_gensim.py
PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").glob("*.md") if page.name not in ELSEWHERE)]
LINKED = [*PAGES, *(ROOT / name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"))]
# On these pages the block of text that follows a block of Python is what it prints, character by character.
PRINTED = {"algorithm.md"}
PROGRAMS = ("fastw2v", "python", "pip", "pytest", "git")

# What no test can run, and why. A pattern that no page holds any more is an error.
NOT_RUN = {
    "pip install *": "needs the network",
    "git clone *": "needs the network",
    "pytest*": "is what runs this",
    "fastw2v download *": "needs the network; tests/test_download.py has a server of its own",
    "fastw2v bench*": "takes minutes; tests/test_cli_bench.py runs it small",
    "fastw2v verify*": "takes 20 s; tests/test_verify.py and tests/test_cli.py run it",
    "python -m benchmarks.*": "takes minutes; tests/test_bench_*.py run them small",
}
# Words that the pages ask a model for, and that the texts here must hold.
ASKED = {"happy", "dog", "king", "queen", "man", "big"}


@dataclass(frozen=True)
class Step:
    """What a page tells the reader to run: Python, or a command as words; `printed`: what the page says it prints."""

    page: str
    line: int
    python: str = ""
    command: tuple[str, ...] = ()
    printed: str | None = None

    @property
    def text(self) -> str:
        return self.python or shlex.join(self.command)

    @property
    def not_run(self) -> str | None:
        return next((pattern for pattern in NOT_RUN if self.command and fnmatch.fnmatch(self.text, pattern)), None)


def blocks(page: Path) -> Iterator[tuple[int, str, str]]:
    """Yield (line, mark, text) of each fenced block."""
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^( *)```([^`\n]*)\n(.*?)^\1```$", text, flags=re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, found.start()) + 1, found[2].strip(), textwrap.dedent(found[3])


def commands(mark: str, text: str) -> Iterator[tuple[str, ...]]:
    """Yield the commands of a block, as words; what follows `|` or `>` is left out."""
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    prompted = [line[2:] for line in lines if line.startswith("$ ")]
    begins = re.compile(rf"({'|'.join(PROGRAMS)})( |$)")
    if mark not in ("", "sh", "bash", "shell", "console") or not (prompted or (lines and begins.match(lines[0]))):
        return
    for line in filter(begins.match, prompted or lines):
        rest = shlex.split(line, comments=True)
        while rest:
            end = next((place for place, word in enumerate(rest) if word in ("&&", "|", ">", ";")), len(rest))
            if rest[0] in PROGRAMS:  # not cd
                yield tuple(rest[:end])
            rest = rest[end + 1 :] if rest[end : end + 1] in (["&&"], [";"]) else []


def steps(page: Path) -> list[Step]:
    found: list[Step] = []
    every = list(blocks(page))
    for number, (line, mark, text) in enumerate(every):
        if mark == "python":
            after = every[number + 1][1:] if number + 1 < len(every) else ("", "")
            printed = after[1] if page.name in PRINTED and after[0] == "text" else None
            found.append(Step(page.name, line, python=text, printed=printed))
        found += [Step(page.name, line, command=command) for command in commands(mark, text)]
    return found


STEPS = {page.name: steps(page) for page in PAGES}


# ------------------------------------------------------------------------------------------------------- running them


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the pages take for granted."""
    folder = tmp_path_factory.mktemp("given")
    stories = list(generate(40_000))
    text = "\n".join(stories) + "\n"
    assert set(text.lower().split()) >= ASKED - {"big", "happy"}
    for name in ("corpus.txt", "more.txt", "TinyStories.txt", "TinyStoriesV2-GPT4-valid.txt", "folder/a.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "more.txt.gz").write_bytes(gzip.compress(text.encode()))
    (folder / "big").mkdir()
    packed = text.encode()
    with contextlib.suppress(ImportError):  # without it, reading is refused, naming the extra
        import zstandard

        packed = zstandard.compress(packed)
    (folder / "big" / "a.txt.zst").write_bytes(packed)
    (folder / "pairs.tsv").write_text("king\tqueen\t8\nking\tdog\t2\nman\tdog\t3\nhappy\tbig\t1\n", encoding="utf-8")
    (folder / "questions.txt").write_text(": royal\nman king woman queen\n", encoding="utf-8")
    Word2Vec(vector_size=100).fit(folder / "corpus.txt", output=folder / "model")
    for name in ("MODEL", "other"):
        shutil.copytree(folder / "model", folder / name)
    Word2Vec.load(folder / "model").wv.save_word2vec_format(folder / "vectors.txt")
    if (ROOT / "examples").is_dir():
        (folder / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    return folder


@dataclass
class Reader:
    """Goes through a page in its folder, remembering names that Python blocks leave and what came of each step."""

    page: str
    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    outcomes: list[BaseException | str] = field(default_factory=list)

    def read_to(self, number: int) -> str:
        """Run the steps up to this one that have not been run; return what it printed, or raise what it raised."""
        for step in STEPS[self.page][len(self.outcomes) : number + 1]:
            try:
                self.outcomes.append("" if step.not_run else self._run(step))
            except (Exception, SystemExit, pytest.skip.Exception, pytest.fail.Exception) as error:
                self.outcomes.append(error)
        outcome = self.outcomes[number]
        if isinstance(outcome, str):
            return outcome
        missing = [where for where in self.outcomes[:number] if isinstance(where, pytest.skip.Exception)]
        if missing and isinstance(outcome, NameError):
            pytest.skip(f"builds on a step that was skipped: {missing[-1]}")
        raise outcome

    def _run(self, step: Step) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            self._make_room(step)
            if step.python:
                return self._python(step.python)
            if step.command[0] == "fastw2v":
                return fastw2v(small(step.command[1:]))
            return self._process(step)

    def _make_room(self, step: Step) -> None:
        for name in written(step):
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)

    def _python(self, source: str) -> str:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec(compile(source, self.page, "exec"), self.names)
        except (MissingExtraError, ModuleNotFoundError) as error:
            if (getattr(error, "name", None) or "").startswith("fastw2v"):
                raise
            pytest.skip(str(error))
        return said.getvalue()

    def _process(self, step: Step) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        words = [sys.executable, *step.command[1:]]
        done = subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8")
        if done.returncode and "pip install" in done.stderr:
            pytest.skip(done.stderr)
        assert done.returncode == 0, f"{step.text}\n{done.stderr}"
        return done.stdout


def fastw2v(words: list[str]) -> str:
    """Run the command line in this process: kernels are loaded once."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    if code and "pip install" in err.getvalue():
        pytest.skip(err.getvalue())
    assert code == 0, f"fastw2v {shlex.join(words)}\n{err.getvalue()}"
    return out.getvalue()


def small(words: tuple[str, ...]) -> list[str]:
    """Return a command's words so that it takes a second: of the built-in stories, 2 million words, 100 kB are read."""
    has_text = len(words) > 1 and not words[1].startswith("-")
    goes_on = {"--resume", "--continue-from"} & set(words)  # with what the run or the model was begun with
    return [*words, "--limit", "500kB"] if words[0] == "train" and not has_text and not goes_on else list(words)


def written(step: Step) -> list[str]:
    """Return the files and folders that a step writes, by the words that name them; none that it goes on with."""
    words = step.command
    if step.python:
        return re.findall(r'(?:output=|save\w*\(|encode_text\([^()]*(?:\(\))?, )"([^"]+)"', step.python)
    if {"--resume", "--overwrite"} & set(words):
        return []
    named = [words[place + 1] for place, word in enumerate(words[:-1]) if word in ("--output", "-o")]
    return [*named, *([words[3]] if words[:2] == ("fastw2v", "convert") else [])]


@pytest.fixture(scope="module")
def readers(given: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    found = {}
    for page in PAGES:
        folder = tmp_path_factory.mktemp(page.stem) / "here"
        shutil.copytree(given, folder, symlinks=True)
        found[page.name] = Reader(page.name, folder)
    return found


def ids(found: list[tuple[str, int]]) -> list[str]:
    return [f"{page}, line {STEPS[page][number].line}, step {number}" for page, number in found]


ALL = [(page, number) for page, found in STEPS.items() for number in range(len(found))]
RUN = [(page, number) for page, number in ALL if not STEPS[page][number].not_run]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(("page", "number"), RUN, ids=ids(RUN))
def test_it_runs(page: str, number: int, readers: dict[str, Reader]) -> None:
    printed, expected = readers[page].read_to(number), STEPS[page][number].printed
    assert expected is None or printed == expected


def test_of_what_is_not_run_commands_options_and_modules_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for page, number in sorted(set(ALL) - set(RUN)):
        words = STEPS[page][number].command
        if words[0] == "fastw2v":
            assert run([*words[1:], "--help"]) == 0, f"{page}: {shlex.join(words)}"
        if words[:2] == ("python", "-m"):
            assert importlib.util.find_spec(words[2]) is not None, f"{page}: {shlex.join(words)}"


def test_each_reason_not_to_run_something_is_needed() -> None:
    used = {step.not_run for found in STEPS.values() for step in found}
    assert set(NOT_RUN) - used == set()


def test_blocks_and_lines_of_a_page_are_told_apart(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n```\npip install x && fastw2v train  # why\nfastw2v similar m \\\n  a\n```\n"
        "```\nfigures\nfastw2v train, text to vectors  6.2\n```\n"
        "```console\n$ fastw2v info m\nfastw2v 0.1\n```\n```python\nprint(1)\n```\n```text\n1\n```\n",
        encoding="utf-8",
    )
    assert [step.text for step in steps(page)] == [
        "pip install x",
        "fastw2v train",
        "fastw2v similar m a",
        "fastw2v info m",
        "print(1)\n",
    ]
    assert [step.line for step in steps(page)] == [2, 2, 2, 11, 15]


def test_a_step_that_fails_raises_and_those_after_it_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Step("page", 1, command=("fastw2v", "info", "nowhere"))
    page = [Step("page", 1, python="a = 1 / 0"), missing, Step("page", 1, python="print(2)")]
    monkeypatch.setitem(STEPS, "page", page)
    reader = Reader("page", tmp_path)
    assert reader.read_to(2) == "2\n"
    with pytest.raises(ZeroDivisionError):
        reader.read_to(0)
    with pytest.raises(AssertionError, match="fastw2v info nowhere"):
        reader.read_to(1)


def test_what_a_step_writes_is_found() -> None:
    assert written(Step("", 1, command=("fastw2v", "convert", "model", "vectors.txt"))) == ["vectors.txt"]
    assert written(Step("", 1, command=("fastw2v", "train", "--output", "m", "--resume"))) == []
    assert written(Step("", 1, command=("fastw2v", "plot", "m", "-o", "a.png"))) == ["a.png"]
    code = 'Word2Vec().fit("a", output="b")\nmodel.save("c")\nencode_text(x, Settings(), "d")\nopen("e")'
    assert written(Step("", 1, python=code)) == ["b", "c", "d"]


# ------------------------------------------------------------------------------------- names, links and lines of code


def test_commands_and_options_named_in_the_text_exist() -> None:
    group: Any = typer.main.get_command(app)
    known = {name: {word for item in command.params for word in (*item.opts, *item.secondary_opts)} for name, command in
             group.commands.items()}  # fmt: skip
    for page in LINKED:
        for words in re.findall(r"`fastw2v ([a-z]+[^`]*)`", page.read_text(encoding="utf-8")):
            command, *rest = words.split()
            assert command in known, f"{page.name}: fastw2v {words}"
            unknown = {word for word in rest if word.startswith("--")} - known[command] - {"--help"}
            assert not unknown, f"{page.name}: fastw2v {words}"


def test_benchmarks_named_in_the_text_exist() -> None:
    for page in LINKED:
        for module in re.findall(r"python -m (benchmarks\.\w+)", page.read_text(encoding="utf-8")):
            assert importlib.util.find_spec(module) is not None, f"{page.name}: {module}"


def anchors(page: Path) -> set[str]:
    """Return the names that GitHub gives to a page's headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^#+ +(.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.name)
def test_each_link_within_the_project_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name}: {link}"


# In `docs/algorithm.md`: [`file`](../file), `function`: `a line of it`
QUOTE = re.compile(r"\[`(fastw2v/[\w/]+\.py)`\]\(\.\./([\w/.]+)\), `([\w.]+)`:\s+`([^`]+)`")
QUOTES = QUOTE.findall((ROOT / "docs" / "algorithm.md").read_text(encoding="utf-8"))


def definition(tree: ast.AST, name: str) -> ast.AST | None:
    """Return the function, method (Class.method), class or constant of that name."""
    for part in name.split("."):
        found: ast.AST | None = None
        for node in ast.iter_child_nodes(tree):
            named = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
            if getattr(node, "name", None) == part or part in named:
                found = node
        if found is None:
            return None
        tree = found
    return tree


@pytest.mark.parametrize(("file", "link", "name", "quoted"), QUOTES, ids=lambda value: str(value)[:40])
def test_each_line_quoted_from_the_code_is_in_the_function_named(file: str, link: str, name: str, quoted: str) -> None:
    assert link == file
    source = (ROOT / file).read_text(encoding="utf-8")
    found = definition(ast.parse(source), name)
    assert found is not None, f"{file} has no {name}"
    assert any(quoted in line for line in (ast.get_source_segment(source, found) or "").splitlines()), quoted


def test_the_window_worked_by_hand_has_the_right_figures() -> None:
    """With nothing but `math`: the snippet below it on the page shows that the engine agrees."""
    (dog, home), (ran, cat) = ((1, 0), (0, 2)), ((1, 1), (2, -1))
    page = (ROOT / "docs" / "algorithm.md").read_text(encoding="utf-8")
    table = page.partition("By hand, with")[2].partition("```")[0]
    into_out = {ran: [0.0, 0.0], cat: [0.0, 0.0]}
    for v_c in (dog, home):
        gradient = [0.0, 0.0]
        for v, label in ((ran, 1), (cat, 0)):
            sigma = 1 / (1 + math.exp(-sum(a * b for a, b in zip(v_c, v, strict=True))))
            assert shown(-math.log(sigma if label else 1 - sigma)) in table
            for column in range(2):
                gradient[column] += (sigma - label) * v[column]
                into_out[v][column] += (sigma - label) * v_c[column]
        assert f"= ({', '.join(map(shown, gradient))})" in table
    for total in into_out.values():
        assert f"= ({', '.join(map(shown, total))})" in table


def shown(value: float) -> str:
    return f"{value:.4f}".replace("0.", ".")


def test_each_mention_of_a_file_of_code_on_the_algorithms_page_quotes_it() -> None:
    text = (ROOT / "docs" / "algorithm.md").read_text(encoding="utf-8")
    assert len(QUOTES) == text.count("](../fastw2v/") > 10


# ------------------------------------------------------------------------------------------------------------- figures


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_losses_that_the_readme_shows_are_those_of_its_first_command(tmp_path: Path) -> None:
    pattern = re.compile(r"^Epoch (\d): loss ([\d.]+)  validation loss ([\d.]+) ", re.MULTILINE)
    shown = pattern.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    printed = {epoch: losses for epoch, *losses in pattern.findall(fastw2v(["train", "--output", str(tmp_path / "m")]))}
    assert [epoch for epoch, *_ in shown] == ["1", "5"]
    for epoch, *losses in shown:
        # Processors with other vectors round differently; other noise or other defaults move losses by 0.005 and more.
        assert [float(loss) for loss in printed[epoch]] == pytest.approx([float(loss) for loss in losses], abs=0.002)


PERFORMANCE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
RESULTS = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = " ".join(PERFORMANCE.split())
ROWS = re.compile(r"^\| ((?:fastw2v|gensim|fastText),[^|]*) \| ([\d,]+) \| ([\d,]+) \|$", re.MULTILINE)


def test_the_speeds_in_the_readme_are_those_measured() -> None:
    rows = ROWS.findall(README)
    assert len(rows) == 4
    for name, first, second in rows:
        assert re.search(rf"^{name} +{first} .*\b{second}\b", RESULTS, re.MULTILINE), name
    tiny, wiki = re.findall(r"^fastw2v, 1 worker / gensim, 1 worker +([\d.]+) ", RESULTS, re.MULTILINE)[-2:]
    text = " ".join(README.split())
    assert f"{float(tiny):.1f} times as fast as gensim on TinyStories and {float(wiki):.1f} times on Wikipedia" in text
    worst = max(map(float, re.findall(r"^[^:]+: fastw2v, .*: .* is ([\d.]+) \[", PERFORMANCE, re.MULTILINE)))
    assert f"takes {worst:.2f} times as long as the default on Wikipedia" in text


def test_the_ratios_and_times_in_prose_are_those_measured() -> None:
    text, settings = " ".join(PERFORMANCE.split()), (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    spread = r"([\d.]+ \[[\d.]+ - [\d.]+\])"
    racy, exact = (
        re.findall(rf"^fastw2v, 2 workers, {mode} / fastw2v, 1 worker +{spread}", RESULTS, re.MULTILINE)
        for mode in ("racy", "deterministic")
    )
    assert (
        f"the two are {racy[0]} and {exact[0]} times as fast as one worker; on Wikipedia, {racy[1]} and {exact[1]}."
        in text
    )
    shared, per_pair = (
        re.findall(rf"^fastw2v, {noise} noise: fastw2v, 1 worker is ([\d.]+) ", RESULTS, re.MULTILINE)
        for noise in ("shared", "per-pair")
    )
    low, high = (f"{float(ratio):.1f}" for ratio in per_pair[-2:])
    assert f"{shared[-2]} and {shared[-1]} times as fast as with noise words for each window" in text
    assert f"{low} and {high} times as fast as per-pair noise" in text
    assert f"costs {low} to {high} times as much" in text
    assert f"which takes {low} to {high} times as long" in settings
    one = re.findall(r"^fastw2v, 1 worker / gensim, 1 worker +([\d.]+) ", RESULTS, re.MULTILINE)
    assert f"is {float(one[0]):.1f} times (on Wikipedia it is {float(one[1]):.1f} times)" in text
    ours, theirs = (
        re.findall(rf"^{who}, text to vectors +([\d.]+) ", RESULTS, re.MULTILINE) for who in ("fastw2v train", "gensim")
    )
    assert f"{ours[0]} s against gensim's {theirs[0]} s on TinyStories, {ours[1]} s against {theirs[1]} s on" in text
    rates = re.findall(r"does ([\d.]+) \[.* Gflop/s of useful", RESULTS)
    parts = re.findall(r"matrix product on one core .*\]: ([\d.]+) \[", RESULTS)
    assert f"One core does {float(rates[0]):.0f} Gflop/s of useful operations on TinyStories" in text
    assert f"{float(parts[0]):.0f} % of what a large matrix product reaches there" in text
    assert f"and {float(parts[1]):.0f} % on Wikipedia" in text


def ratios(page: str, pair: str) -> list[str]:
    measured = (ROOT / "benchmarks" / page / "RESULTS.md").read_text(encoding="utf-8")
    return re.findall(rf"^fastw2v, {pair} +([\d.]+ \[[\d.]+ - [\d.]+\])", measured, re.MULTILINE)


def test_the_ratios_with_avx2_are_those_measured() -> None:
    (one,) = ratios("avx2", "1 worker / gensim, 1 worker")
    (racy,) = ratios("avx2", "2 workers, racy / fastw2v, 1 worker")
    (exact,) = ratios("avx2", "2 workers, deterministic / fastw2v, 1 worker")
    assert "vector bytes 32\n" in (ROOT / "benchmarks" / "avx2" / "RESULTS.md").read_text(encoding="utf-8")
    assert f"one worker is {one} times as fast as gensim's" in PAGE
    assert f"two racy ones are {racy} times as fast as one, two deterministic ones {exact} times." in PAGE


def test_the_ratios_on_zen_4_are_those_measured() -> None:
    tiny, wiki = ratios("zen4", "1 worker / gensim, 1 worker")
    assert f"one worker was {tiny} times as fast as gensim's on TinyStories, {wiki} times on Wikipedia." in PAGE


def test_what_speed_depends_on_is_as_measured() -> None:
    cells = re.findall(r"\| ([\d,]+)( k| M)?: (\d\.\d\d) M", PERFORMANCE)
    assert len(cells) > 20
    for value, unit, speed in cells:
        whole = f"{int(value.replace(',', '')) * {'': 1, ' k': 1_000, ' M': 1_000_000}[unit]:,}"
        measured = re.findall(rf"^{whole} +([\d,]+) ", RESULTS, re.MULTILINE)
        assert speed in {f"{int(found.replace(',', '')) / 1e6:.2f}" for found in measured}, (value, unit)


def test_the_speed_of_reading_is_as_measured() -> None:
    wiki, tiny, stories = re.findall(r"^fastw2v encode +[\d,]+ +(\d+) \[", RESULTS, re.MULTILINE)
    said = f"{wiki} MB/s of Wikipedia, {tiny} MB/s of TinyStories, {stories} MB/s of a gigabyte of built-in stories"
    assert said in PAGE


def test_the_speed_of_questions_is_as_measured() -> None:
    text = " ".join(PERFORMANCE.split())
    (products,) = re.findall(r"^fastw2v takes (\d\.\d\d) ", RESULTS, re.MULTILINE)
    (times,) = re.findall(r"^times as fast: fastw2v, all at once / gensim: ([\d.]+) ", RESULTS, re.MULTILINE)
    (recall,) = re.findall(r"recall of the 10 nearest ([\d.]+)$", RESULTS, re.MULTILINE)
    (index,) = re.findall(r"^fastw2v, index / fastw2v: one question ([\d.]+) ", RESULTS, re.MULTILINE)
    assert f"take {products} times as long as one product" in text
    assert f"{float(times):.1f} times as fast as gensim" in text
    assert f"{float(index):.1f} times as fast and finds {recall} of the ten nearest" in text


# ------------------------------------------------------------------------------------------------------------ citation


def test_the_citation_names_the_software_the_report_and_the_papers() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    for key in ("cff-version: 1.2.0", "message:", "title: fastw2v", "authors:", "license: MIT", "references:"):
        assert re.search(rf"^{re.escape(key)}", text, flags=re.MULTILINE), key
    for name in ("Viktor", "Ćurčić", "Mikolov", "Efficient Estimation of Word Representations in Vector Space"):
        assert name in text
    yaml = pytest.importorskip("yaml")
    cited = yaml.safe_load(text)
    assert cited["version"] == __import__("fastw2v").__version__
    kinds = [(entry["type"], entry["authors"][0]["family-names"]) for entry in cited["references"]]
    assert kinds == [("report", "Ćurčić"), ("article", "Mikolov"), ("conference-paper", "Mikolov")]
    for entry in (cited, *cited["references"]):
        assert entry["title"]
        assert all({"family-names", "given-names"} <= set(who) or "name" in who for who in entry["authors"])
