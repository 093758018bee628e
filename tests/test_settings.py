"""Settings are the one list: ranges, round trips, the command line's options and the signature of `Word2Vec`."""

from __future__ import annotations

import inspect
import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest
import typer
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fastw2v import Settings, UsageError, Word2Vec, objectives
from fastw2v.cli.app import app
from fastw2v.cli.config_files import read_config
from fastw2v.cli.options import with_settings
from fastw2v.gensim_compat import arguments as gensim_arguments
from fastw2v.objectives.negative_sampling import MOST_TERMS
from fastw2v.saved_model.storage import save_model
from fastw2v.settings import _ELSEWHERE
from fastw2v.settings.keywords import Keywords, SettingsKeywords

FIELDS = {item.name: item for item in fields(Settings)}
DEFAULTS = {name: item.default for name, item in FIELDS.items()}
GENSIM_NAMES = {
    *("vector_size", "window", "negative", "ns_exponent", "min_count", "sample"),
    *("max_final_vocab", "max_vocab_size"),
    *("alpha", "min_alpha", "epochs", "workers", "seed"),
}


def text_of(name: str) -> str:
    return str(FIELDS[name].metadata["check"][0])


def choices_of(name: str) -> list[str]:
    text = text_of(name)
    return text.removeprefix("one of ").split(", ") if text.startswith("one of ") else []


# Outside each setting's range, and at its edges. A new setting must get a line in both.
OUTSIDE: dict[str, list[Any]] = {
    "documents": ["page", "", None, 1],
    "tokenizer": ["chars", ""],
    "encoding": ["no-such-encoding", "hex", "", None, 1],
    "encoding_errors": ["ignore"],
    "field": ["", None],
    "limit": ["", 50],
    "stop_words": ["", None],
    "min_count": [0, -1, 5.0, "5", True, None],
    "max_final_vocab": [0, 1, True, 5.0, "5"],
    "max_vocab_size": [0, 1, True, 5.0, "5"],
    "sample": [-1e-9, 1.5, math.nan, "0"],
    "vector_size": [0, 65537],
    "window": [0, 1001],
    "shrink_windows": [1, "yes"],
    "negative": [0, 1001],
    "ns_exponent": [-10.1, 10.1, math.inf],
    "noise": ["own"],
    "epochs": [0, 2**31 + 1],
    "alpha": [0, 0.0, -0.1, math.inf, math.nan],
    "min_alpha": [-1e-9, math.nan],
    "schedule": ["cosine"],
    "decay": [0, 1.01],
    "batch_size": [0, 2**20 + 1],
    "gradient_clip": [-0.1, math.inf],
    "init": ["zeros"],
    "sigmoid_clip": [0, 30.5],
    "validation": [-1, 0.5],
    "early_stopping": [-1],
    "seed": [-1, 2**64],
    "engine": ["cuda"],
    "dtype": ["float16", 5],
    "workers": [0, 1025],
    "deterministic": [0, "no"],
}
NUMBERS: dict[str, tuple[float, float]] = {
    "min_count": (1, 2**40),
    "sample": (0, 1),
    "vector_size": (1, 65536),
    "window": (1, 1000),
    "negative": (1, 1000),
    "ns_exponent": (-10, 10),
    "epochs": (1, 2**31),
    "alpha": (1e-6, 1e3),
    "min_alpha": (0, 1e3),
    "decay": (1e-6, 1),
    "batch_size": (1, 2**20),
    "gradient_clip": (0, 1e9),
    "sigmoid_clip": (1e-3, 30),
    "validation": (0, 2**40),
    "early_stopping": (0, 2**40),
    "seed": (0, 2**64 - 1),
    "workers": (1, 1024),
}


def values_of(name: str) -> st.SearchStrategy[Any]:
    default = DEFAULTS[name]
    if name == "limit":
        return st.none() | st.sampled_from(["50MB", "1.5GB", "100000docs"])
    if name in ("max_final_vocab", "max_vocab_size"):
        return st.none() | st.integers(2, 2**40)
    if name == "encoding":
        return st.sampled_from(["utf-8", "cp1252", "shift_jis"])
    if name == "field":
        return st.sampled_from(["text", "body of text", "süß"])
    if name == "stop_words":
        return st.sampled_from(["none", "english", "my words.txt", 'a "quoted"\\ name', "süß.txt", "-x"])
    if isinstance(default, bool):
        return st.booleans()
    if choices_of(name):
        return st.sampled_from(choices_of(name))
    low, high = NUMBERS[name]
    if isinstance(default, int):
        return st.integers(int(low), int(high))
    return st.floats(low, high, allow_subnormal=False)


