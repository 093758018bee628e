"""The page of `explore` in a real browser: search, click, neighbours, analogies, keys, phone, hostile words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import Visit, started, visiting

from fastw2v import KeyedVectors, Word2Vec
from fastw2v.explore import write_page
from fastw2v.vectors.nearest import unit_rows
from fastw2v.views.projection import project, word_groups

HOSTILE = [
    "</script><img src=x onerror=window.hit=1>",
    "<img src=x onerror=window.hit=1>",
    "</script/",
    "<!--<script",
    "&lt;b&gt;",
    "\"'`${window.hit=1}",
    "$title",
    "__proto__",
    "\u2028\u202e",
    "\ud800",
]
WHOLE, PART = "whole.html", "part.html"


@pytest.fixture(scope="module")
def model(stories: list[str]) -> Word2Vec:
    corpus = [story.lower().replace(".", "").replace(",", "").split() for story in stories]
    settings: dict[str, Any] = {
        "vector_size": 20,
        "min_count": 2,
        "sample": 0.01,
        "alpha": 0.1,
        "batch_size": 32,
        "epochs": 25,
    }
    return Word2Vec(engine="numpy", **settings).fit(corpus)


@pytest.fixture(scope="module")
def folder(model: Word2Vec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_page(model, folder / WHOLE, title="Stories")
    write_page(model, folder / PART, words=150)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as running:
        yield running


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Visit]:
    with visiting(browser, folder / WHOLE) as found:
        yield found


def shown_list(visit: Visit, selector: str) -> list[tuple[str, float]]:
    names, values = visit.texts(f"{selector} .nearest bdi"), visit.texts(f"{selector} .nearest .value")
    return list(zip(names, map(float, values), strict=True))


def assert_equal(shown: list[tuple[str, float]], expected: list[tuple[Any, float]]) -> None:
    assert [word for word, _ in shown] == [word for word, _ in expected]
    assert [value for _, value in shown] == pytest.approx([value for _, value in expected], abs=6e-4)


def place_of(visit: Visit, model: Word2Vec, word: str, words: int | None = None) -> dict[str, float]:
    """Where a word's dot is on the canvas while the whole map is shown."""
    points = project(unit_rows(model.wv.vectors[:words])).points
    box = visit.page.locator("#map").bounding_box()
    unit = min(box["width"], box["height"]) / 2 - 34
    x, y = points[model.wv.key_to_index[word]]
    return {"x": box["width"] / 2 + float(x) * unit, "y": box["height"] / 2 - float(y) * unit}


def outermost(model: Word2Vec, words: int | None = None) -> str:
    """The word lowest on the map: no other dot or name is in its place."""
    points = project(unit_rows(model.wv.vectors[:words])).points
    return str(model.wv.index_to_key[int(points[:, 1].argmin())])


def test_a_word_that_is_searched_for_is_shown_with_the_neighbours_of_most_similar(
    visit: Visit, model: Word2Vec
) -> None:
    for word in ("the", "little", model.wv.index_to_key[-1]):
        visit.search(str(word))
        assert visit.text("#word h2 bdi") == word
        assert_equal(shown_list(visit, "#word"), model.wv.most_similar(word, topn=10))


def test_a_click_on_a_dot_chooses_its_word_and_a_click_beside_lets_go(visit: Visit, model: Word2Vec) -> None:
    word = outermost(model)
    visit.page.click("#map", position=place_of(visit, model, word))
    assert visit.text("#word h2 bdi") == word
    assert_equal(shown_list(visit, "#word"), model.wv.most_similar(word, topn=10))
    visit.page.click("#map", position={"x": 8, "y": 8})
    assert visit.text("#word h2") == "Choose a word"


def test_a_neighbour_leads_to_its_own_neighbours(visit: Visit, model: Word2Vec) -> None:
    visit.search("little")
    nearest = model.wv.most_similar("little", topn=1)[0][0]
    visit.page.click("#word .nearest button")
    assert visit.text("#word h2 bdi") == nearest


def test_neighbours_come_from_the_whole_vocabulary_and_say_when_they_are_not_on_the_map(
    browser: Any, folder: Path, model: Word2Vec
) -> None:
    word = str(model.wv.index_to_key[149])
    expected = model.wv.most_similar(word, topn=10)
    beyond = [other for other, _ in expected if model.wv.key_to_index[other] >= 150]
    assert beyond
    with visiting(browser, folder / PART) as visit:
        visit.search(word)
        assert_equal(shown_list(visit, "#word"), expected)
        assert visit.texts(".nearest .beyond bdi") == beyond
        assert f"the 150 most frequent of {len(model.wv):,} words" in visit.text("#word")


