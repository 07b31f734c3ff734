"""The site, as it is built: no warning, no page too long, every link leads somewhere, every finding has its page."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from brittlestar.core.code_pages import FAMILIES, pages_of_codes

ROOT = Path(__file__).parents[1]
MOST_WORDS = 1_200
WITHOUT_TEXT = {"genindex", "search", "py-modindex"}
"""Pages that Sphinx makes of the others."""
DEMO = {f"{name}.html" for name in ("report", "audit", "gate", "forecast", "record")}
MADE_WITH = ("https://www.sphinx-doc.org", "https://github.com/pradyunsg/furo")
"""The theme names in the footer what made the site: the only links that need a network."""


class _Page(HTMLParser):
    """The words of the article of a page, its anchors, what it links to, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.depth, self.words, self.anchors = 0, 0, set[str]()
        self.links, self.loads = list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.depth += tag == "article"
        self.anchors |= {given.get("id") or ""}
        named = [given[name] or "" for name in ("href", "src") if name in given]
        self.links += named if tag == "a" else []
        self.loads += named if tag != "a" else []

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "article"

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.words += len(re.findall(r"\S*\w\S*", data))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, _Page]:
    """Every page of the built site."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-d",
            str(folder / "read"),
            "docs",
            str(folder / "site"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return {path: _Page(path.read_text(encoding="utf-8")) for path in (folder / "site").rglob("*.html")}


def test_no_page_is_too_long(site: dict[Path, _Page]) -> None:
    long = {path.stem: page.words for path, page in site.items() if page.words > MOST_WORDS}
    assert {name: words for name, words in long.items() if name not in WITHOUT_TEXT} == {}


def test_every_link_leads_to_a_file_and_an_anchor_of_the_site(site: dict[Path, _Page]) -> None:
    seen = 0
    for path, page in site.items():
        for link in [*page.links, *page.loads]:
            name, _, anchor = link.partition("#")
            if link in page.links and (link.startswith(MADE_WITH) or (path.parent.name == "demo" and link in DEMO)):
                continue
            target = (path.parent / unquote(name.partition("?")[0])).resolve() if name else path
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), (path.stem, link)
            assert not anchor or target not in site or unquote(anchor) in site[target].anchors, (path.stem, link)
            seen += 1
    assert seen > 1_000


def test_the_demonstration_is_linked_whole(site: dict[Path, _Page]) -> None:
    """`make site` puts its pages beside the index; making them takes minutes."""
    (index,) = (page for path, page in site.items() if path.parts[-2:] == ("demo", "index.html"))
    assert {*index.links} >= DEMO
    written = (ROOT / "docs" / "demo.py").read_text(encoding="utf-8")
    assert {*re.findall(r'folder / "(\w+\.html)"', written)} == DEMO


def test_every_finding_has_a_page_of_its_own(site: dict[Path, _Page]) -> None:
    names = {path.stem for path in site if path.parent.name == "findings"}
    assert names - {"index", "error-rates", *FAMILIES} == set(pages_of_codes())
