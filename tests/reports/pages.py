"""What every page has to be: one offline file, whose names stay text, and whose structure can be read aloud."""

import re
from html.parser import HTMLParser
from itertools import pairwise

HOSTILE = """</script><script>alert("x")</script><img src=x onerror=alert(1)> & 'quoted' "also" ]]> <!-- {{ 7*7 }}"""
LOADING = {"src", "href", "xlink:href", "srcset", "data", "action", "poster", "background"}


class Elements(HTMLParser):
    """Tags with their attributes, and visible text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


def hold_page(text: str, pictures: int) -> None:
    """A page loads nothing from anywhere, its headings go down a level at a time, and its links lead somewhere."""
    parsed = Elements(text)
    for tag, attributes in parsed.tags:
        assert all(str(attributes[name]).startswith("#") for name in LOADING & attributes.keys()), (tag, attributes)
    assert not any(tag in ("link", "iframe", "object", "embed", "base", "img") for tag, _ in parsed.tags)
    style = "".join(re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL))
    assert "url(" not in style and "@import" not in style
    policy = next(a["content"] for t, a in parsed.tags if t == "meta" and a.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none'")
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    drawn = [attributes for tag, attributes in parsed.tags if tag == "svg" and "role" in attributes]
    assert len(drawn) == pictures and all(len(str(one["aria-label"])) > 60 for one in drawn)
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) and {str(a["href"])[1:] for t, a in parsed.tags if t == "a"} <= set(ids)


def hold_text(hostile: str, clean: str) -> None:
    """A page with a hostile name has the scripts of one without, and no tag or handler of the name."""
    parsed = Elements(hostile)
    assert not any(tag == "img" for tag, _ in parsed.tags) and 'alert("x")</script>' not in hostile
    assert not any(name.startswith("on") for _, attributes in parsed.tags for name in attributes)
    kinds, expected = ({a.get("type") for t, a in one.tags if t == "script"} for one in (parsed, Elements(clean)))
    assert kinds == expected and "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", hostile, flags=re.DOTALL)[0]