def test_suggestions_begin_with_the_word_itself_and_go_by_frequency(visit: Visit, model: Word2Vec) -> None:
    visit.page.fill("#search", "S")
    suggested = visit.texts("#search-choices [role=option]")
    beginning = [str(word) for word in model.wv if str(word).startswith("s")]
    assert suggested == sorted(beginning[:8], key=lambda word: (word != "s", beginning.index(word)))
    visit.page.fill("#search", f" {beginning[0][0]}\u00ad{beginning[0][1:].upper()} ")
    assert visit.texts("#search-choices [role=option]")[0] == beginning[0]
    visit.page.fill("#search", "no such word")
    assert visit.texts("#search-choices li") == ["No such word on the map"]


@pytest.mark.parametrize("question", [("he", "she", "boy"), ("was", "were", "is"), ("the", "a", "the")])
def test_an_analogy_has_the_answers_of_the_model(visit: Visit, model: Word2Vec, question: tuple[str, str, str]) -> None:
    visit.page.click("#tab-analogy")
    for field, word in zip("abc", question, strict=True):
        visit.page.fill(f"#analogy-{field}", word)
        visit.page.keyboard.press("Enter")
    assert_equal(shown_list(visit, "#answers"), model.wv.analogy(*question, topn=5))
    visit.page.fill("#analogy-a", question[1])
    visit.page.keyboard.press("Escape")
    visit.page.click("#analogy button[type=submit]")
    assert_equal(shown_list(visit, "#answers"), model.wv.analogy(question[1], question[1], question[2], topn=5))


def test_an_analogy_with_an_unknown_word_says_so(visit: Visit) -> None:
    visit.page.click("#tab-analogy")
    visit.page.fill("#analogy-b", "no such word")
    visit.page.click("#analogy button[type=submit]")
    assert visit.text("#answers") == "There is no such word on the map: no such word"
    assert visit.page.evaluate("document.activeElement.id") == "analogy-b"


def test_everything_can_be_done_by_keyboard(visit: Visit, model: Word2Vec) -> None:
    press = visit.page.keyboard.press
    press("/")
    assert visit.page.evaluate("document.activeElement.id") == "search"
    visit.page.keyboard.type("ki")
    second = visit.texts("#search-choices [role=option]")[1]
    press("ArrowDown")
    active = visit.page.get_attribute("#search", "aria-activedescendant")
    assert visit.text(f"#{active}") == second
    press("Enter")
    assert visit.text("#word h2 bdi") == second
    press("Escape")
    assert visit.text("#word h2") == "Choose a word"
    for expected in ("theme", "map", "nearer", "farther", "whole", "tab-word"):
        press("Tab")
        assert visit.page.evaluate("document.activeElement.id") == expected
    press("ArrowRight")
    assert visit.page.get_attribute("#tab-analogy", "aria-selected") == "true"
    press("End")
    assert visit.page.is_visible("#panel-model")


def test_the_map_is_moved_and_asked_by_keys(visit: Visit, model: Word2Vec) -> None:
    visit.page.focus("#map")
    visit.page.keyboard.press("Enter")
    in_the_middle = visit.text("#word h2 bdi")
    visit.page.keyboard.press("+")
    for _ in range(4):
        visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("Enter")
    assert visit.text("#word h2 bdi") != in_the_middle
    visit.page.keyboard.press("0")
    visit.drawn()
    visit.page.keyboard.press("Enter")
    assert visit.text("#word h2 bdi") == in_the_middle


def test_the_wheel_zooms_where_the_pointer_is(visit: Visit, model: Word2Vec) -> None:
    word = outermost(model)
    place = place_of(visit, model, word)
    box = visit.page.locator("#map").bounding_box()
    visit.page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
    before = visit.page.locator("#map").screenshot()
    for _ in range(4):
        visit.page.mouse.wheel(0, -240)
    visit.drawn()
    assert visit.page.locator("#map").screenshot() != before
    visit.page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])
    assert visit.text("#word h2 bdi") == word


def test_a_drag_moves_the_map_and_chooses_nothing(visit: Visit, model: Word2Vec) -> None:
    word = outermost(model)
    place = place_of(visit, model, word)
    box = visit.page.locator("#map").bounding_box()
    x, y = box["x"] + place["x"], box["y"] + place["y"]
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 40, y - 120, steps=4)
    visit.page.mouse.up()
    assert visit.text("#word h2") == "Choose a word"
    visit.page.mouse.click(x + 40, y - 120)
    assert visit.text("#word h2 bdi") == word


