"""Where the documentation stands, and which words of a text lead there."""

from email.message import Message
from importlib.metadata import PackageNotFoundError

import pytest

from brittlestar.core import site
from brittlestar.core.site import VARIABLE, find_address, find_site, link_codes


def name_urls(monkeypatch: pytest.MonkeyPatch, *urls: str) -> None:
    """Let the package's metadata have these addresses, and the environment none."""
    message = Message()
    for url in urls:
        message["Project-URL"] = url
    monkeypatch.setattr("importlib.metadata.metadata", lambda name: message)
    site._read_metadata.cache_clear()
    monkeypatch.delenv(VARIABLE, raising=False)


def test_the_address_is_that_of_the_package_and_the_environment_overrides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        name_urls(patch, "Source, https://git.example.org/x", "Documentation, https://docs.example.org/en/")
        assert find_site() == "https://docs.example.org/en"
        for given, found in {
            "..": "..", "": "", " https://x.org/a/ ": "https://x.org/a", "javascript:alert(1)//": "", "a\"b": "",
            "http://a.b/(": "", "file:///etc": "",
        }.items():  # fmt: skip
            patch.setenv(VARIABLE, given)
            assert find_site() == found, given
    site._read_metadata.cache_clear()


def test_without_an_address_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        name_urls(patch, "Source, https://git.example.org/x")
        assert find_site() == find_address("leak.exact") == ""

        def lost(name: str) -> Message:
            raise PackageNotFoundError(name)

        patch.setattr("importlib.metadata.metadata", lost)
        site._read_metadata.cache_clear()
        assert find_site() == ""
    site._read_metadata.cache_clear()


def test_codes_of_ours_lead_to_their_pages_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "..")
    assert find_address("leak.exact") == "../reference/findings/leak.exact.html"
    assert find_address("house.stutter") == find_address("<b>") == ""
    text = "2 errors (leak.exact, house.x) in leak.exact.csv, a/leak.near, `label.noise`: seed.inert. So leak.nearly."
    linked = [piece for piece, address in link_codes(text) if address]
    assert linked == ["leak.exact", "label.noise", "seed.inert"]
    assert "".join(piece for piece, _ in link_codes(text)) == text