def together(values: dict[str, Any]) -> dict[str, Any]:
    """Make the settings that depend on each other agree."""
    alpha = values.get("alpha", DEFAULTS["alpha"])
    if values.get("min_alpha", DEFAULTS["min_alpha"]) > alpha:
        values["min_alpha"] = alpha
    if values.get("early_stopping") and values.get("validation") == 0:
        values["validation"] = 10_000
    batch_size, window, negative = (values.get(name, DEFAULTS[name]) for name in ("batch_size", "window", "negative"))
    if batch_size * 2 * window * (1 + negative) > MOST_TERMS:
        values["batch_size"] = 1000
    return values


PARTIAL = st.fixed_dictionaries({}, optional={name: values_of(name) for name in FIELDS}).map(together)
WHOLE = st.fixed_dictionaries({name: values_of(name) for name in FIELDS}).map(together)


def as_toml(values: dict[str, Any]) -> str:
    return "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items() if value is not None
    )


# ------------------------------------------------------------------------------------------------ names and ranges


@pytest.mark.parametrize("command", ["train", "verify"])
def test_the_command_line_has_each_setting_under_its_name_and_with_its_default(command: str) -> None:
    parameters = {item.name: item for item in typer.main.get_command(app).commands[command].params}  # type: ignore[attr-defined]
    assert set(FIELDS) <= set(parameters)
    for name, default in DEFAULTS.items():
        assert "--" + name.replace("_", "-") in parameters[name].opts
        chosen = (command, name) == ("train", "epochs")  # by the size of the text
        assert parameters[name].default == ("auto" if chosen else default)
        assert str(parameters[name].help).startswith(FIELDS[name].metadata["help"])


def test_word2vec_takes_each_setting_by_keyword_with_its_default() -> None:
    parameters = dict(inspect.signature(Word2Vec).parameters)
    first = [parameters.pop(name) for name in ("sentences", "corpus_file", "callbacks", "progress", "trim_rule")]
    assert [item.default for item in first] == [None, None, (), False, None]
    assert {name: item.default for name, item in parameters.items()} == DEFAULTS
    assert {item.kind for item in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert inspect.signature(Word2Vec).bind([["a"]], window=3).arguments == {"sentences": [["a"]], "window": 3}
    assert Word2Vec().settings == Settings()
    assert Word2Vec(window=3, seed=7).settings == Settings(window=3, seed=7)


def test_editors_and_help_know_each_setting() -> None:
    assert get_type_hints(SettingsKeywords) == get_type_hints(Settings)
    text = inspect.getdoc(Word2Vec)
    assert text is not None
    for name, item in FIELDS.items():
        assert f"\n    {name}: {item.metadata['help'][:20]}" in text, name


def test_keywords_beside_the_settings_are_gensims_own() -> None:
    word2vec = pytest.importorskip("gensim.models").Word2Vec
    theirs = set(inspect.signature(word2vec.__init__).parameters)
    assert {*Keywords.__annotations__} == (theirs | {*FIELDS}) - {"self", *gensim_arguments.AT_ONCE}


def test_settings_that_gensim_has_too_are_called_as_there() -> None:
    word2vec = pytest.importorskip("gensim.models").Word2Vec
    assert set(inspect.signature(word2vec.__init__).parameters) & set(FIELDS) >= GENSIM_NAMES


@pytest.mark.parametrize("name", [name for name in FIELDS if choices_of(name)])
def test_the_help_of_a_choice_names_every_value(name: str) -> None:
    help_text = FIELDS[name].metadata["help"]
    assert [choice for choice in choices_of(name) if choice not in help_text] == []


def test_the_tables_of_this_file_name_every_setting() -> None:
    assert list(OUTSIDE) == list(FIELDS)
    kinds = {name for name, value in DEFAULTS.items() if type(value) in (int, float)}
    assert set(NUMBERS) == kinds


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in OUTSIDE.items() for value in values])
def test_a_value_out_of_range_is_one_line_with_name_range_value_and_default(name: str, value: Any) -> None:
    with pytest.raises(UsageError) as caught:
        Settings(**{name: value})
    message = str(caught.value)
    assert "\n" not in message
    instead = (
        "min_count=1 keeps every word" if (name, value) == ("min_count", 0) else f"the default is {DEFAULTS[name]!r}"
    )
    wanted = f"{name} must be {text_of(name)}. Got {value!r}; {instead}."
    assert message == wanted
    if (name, value) == ("min_count", 0):  # gensim's, for the same words
        assert Word2Vec(min_count=0).settings == Settings(min_count=1)
        return
    with pytest.raises(UsageError, match=f"^Word2Vec: {name} must be"):
        Word2Vec(**{name: value})


