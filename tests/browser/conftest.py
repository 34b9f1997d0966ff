"""A browser without a network, and pages of it that may fetch nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

Scheme: TypeAlias = Literal["light", "dark"]
Opener: TypeAlias = Callable[[Path, int, Scheme], "Page"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; what is missing fails the tests, and does not skip them."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail("Playwright is not installed. Run: pip install playwright", pytrace=False)
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is not installed. Run: apt-get install chromium", pytrace=False)
    # Chromium's sandbox refuses to run as root.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Open a file at a width of the window and in a color scheme.

    When the test is over it fails if a page asked for anything besides its file, or complained.
    """
    wrong: list[str] = []
    contexts = []

    def open_page(path: Path, width: int, scheme: Scheme) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        url = path.as_uri()

        def answer(route: Route) -> None:
            if route.request.url.partition("#")[0] == url:
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", answer)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"said {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"raised {error}"))
        # What its policy forbids never becomes a request.
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (violation) => "
            "console.error('forbidden: ' + violation.blockedURI))"
        )
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