def test_two_fingers_zoom_where_they_are(browser: Any, folder: Path, model: Word2Vec) -> None:
    with visiting(browser, folder / WHOLE, width=360, height=740, has_touch=True, is_mobile=True) as visit:
        place = place_of(visit, model, outermost(model))
        box = visit.page.locator("#map").bounding_box()
        x, y = box["x"] + place["x"], box["y"] + place["y"]
        before = visit.page.locator("#map").screenshot()
        fingers = visit.page.context.new_cdp_session(visit.page)
        for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 80)):
            points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        visit.drawn()
        assert visit.text("#word h2") == "Choose a word"
        assert visit.page.locator("#map").screenshot() != before
        visit.page.tap("#map", position=place)
        assert visit.text("#word h2 bdi") == outermost(model)


def test_a_group_can_be_chosen_and_let_go(visit: Visit) -> None:
    first = visit.page.locator("#groups button").first
    before = visit.page.locator("#map").screenshot()
    first.click()
    assert first.get_attribute("aria-pressed") == "true"
    visit.drawn()
    assert visit.page.locator("#map").screenshot() != before
    first.click()
    assert first.get_attribute("aria-pressed") == "false"
    assert visit.texts("#groups .members button") == []


def test_the_words_of_a_group_that_is_chosen_are_listed_and_lead_to_their_neighbours(
    visit: Visit, model: Word2Vec
) -> None:
    units = unit_rows(model.wv.vectors)
    members = [word for word, group in zip(model.wv.index_to_key, word_groups(units), strict=True) if group == 0]
    visit.page.locator("#groups button").first.click()
    assert visit.texts("#groups .members bdi") == members[:200]
    if len(members) > 200:
        visit.page.click("#groups .members .plain")
        assert visit.texts("#groups .members bdi") == members
    visit.page.locator("#groups .members button").nth(1).click()
    assert visit.text("#word h2 bdi") == members[1]


def record_drawing(visit: Visit) -> None:
    """Let window.drawn hold, in order, the texts that are written and "" for each dot that is drawn by itself."""
    visit.page.evaluate(
        """() => {
          window.drawn = [];
          const canvas = CanvasRenderingContext2D.prototype;
          const { fillText, arc } = canvas;
          canvas.fillText = function (...some) { window.drawn.push(some[0]); return fillText.apply(this, some); };
          canvas.arc = function (...some) { window.drawn.push(""); return arc.apply(this, some); };
        }"""
    )


def test_the_names_of_a_word_and_its_neighbours_are_written_after_all_their_dots(visit: Visit, model: Word2Vec) -> None:
    record_drawing(visit)
    visit.search("little")
    visit.drawn()
    visit.page.evaluate("window.drawn = []")
    visit.page.keyboard.press("Tab")  # away from the field, and the map drawn once more
    visit.page.set_viewport_size({"width": 1270, "height": 800})
    visit.drawn()
    drawn = visit.page.evaluate("window.drawn")
    last = len(drawn) - drawn[::-1].index("")
    chosen = {"little", *(word for word, _ in model.wv.most_similar("little", topn=10))}
    assert len(drawn[last:]) > 3
    assert set(drawn[last:]) <= chosen


def test_names_on_the_map_are_those_of_the_group_that_is_chosen(visit: Visit, model: Word2Vec) -> None:
    # A word of the group that had no name before: the others' names are out of its way now.
    groups = word_groups(unit_rows(model.wv.vectors))
    record_drawing(visit)
    written = []
    for _ in range(2):
        visit.page.evaluate("window.drawn = []")
        visit.page.locator("#groups button").first.click()
        visit.drawn()
        written.append(set(visit.page.evaluate("window.drawn")))
    chosen, everything = written
    assert {groups[model.wv.key_to_index[word]] for word in chosen} == {0}
    assert chosen - everything


def test_losses_and_settings_are_those_of_the_model(visit: Visit, model: Word2Vec) -> None:
    visit.page.click("#tab-training")
    cells = visit.texts("#panel-training td")
    assert cells[1::3] == [f"{epoch['loss']:.4f}" for epoch in model.history]
    assert visit.page.locator("#panel-training svg circle.training").count() == 25
    visit.page.click("#tab-model")
    assert "vector size\t20" in visit.text("#panel-model")
    assert "validation\t10,000" in visit.text("#panel-model")


def test_on_a_phone_nothing_is_wider_than_the_screen_and_a_tap_chooses(
    browser: Any, folder: Path, model: Word2Vec
) -> None:
    with visiting(browser, folder / PART, width=360, height=740, has_touch=True, is_mobile=True) as visit:
        place = place_of(visit, model, outermost(model, 150), 150)
        visit.page.tap("#map", position=place)
        assert visit.text("#word h2 bdi") == outermost(model, 150)
        for tab in ("word", "analogy", "training", "quality", "model"):
            visit.page.tap(f"#tab-{tab}")
            assert visit.page.evaluate("document.documentElement.scrollWidth") == 360