@pytest.mark.parametrize("name", list(NUMBERS))
def test_the_edges_of_a_range_are_inside_it(name: str) -> None:
    for value in NUMBERS[name]:
        kind = int if isinstance(DEFAULTS[name], int) else float
        others: dict[str, Any] = {"alpha": 1e3} if name == "min_alpha" else {"min_alpha": 0}
        settings = Settings(**{**others, name: kind(value)})
        assert getattr(settings, name) == value


def test_min_alpha_above_alpha_is_refused_and_the_value_suggested_works() -> None:
    with pytest.raises(UsageError, match=r"min_alpha 0\.0001 and alpha 1e-05; min_alpha=1e-05 would work"):
        Settings(alpha=1e-5)
    Settings(alpha=1e-5, min_alpha=1e-5)


def test_a_batch_of_more_terms_than_can_be_numbered_is_refused_and_the_value_suggested_works() -> None:
    with pytest.raises(UsageError, match=r"at most 2,147,483,647 terms.*batch_size=1072 would work") as caught:
        objectives.make(Settings(batch_size=2**20, window=1000, negative=1000)).outputs.check()
    assert "Got 2,099,249,152,000" in str(caught.value)
    objectives.make(Settings(batch_size=1072, window=1000, negative=1000)).outputs.check()


def test_early_stopping_without_validation_is_refused() -> None:
    with pytest.raises(UsageError, match=r"early_stopping watches the validation loss.*10000 would work"):
        Settings(early_stopping=1, validation=0)


def test_numpy_scalars_and_paths_become_plain_values(tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "epochs": np.int64(3),
        "vector_size": np.uint8(8),
        "seed": np.array(7),
        "sample": np.float32(0),
        "alpha": np.float64(0.5),
        "deterministic": np.bool_(True),
        "noise": np.str_("shared"),
        "stop_words": tmp_path / "stop.txt",
    }
    (tmp_path / "stop.txt").write_text("x\n")
    plain = {
        "epochs": 3,
        "vector_size": 8,
        "seed": 7,
        "sample": 0.0,
        "alpha": 0.5,
        "deterministic": True,
        "noise": "shared",
        "stop_words": str(tmp_path / "stop.txt"),
    }
    settings = Settings(**given)
    for name, value in plain.items():
        assert (getattr(settings, name), type(getattr(settings, name))) == (value, type(value)), name
    documents = np.array([["a", "b", "c"]] * 9)  # and so are items, which a model could not be saved with
    model = Word2Vec(documents, **given, engine="numpy", min_count=1)
    model.save(tmp_path / "model")
    assert Word2Vec.load(tmp_path / "model").settings == model.settings
    assert list(map(type, model.wv.index_to_key)) == [str] * 3
    wrong: list[Any] = [np.int64(0), np.float64(2), np.bool_(True), np.array([3])]
    for value in wrong:
        with pytest.raises(UsageError, match="epochs must be an integer >= 1"):
            Settings(epochs=value)


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"^my\.toml: unknown setting 'colour'; known: .*vector_size"):
        Settings.from_mapping({"colour": 10}, "my.toml")


