"""Codes lead to their pages of the documentation where its address is known, on every page and in a terminal."""

import io
from typing import Any

import pytest
from rich.text import Text

from brittlestar import Check, Finding, audit, explain
from brittlestar.cli.output import VisibleConsole, print_line
from brittlestar.core.gating import Requirement
from brittlestar.core.site import VARIABLE
from brittlestar.reports.gate.documents import write_summary
from brittlestar.reports.page import page
from brittlestar.reports.result_text import explain_blocks
from brittlestar.reports.words import name_codes, take_links

from .example import example, reading
from .pages import Elements

ADDRESS = "https://docs.example.org"
EXACT = f"{ADDRESS}/reference/findings/leak.exact.html"
ROWS = [f"a b{k % 7} c{k % 5} d{k % 3}" for k in range(200)]
LABELS = ["odd" if k % 2 else "even" for k in range(200)]
LEAKY: dict[str, Any] = {"train": (ROWS[:150], LABELS[:150]), "test": (ROWS[100:], LABELS[100:])}


def audit_leaky() -> Any:
    def check(analysis: Any) -> Any:
        """What a house wants."""
        yield Finding("house.rule", "present", "all of it", "any", "error", {"split": "test"})

    return audit(**LEAKY, checks=[Check("house.rule", check)], progress=False)


def links(text: str) -> list[str]:
    return [str(given["href"]) for tag, given in Elements(text).tags if tag == "a" and given.get("class") == "docs"]


def test_a_page_links_codes_of_ours_and_is_the_same_without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = audit_leaky().html
    assert links(bare) == [] and "<code>brittlestar explain leak.exact</code>" in bare
    monkeypatch.setenv(VARIABLE, ADDRESS)
    linked = audit_leaky().html
    assert EXACT in links(linked) and len(set(links(linked))) > 20, "absent and inconclusive codes, too"
    assert "house.rule" in linked and not any("house" in place for place in links(linked))
    assert "explain house.rule" not in linked
    assert take_links(linked) == bare
    monkeypatch.setenv(VARIABLE, "..")
    beside = audit_leaky().html
    assert "../reference/findings/leak.exact.html" in links(beside) and take_links(beside) == bare


def test_a_report_leads_from_codes_to_its_cards_and_from_these_to_the_documentation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = page(reading(example()))
    monkeypatch.setenv(VARIABLE, ADDRESS)
    linked = page(reading(example()))
    assert links(bare) == [] and links(linked) and take_links(linked) == bare
    assert linked.count('href="#finding-') == bare.count('href="#finding-') > 0


@pytest.mark.parametrize(
    "forged",
    [
        '<a class="docs" href="javascript:alert(1)//reference/findings/leak.exact.html">leak.exact</a>',
        '<a class="docs" href="https://x.org/reference/findings/leak.near.html">leak.exact</a>',
        '<a class="docs" href="https://x.org/reference/findings/leak.exact.html" onclick="a()">leak.exact</a>',
        '<a class="docs" href="https://x.org/other/leak.exact.html">leak.exact</a>',
    ],
)
def test_another_link_is_no_link_to_a_code(forged: str) -> None:
    assert take_links(forged) == forged


def test_text_of_others_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, ADDRESS)
    link = f'<a class="docs" href="{EXACT}">leak.exact</a>'
    assert name_codes("<b> leak.exact, house.rule <i>") == f"&lt;b&gt; {link}, house.rule &lt;i&gt;"


def test_the_summary_of_a_gate_links_codes_and_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [
        Requirement("absent house.*", "fail", "house.rule: `a|b`."),
        Requirement("absent leak.*", "fail", "leak.exact: 2 rows_of *x* (and leak.near)."),
        Requirement("sound", "pass", "no error; 1 info. Largest: label.noise: few."),
    ]
    bare = write_summary(told, "fail", "data")
    assert bare.endswith("\nWhat a code means: `brittlestar explain leak.exact`\n") and "](" not in bare
    monkeypatch.setenv(VARIABLE, ADDRESS)
    linked = write_summary(told, "fail", "data")
    assert f"| [leak.exact]({EXACT}): 2 rows\\_of \\*x\\* (and [leak.near](" in linked
    assert linked.count("](") == 3 and "house.rule: \\`a\\|b\\`" in linked
    assert "What a code means" not in write_summary(told[2:], "pass", "data")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def print_in(stream: io.StringIO) -> str:
    print_line(VisibleConsole(file=stream, width=80), Text("leak.exact and house.rule and <b>"))
    return stream.getvalue()


def test_a_terminal_links_codes_and_a_pipe_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert print_in(Terminal()) == "leak.exact and house.rule and <b>\n"
    monkeypatch.setenv(VARIABLE, ADDRESS)
    linked = print_in(Terminal())
    assert f";{EXACT}\x1b\\leak.exact\x1b]8;;\x1b\\ and house.rule and <b>\n" in linked and linked.count("\x1b]8;") == 2
    plain = "leak.exact and house.rule and <b>\n"
    assert print_in(io.StringIO()) == plain
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), (VARIABLE, "..")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert print_in(Terminal()) == plain, name
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert print_in(io.StringIO()) == plain, "colours that are forced into a file are no terminal"


def test_a_result_says_how_to_read_more_of_the_first_code_that_has_a_page() -> None:
    told = [block.line for block in explain_blocks(["house.rule", "leak.near", "leak.exact"])]
    assert told == [("Explain", "brittlestar explain leak.near")]
    assert explain_blocks(["house.rule"]) == explain_blocks([]) == []
    result = audit(**LEAKY, progress=False)
    assert 'Explain    brittlestar.explain("leak.exact")' in repr(result)
    assert "brittlestar.explain(&#34;leak.exact&#34;)" in result._repr_html_()
    assert explain("leak.exact").asked == "leak.exact"
