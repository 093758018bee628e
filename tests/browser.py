"""A real browser without a window, for tests of pages: Chromium, from FASTW2V_BROWSER or found on PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
# No sandbox: it does not start as root or in many containers; the pages are our own. /dev/shm is often too small.
_OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage"]


@contextmanager
def started() -> Iterator[Any]:
    """Start the browser; skip the test where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser is driven through playwright")
    path = os.environ.get("FASTW2V_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser on PATH ({', '.join(NAMES)}); FASTW2V_BROWSER may name one")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page that is open, with all that it logged and asked the network for."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        self.url = path.resolve().as_uri()
        page.goto(self.url)

    def text(self, selector: str) -> str:
        """Return the text of the one element, as it is seen."""
        return str(self.page.inner_text(selector))

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements that are seen."""
        return [each.inner_text() for each in self.page.query_selector_all(selector) if each.is_visible()]

    def drawn(self) -> None:
        """Wait until what was done is seen: in the next frame the map moves, in the one after it is drawn."""
        self.page.evaluate(
            """async () => {
              for (let frame = 0; frame < 3; frame += 1) await new Promise((done) => requestAnimationFrame(done));
            }"""
        )

    def search(self, word: str) -> None:
        """Find a word by the field at the top."""
        self.page.fill("#search", word)
        self.page.press("#search", "Enter")


@contextmanager
def visiting(browser: Any, path: Path, *, width: int = 1280, height: int = 800, **context: Any) -> Iterator[Visit]:
    """Open a page and, at the end, see that it logged nothing and loaded nothing but itself."""
    with browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **context
    ) as surroundings:
        visit = Visit(surroundings.new_page(), path)
        yield visit
        assert visit.errors == []
        assert visit.requests == [visit.url]