def test_colours_follow_the_system_and_the_button(browser: Any, folder: Path) -> None:
    with visiting(browser, folder / PART, color_scheme="dark") as visit:
        assert darkness(visit) > 0.8
        visit.page.click("#theme")
        assert darkness(visit) < 0.2
    with visiting(browser, folder / PART, color_scheme="light") as visit:
        assert darkness(visit) < 0.2


def darkness(visit: Visit) -> float:
    colour = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return 1 - sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))) / 3 / 255


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screenshot_shows_dots_in_many_colours_on_a_plain_ground(
    browser: Any, folder: Path, tmp_path: Path, scheme: str
) -> None:
    image = pytest.importorskip("matplotlib.image")
    with visiting(browser, folder / WHOLE, color_scheme=scheme) as visit:
        visit.drawn()
        visit.page.locator("#map").screenshot(path=tmp_path / "map.png")
    pixels = (image.imread(tmp_path / "map.png")[..., :3] * 255).astype(int).reshape(-1, 3)
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    assert 0.5 < counts.max() / counts.sum() < 0.995
    assert len(colours) > 200
    strong = colours[np.ptp(colours, axis=1) > 60]
    assert len(np.unique(strong.argmax(axis=1))) == 3  # red, green and blue ones


def test_hostile_words_and_titles_are_shown_as_they_are_and_do_nothing(browser: Any, tmp_path: Path) -> None:
    model = Word2Vec(engine="numpy", vector_size=6, epochs=1, min_count=1, sample=0).fit([HOSTILE, HOSTILE[::-1]] * 20)
    write_page(model, tmp_path / "page.html", title="</title><script>window.hit=1</script>")
    with visiting(browser, tmp_path / "page.html") as visit:
        assert visit.text("h1") == "</title><script>window.hit=1</script>"
        for word in HOSTILE[:-2]:
            visit.search(word)
            assert visit.text("#word h2 bdi") == word
            expected = [str(other) for other, _ in model.wv.most_similar(word)]
            assert (
                visit.page.evaluate("[...document.querySelectorAll('.nearest bdi')].map(e => e.textContent)")
                == expected
            )
        for tab in ("analogy", "training", "quality", "model"):
            visit.page.click(f"#tab-{tab}")
        assert visit.page.evaluate("[window.hit, document.images.length, document.scripts.length]") == [None, 0, 3]


def test_the_page_forbids_itself_the_network_and_foreign_scripts(browser: Any, folder: Path) -> None:
    with browser.new_context() as context:
        visit = Visit(context.new_page(), folder / PART)
        refused = """async () => {
          const seen = [];
          addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
          await fetch("http://127.0.0.1:9/").catch(() => 0);
          const script = document.createElement("script");
          script.textContent = "window.hit = 1";
          document.body.append(script);
          const image = new Image();
          image.src = "http://127.0.0.1:9/";
          await new Promise((resolve) => setTimeout(resolve, 100));
          return [window.hit ?? null, ...seen.sort()];
        }"""
        assert visit.page.evaluate(refused) == [None, "connect-src", "img-src", "script-src-elem"]


@pytest.mark.slow
def test_twenty_thousand_words_move_with_the_pointer(browser: Any, tmp_path: Path) -> None:
    """Also measures how long a frame takes, which `pytest -s` shows."""
    vectors = np.random.default_rng(3).normal(size=(20_000, 100)).astype(np.float32)
    model = Word2Vec()
    model._wv = KeyedVectors([f"word{row}" for row in range(20_000)], vectors)
    write_page(model, tmp_path / "page.html")
    with visiting(browser, tmp_path / "page.html") as visit:
        visit.page.evaluate("""() => {
          window.frames_ = [];
          const note = (now) => (window.frames_.push(now), requestAnimationFrame(note));
          requestAnimationFrame(note);
        }""")
        visit.page.mouse.move(400, 400)
        visit.page.mouse.down()
        before = visit.page.locator("#map").screenshot()
        visit.page.evaluate("window.frames_.length = 0")
        for step in range(100):
            visit.page.mouse.move(400 + 2 * step, 400 - step)
        frames = np.diff(visit.page.evaluate("window.frames_"))
        visit.page.mouse.up()
        assert visit.page.locator("#map").screenshot() != before
    megabytes = (tmp_path / "page.html").stat().st_size / 1e6
    print(f"20,000 words x 100: page {megabytes:.1f} MB; moving, a frame takes {np.median(frames):.1f} ms, ", end="")
    print(f"the slowest of twenty {np.percentile(frames, 95):.1f} ms")
    assert megabytes < 15
