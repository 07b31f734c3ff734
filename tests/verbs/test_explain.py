"""What codes of findings mean: every code, families, what does not exist, and checks of others."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from brittlestar import Check, Finding, InputError, explain
from brittlestar.core.brief import MOST_LINES
from brittlestar.core.catalogue import NEEDS, find_checks
from brittlestar.core.code_pages import FAMILIES, checks_of_codes, pages_of_codes
from brittlestar.core.site import VARIABLE
from brittlestar.study.schema import keys_at
from tests.command import brittlestar, folder

OWN = '''
from brittlestar import Check, Finding

def find_stutter(analysis):
    """Rows that say one token *twice*.

    It is <b>rare</b>.
    """
    yield Finding("house.stutter", "absent", "none", "one row")

STUTTER = Check("house.stutter", find_stutter)
'''


@pytest.mark.parametrize("code", checks_of_codes())
def test_every_code_says_what_it_means_and_what_to_do(code: str) -> None:
    said = explain(code)
    names = [str(block.line[0]) for block in said.blocks]
    assert (names[0] == code and "Means" in names) or code == "leak.preprocess", names
    assert {"Decided", "Not seen", "To do"} <= set(names)
    (entry,) = said.document["codes"]
    assert entry["family"] in FAMILIES and entry["summary"].endswith((".", "!", "?"))
    assert [one["needs"] for one in entry["checks"]] == [needs for needs in NEEDS if code in find_checks(needs)]
    assert all(one["parts"]["What to do"] and one["declared"] is None for one in entry["checks"])
    said_words = re.sub(r"[*\s]", "", "".join("".join(block.line) for block in said.blocks))
    for part in (text for one in entry["checks"] for text in one["parts"].values()):
        assert re.sub(r"[*\s]", "", part) in said_words, "nothing of a page is left out"
    assert repr(said).count("\n") < MOST_LINES and json.loads(json.dumps(said.document)) == said.document


def test_a_page_is_that_of_the_documentation_and_names_every_check_of_a_code() -> None:
    page = pages_of_codes()["leak.selection"]
    assert page.startswith("Dev and test share rows") and "\n\n*In models.* Own code read test" in page
    assert explain("leak.selection").document["codes"][0]["page"] == page
    names = [block.line[0] for block in explain("eval.slice").blocks]
    assert names.count("To do") == 2 and "In given predictions" in names


def test_the_command_prints_the_whole_page_its_first_sentence_or_json() -> None:
    said = brittlestar("explain", "leak.exact")
    assert said.code == 0 and said.errors == [] and len(said.output.splitlines()) > 25
    assert max(map(len, said.output.splitlines())) <= 80 and "**" not in said.output and "…" not in said.output
    assert said.output.startswith("leak.exact  Evaluation rows whose token sequence")
    assert "To do       Remove these rows from the split" in said.output
    first = "leak.exact: Evaluation rows whose token sequence is in train more often than chance allows.\n"
    assert brittlestar("explain", "leak.exact", "--quiet").output == first
    assert brittlestar("explain", "leak.exact", "--json").document == explain("leak.exact").document
    assert brittlestar("explain", "leak.exact", "-v").output == said.output


def test_a_family_lists_its_codes_and_nothing_lists_families() -> None:
    family = brittlestar("explain", "leak", "--quiet").output.splitlines()
    assert [line.partition(":")[0] for line in family] == [
        code for code in checks_of_codes() if code.startswith("leak.")
    ]
    everything = brittlestar("explain").output.splitlines()
    assert [line.split()[0] for line in everything] == list(FAMILIES)
    assert explain().document["asked"] is None and len(explain().document["codes"]) == len(checks_of_codes())
    frame = explain("seed").to_frame(library="polars")
    assert frame.columns == ["code", "family", "needs", "summary"] and set(frame["family"]) == {"seed"}


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("leak.exat", "did you mean 'leak.exact'"),
        ("leek", "did you mean 'leak'?"),
        ("Leak.exact", "did you mean 'leak.exact'"),
        ("seed.q", "did you mean 'seed' or 'seed.inert'"),
        ("zz.<b>\x1b", "`brittlestar explain` lists the families; a check of your own is named with --check"),
    ],
)
def test_a_code_that_does_not_exist_is_answered_with_the_nearest(code: str, hint: str) -> None:
    said = brittlestar("explain", code)
    assert said.code == 2 and said.output == "" and "\x1b" not in said.errors[0]
    assert said.errors[0].startswith("brittlestar: there is no code '") and hint in said.errors[0]
    with pytest.raises(InputError, match="there is no code"):
        explain(code)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(folder(tmp_path / "here", {"own_checks.py": OWN}))
    yield
    sys.modules.pop("own_checks", None)


def test_a_check_of_others_has_its_docstring_and_no_link(own: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "https://docs.example.org/")
    said = brittlestar("explain", "house.stutter", "--check", "own_checks:STUTTER").output
    assert said.startswith("house.stutter  Rows that say one token twice.\n") and "It is <b>rare</b>." in said
    assert "Declared       find_stutter in own_checks (own_checks.py:4), a check of your own\n" in said
    assert "https://" not in said and "\nPage        https://docs" in brittlestar("explain", "leak.near").output
    everything = brittlestar("explain", "--check", "own_checks:STUTTER").output
    assert everything.splitlines()[-1] == "house      checks of your own"


def test_a_notebook_escapes_what_a_docstring_says() -> None:
    def check(_: object) -> Iterator[Finding]:
        """A <script>."""
        yield from ()

    shown = explain("own.code", checks=[Check("own.code", check)])._repr_html_()
    assert "&lt;script&gt;" in shown and "<script>" not in shown


def test_no_setting_has_the_name_of_a_code() -> None:
    settings = {f"{section}.{name}" for section in keys_at(()) for name in keys_at((section,))}
    assert len(settings) > 40 and not settings & {*checks_of_codes()}