def test_a_setting_by_another_programs_name_or_mistyped_gets_the_right_one() -> None:
    meant = {"size": "vector_size", "iter": "epochs", "lr": "alpha", "vector-size": "vector_size", "epoch": "epochs"}
    for name, right in meant.items():
        given: Any = {name: 3}
        with pytest.raises(UsageError, match=f"^Word2Vec: unknown setting '{name}'; did you mean {right}\\?$"):
            Word2Vec(**given)
        with pytest.raises(TypeError, match=f"^unknown setting '{name}'; did you mean {right}\\?$"):
            Settings(**given)
    assert {*_ELSEWHERE.values()} <= {*FIELDS}
    with pytest.raises(UsageError, match=r"min_count must be .* Got 0; min_count=1 keeps every word\.$"):
        Settings(min_count=0)


# ------------------------------------------------------------------------------------------------- the round trips


@hypothesis_settings(deadline=None, max_examples=50)
@given(WHOLE)
def test_settings_survive_dicts_files_and_a_saved_model(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    settings = Settings(**values)
    assert settings.as_dict() == values
    assert list(settings.as_dict()) == list(FIELDS)
    assert Settings.from_mapping(settings.as_dict(), "here") == settings
    folder = tmp_path_factory.mktemp("settings")
    (folder / "a.json").write_text(json.dumps(settings.as_dict()), encoding="utf-8")
    (folder / "a.toml").write_text(as_toml(settings.as_dict()), encoding="utf-8")
    rows = np.ones((2, 1), dtype=np.float32)
    save_model(
        folder / "model",
        words=["a", "b"],
        counts=np.array([2, 1]),
        w_in=rows,
        w_out=rows,
        settings=settings.as_dict(),
        history=[],
        provenance={},
    )
    for name in ("a.json", "a.toml", "model"):
        assert Settings.from_mapping(read_config(folder / name), name) == settings
    assert Word2Vec.load(folder / "model").settings == settings


def parsed(arguments: list[str]) -> Settings:
    """Return the settings that a command of the application would get."""
    heard = []

    @with_settings()
    def command(*, settings: Settings) -> None:
        heard.append(settings)

    application = typer.Typer()
    application.command()(command)
    assert not application(arguments, standalone_mode=False)
    return heard[0]


def as_options(values: dict[str, Any]) -> list[str]:
    options = []
    for name, value in values.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            options.append(option if value else option.replace("--", "--no-", 1))
        elif value is not None:
            options.append(f"{option}={value}")
    return options


@hypothesis_settings(deadline=None, max_examples=50)
@given(PARTIAL)
def test_options_give_the_settings_they_name_and_defaults_for_the_rest(values: dict[str, Any]) -> None:
    assert parsed(as_options(values)) == Settings(**values)


@hypothesis_settings(deadline=None, max_examples=50)
@given(PARTIAL, PARTIAL, st.sampled_from(["a.toml", "a.json"]))
def test_a_config_file_sets_what_the_options_leave_open(
    tmp_path_factory: pytest.TempPathFactory, in_file: dict[str, Any], given: dict[str, Any], name: str
) -> None:
    # An option cannot say None.
    given = {key: value for key, value in given.items() if value is not None}
    given = {key: value for key, value in together({**in_file, **given}).items() if key in given}
    both = together({**in_file, **given})
    in_file |= {key: value for key, value in both.items() if key not in given}
    path = tmp_path_factory.mktemp("config") / name
    path.write_text(as_toml(in_file) if name == "a.toml" else json.dumps(in_file), encoding="utf-8")
    assert parsed(["--config", str(path), *as_options(given)]) == Settings(**both)


def test_an_option_given_at_its_default_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("epochs = 9\nwindow = 2\n")
    settings = parsed(["--config", str(tmp_path / "a.toml"), "--epochs", "5"])
    assert (settings.epochs, settings.window) == (5, 2)


def test_a_dtype_may_be_given_as_numpy_s() -> None:
    for dtype in (np.float64, np.dtype("float64"), float, "float64"):
        found = Settings(dtype=dtype).dtype  # type: ignore[arg-type]
        assert (found, type(found)) == ("float64", str)
    assert Settings(dtype=np.float32).dtype == "float32"  # type: ignore[arg-type]
