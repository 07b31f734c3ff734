"""The documentation is right: generated parts are current, commands parse and the cheap ones run, code runs, links lead
somewhere, and nothing names a host or a machine."""

import importlib.util
import json
import math
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from scipy.stats import chi2
from typer.testing import CliRunner

import brittlestar
from brittlestar import cli
from brittlestar.claims.settling import SEEDS_WITH_COLLAPSE
from brittlestar.cli import calling
from brittlestar.core.catalogue import NEEDS, find_checks
from brittlestar.core.gating import GATE_EXITS
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.row_bounds import FEWEST_DISAGREEING
from brittlestar.study.claims import DEFAULT_LOOKS
from brittlestar.study.loading import load_study
from docs.reference_pages import reference_pages
from tests.test_transcripts import ELSEWHERE
from tests.test_transcripts import PAGES as TRANSCRIPTS

ROOT = Path(__file__).parents[1]
GENERATED = reference_pages()
GUIDE = [ROOT / "README.md", *sorted({*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*/*.md")})]
PAGES = [*GUIDE, *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]
FENCE = re.compile(
    r"^(?:<!-- (?P<example>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
TINY = ["--sizes", "60/20/20"]
VARIANTS = {"bag": {"model.family": "bag"}}


@dataclass(frozen=True)
class Block:
    """A fenced block; `example` is the file that it shows."""

    page: Path
    line: int
    language: str
    text: str
    example: str | None


def blocks(language: str, pages: list[Path] = PAGES) -> list[Block]:
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found["language"], found["text"], found["example"])
        for page in pages
        for text in [page.read_text(encoding="utf-8")]
        for found in FENCE.finditer(text)
        if found["language"] == language
    ]


def commands(pages: list[Path] = PAGES) -> list[list[str]]:
    return [shlex.split(line) for block in blocks("sh", pages) for line in block.text.splitlines()]


def named(value: object) -> str | None:
    if isinstance(value, Block):
        return f"{value.page.name}:{value.line}"
    return (
        str(value.relative_to(ROOT))
        if isinstance(value, Path)
        else " ".join(value)
        if isinstance(value, list)
        else None
    )


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_parts_are_current(generator: ModuleType) -> None:
    for page, content in generator.pages().items():
        assert page.read_text(encoding="utf-8") == content, f"{page.name} is stale: python docs/generate.py"


def test_figures_in_sentences_are_those_of_the_code_and_of_what_was_measured(generator: ModuleType) -> None:
    """What no part of a page is generated from. A number that changes in code, or is measured anew, fails here."""
    pages = {path.stem: " ".join(path.read_text(encoding="utf-8").split()) for path in GUIDE}
    few, looks = {5: "five", 20: "twenty"}, [str(look) for look in DEFAULT_LOOKS]
    degrees = MIN_SEEDS - 1
    low, high = (math.sqrt(degrees / chi2.ppf(share, degrees)) for share in (0.975, 0.025))
    stated = {
        "reading-a-report": [f"**Below {few[MIN_SEEDS]} seeds** nothing is said about the method."],
        "seeds-and-streams": [
            f"Fewer than {few[MIN_SEEDS]} seeds settle nothing about the method",
            f"reaches from {f'{low:.2f}'.lstrip('0')} to {high:.2f} times the estimate.",
            f"Variants in which runs collapse need {few[SEEDS_WITH_COLLAPSE]} seeds.",
        ],
        "verdicts": [
            f"a claim may be judged at {', '.join(looks[:-1])} and {looks[-1]} seeds.",
            f"Fewer than {few[MIN_SEEDS]} seeds settle nothing about a method.",
            f"a verdict then needs {SEEDS_WITH_COLLAPSE} seeds.",
            f"Where fewer than {FEWEST_DISAGREEING} of them differ",
        ],
    }
    assert [(name, part) for name, parts in stated.items() for part in parts if part not in pages[name]] == []
    studies = [load["studies"] for load in json.loads(generator.CALIBRATION.read_bytes())]
    for size in set(studies):
        assert f"{studies.count(size):,} of {size:,}" in pages["verdict-errors"]
    assert f"{len(studies):,} entries: " in pages["verdict-errors"] and "an entry" not in pages["verdict-errors"]
    rates = json.loads(generator.GATE_RATES.read_bytes())
    for rate in rates:
        assert rate["unchanged"]["fail"] <= 0.05 and rate["worse"]["fail"] >= 0.8 and rate["repeats"] == 500
        assert f"| {100 * rate['unchanged']['fail']:.1f} % |" in pages["gate"]
    worst = max(rate["unchanged"]["fail"] for rate in rates)
    assert f"failed an unchanged model in at most {100 * worst:.1f} %" in pages["gate"]


def test_every_setting_is_listed_with_what_it_does(generator: ModuleType) -> None:
    pages = [page.read_text(encoding="utf-8") for page in generator.SETTINGS_PAGES]
    meanings = dict(generator.ROW.findall("".join(pages)))
    assert len(meanings) == sum(len(generator.ROW.findall(page)) for page in pages), "each stands on one page"
    assert set(meanings) == set(generator.settings())
    assert {"seeds", "training.learning_rate", "streams.init", "data.columns.sequence"} <= set(meanings)
    assert [path for path, meaning in meanings.items() if not meaning] == []


@pytest.mark.parametrize("block", [block for block in blocks("yaml") if block.example is None], ids=named)
def test_a_study_in_the_documentation_loads(block: Block, tmp_path: Path) -> None:
    """A fragment is completed by a name, data and the variant that its claims speak of."""
    fragment = "name:" not in block.text
    text = f"name: fragment\ndata: {{path: data}}\nvariants: {VARIANTS}\n{block.text}" if fragment else block.text
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    loaded = load_study(tmp_path / "study.yaml", {})
    assert not fragment or set(loaded.given) >= {
        line.split(":")[0] for line in block.text.splitlines() if line[0] != " "
    }


@pytest.mark.parametrize("command", commands(), ids=named)
def test_a_command_is_one_that_can_be_given(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    program, *rest = command
    if program == "brittlestar":
        monkeypatch.setattr(calling, "call_command", lambda *_: 0)  # parse, and do nothing
        result = CliRunner().invoke(cli.app, rest)
        assert result.exit_code == 0, result.output
    elif program == "make":
        assert re.search(rf"^{rest[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif program == "pip":
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
            "optional-dependencies"
        ]
        assert rest[0] == "install" and set(re.findall(r"\[(\w+)\]", rest[1])) <= set(extras)
    elif program == "python":
        assert any((ROOT / folder / rest[0]).is_file() for folder in ("", "examples"))
        source = next(ROOT.glob(f"**/{Path(rest[0]).name}")).read_text(encoding="utf-8")
        assert all(f'"{option}"' in source for option in rest if option.startswith("--"))
    else:
        assert program in ("cp", "cat")


def cheap(command: list[str]) -> list[str] | None:
    """A command of the guide on tiny data and for two epochs; None where other tests run it or it is no brittlestar."""
    verb = command[1] if command[0] == "brittlestar" else None
    if verb is None or {"--model", "--preds", "--check", "--limits", "--settle", "--split", "--predict"} & set(command):
        return None  # test_examples.py and endtoend/ run these
    if verb == "generate":
        return [*command[1:], *TINY]
    if verb == "run" and (Path(command[2]) / "study.json").is_file():
        return [*command[1:], "--executor", "serial"]
    if verb == "run":
        return [*command[1:], "--executor", "serial", "--seeds", "2", "--set", "training.epochs=2"]
    return command[1:]


@pytest.mark.parametrize(
    "page", [page for page in GUIDE if commands([page]) and page not in (*TRANSCRIPTS, *ELSEWHERE)], ids=named
)
def test_the_commands_of_a_page_run_one_after_the_other(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples" / "results.csv", tmp_path)
    if not any(command[1:4] == ["generate", "spr", "data"] for command in commands([page])):
        brittlestar.generate("data", sizes="60/20/20")  # what the first page of the guide leaves
        if any("data.study" in command for command in commands([page])) and not any(
            "run" in c for c in commands([page])
        ):
            few = {"training.epochs": "2", "variants": "{}"}
            brittlestar.run("data", seeds=2, settings=few, executor="serial", progress=False)
    for command in commands([page]):
        if command[0] == "cp":
            shutil.copy(*command[1:])
        elif (arguments := cheap(command)) is not None:
            result = CliRunner().invoke(cli.app, arguments)
            answers = {0, *GATE_EXITS.values()} if command[1] == "gate" else {0}  # on tiny data it may be unable to say
            assert result.exit_code in answers, f"{shlex.join(command)}\n{result.output}"


SESSIONS = [*TRANSCRIPTS, ROOT / "docs" / "start" / "notebooks.md"]
"""Pages whose code goes on from what stands above it: test_transcripts.py and test_notebook.py run them."""
ALONE = [block for block in blocks("python") if block.example is None and block.page not in SESSIONS]


@pytest.mark.parametrize("block", ALONE, ids=named)
def test_python_in_the_documentation_runs(block: Block, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.text], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def links() -> Iterator[tuple[Path, str]]:
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES} | GENERATED
    for page, text in texts.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            yield page, target


def test_links_lead_to_files_and_headings() -> None:
    assert len(list(links())) > 20
    for page, target in links():
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists() or file in GENERATED, f"{page.name} links to {target}"
        assert page != ROOT / "README.md" or file not in GENERATED, "nobody has built that where the README is read"
        if anchor:
            text = GENERATED.get(file) or file.read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            slugs |= set(re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE))
            assert anchor in slugs, f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_names_a_host_or_a_place_on_a_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"(?:sqlite:/|s3:/|gs:/|az:/)(?=/)", "", text)  # a file of SQLite, and buckets, are no hosts
    assert "://" not in text, "a place on this machine is no host"
    assert not re.search(r"(?<![\w.])/(root|home|opt|tmp|work|usr|mnt|etc)\b", text)


@pytest.mark.parametrize("picture", sorted((ROOT / "docs").glob("*.png")), ids=named)
def test_pictures_are_real_light_and_used(picture: Path) -> None:
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG") and 20_000 < len(content) < 400_000
    assert int.from_bytes(content[16:20], "big") >= 1600, "too narrow to be read"
    assert picture in {(page.parent / target).resolve() for page, target in links()}


MOST_WORDS = 1_200
"""Of the README, code and tables included: it is the first thing that a stranger reads."""
MOST_ON_AVERAGE, MOST_IN_SENTENCE = 18, 40
"""Words in a sentence of a page: the mean, and the longest one (a list may need so many)."""
OTHER_WORDS = {
    r"a[r]ms?": "variant", r"ladders?": "trivial baselines", r"r[u]ngs?": "trivial baseline",
    r"(?<!trivial )baselines?": "main, or trivial baselines", r"later splits?": "added split",
    r"hangs? on": "relies on", r"stands? clear": "exceeds", r"was told|is told|are told": "says, reports",
}  # fmt: skip
"""Words that a page does not use, with those that it does."""


def prose(page: Path) -> str:
    """A page without what code decides: generated tables, code, comments and the targets of links."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"<!-- (settings|calibration|gate)\b.*?-->.*?<!-- end of \1 -->", "", text, flags=re.DOTALL)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`", "code", re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text))


def sentences(page: Path) -> list[str]:
    """Sentences of paragraphs and of items of lists; tables and headings are none."""
    found: list[str] = []
    for part in re.split(r"\n\s*\n|\n(?=- |\| |\d+\. )", prose(page)):
        if not part.strip().startswith(("#", "|")):
            text = " ".join(re.sub(r"^\s*(- |\d+\. )", "", part).replace("*", "").split())
            found += [one for one in re.split(r"(?<=[.?!:;])\s+(?=\S)", text) if one]
    return found


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= MOST_WORDS


@pytest.mark.parametrize("page", [*GUIDE, ROOT / "CHANGELOG.md"], ids=named)
def test_a_page_uses_the_words_that_contributing_lists(page: Path) -> None:
    text = " ".join(prose(page).split())
    found = [
        f"…{text[max(0, match.start() - 40) : match.end() + 40]}…: say {better}"
        for wrong, better in OTHER_WORDS.items()
        for match in re.finditer(rf"\b(?:{wrong})\b", text, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("page", GUIDE, ids=named)
def test_sentences_are_short(page: Path) -> None:
    lengths = {sentence: len(sentence.split()) for sentence in sentences(page)}
    assert lengths and sum(lengths.values()) / len(lengths) < MOST_ON_AVERAGE
    assert [sentence for sentence, words in lengths.items() if words > MOST_IN_SENTENCE] == []


def test_the_readme_names_the_test_command_and_every_verb_and_extra() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert ["make", "test"] in commands([ROOT / "README.md"]) and "report.png" in text
    shown = CliRunner().invoke(cli.app, ["--help"]).output
    verbs = re.findall(r"^  (\w+) {2,}\S", shown.partition("Test:")[2], re.MULTILINE)
    assert set(verbs) >= {"run", "new", "status", "report"}
    assert [verb for verb in verbs if f"| `brittlestar {verb}` |" not in text] == []
    assert [extra for extra in ("train", "report", "all") if f"| `{extra}` |" not in text] == []


def test_the_changelog_names_every_finding() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    missing = [code for needs in NEEDS for code in find_checks(needs) if f"`{code}`" not in text]
    assert missing == [], "name these codes in CHANGELOG.md"
    assert f"## {brittlestar_version()}" in text
    assert f"version: {brittlestar_version()}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def brittlestar_version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
