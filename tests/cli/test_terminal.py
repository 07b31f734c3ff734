"""Every command in a terminal of 80 columns: its ending of about 25 lines, its answer alone, all there is, its JSON,
and the commands that it prints."""

import csv
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from brittlestar import cli
from brittlestar.cli import calling
from brittlestar.cli.paragraphs import WIDTH
from tests.command import Said
from tests.execution.tiny import forget
from tests.formats.checking import check_printed
from tests.snapshot import same_as_snapshot

FIRST = ("Stated", "Score", "Real?", "Holds?", "Sound?", "Fair?", "Act first")
"""What begins in the first 25 lines, whatever was found."""
MOST_LINES = 36
"""Lines of the longest of these endings: of 25, and a few where much is wrong."""
ROWS = {"train": 120, "dev": 40, "test": 60, "shift_far": 60}
CODE = '''"""A model that is a rule, and a training that fails for odd seeds."""

import numpy as np


def predict(rows):
    ones = np.array([[*row, "a"].index("a") < [*row, "b"].index("b") for row in rows], float)
    return np.stack([1 - ones, ones], axis=1)


def fit(train, dev, seed, observe=None):
    if seed % 2:
        raise RuntimeError("this seed cannot be trained, and its message says so at a length that no line of 80 holds")
    return predict
'''
SEEDS = [part for seed in range(5) for part in ("--preds", f"seed{seed}.csv")]
ALONE = ("--set", "variants={}", "--executor", "serial")
ENDINGS: dict[str, list[str]] = {
    "check": ["check", "data"],
    "check-stated": ["check", "data", *SEEDS[:6], "--stated", "0.99"],
    "check-many": ["check", "many", *(one.replace("seed", "many") for one in SEEDS[:6]), "--stated", "0.99"],
    "audit": ["audit", "leaky"],
    "run-given": ["run", "data", *SEEDS, *ALONE, "--out", "given.study"],
    "run-failed": ["run", "data", "--model", "rule_of_order:fit", "--seeds", "3", *ALONE, "--out", "failed.study"],
    "run-stopped": [
        "run",
        "data",
        "--model",
        "rule_of_order:fit",
        "--budget",
        "0.000001s",
        *ALONE,
        "--out",
        "late.study",
    ],
    "probe": ["probe", "data", "--predict", "rule_of_order:predict"],
    "judge-table": [
        "judge",
        "outcomes.csv",
        *("--claim", "new > old by 0.01 on accuracy"),
        *("--claim", "old > new by 0.01 on accuracy"),
        *("--claim", "new == old within 0.3 on accuracy"),
    ],
    "judge-study": ["judge", "given.study", "--claim", "main > best-trivial by 0.2 on accuracy"],
    "split": ["split", "table.csv"],
    "diagnose": ["diagnose", "given.study"],
    "dry-run": ["run", "data", "--dry-run"],
    "status": ["status", "failed.study"],
    "report": ["report", "given.study"],
    "export": ["export", "given.study"],
    "compare": ["compare", "given.study", "failed.study"],
    "new": ["new", "data"],
    "generate": ["generate", "spr", "spr", "--sizes", "20/10/10"],
}
"""In the order in which they are run: later ones read what earlier ones leave."""


def rows_of(split: str, many: int) -> list[list[str]]:
    """Rows whose label says whether `a` stands before `b`."""
    random = np.random.default_rng(len(split))
    found: list[list[str]] = []
    for k in range(many):
        words = [str(word) for word in random.permutation([*"ab", *random.choice(list("cdefgh"), 6)])]
        found.append([f"{split}_{k}", " ".join(words), str(int(words.index("a") < words.index("b")))])
    return found


def write(path: Path, header: str, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with data, leaky data, predictions of five seeds, a table of outcomes, one whole table, and a model."""
    here = tmp_path_factory.mktemp("terminal")
    splits = {split: rows_of(split, many) for split, many in ROWS.items()}
    for split, rows in splits.items():
        write(here / "data" / f"{split}.csv", "id,sequence,label", rows)
        leaky = [[f"{split}_{k}", *row[1:]] for k, row in enumerate([*splits["train"][:20], *rows])]
        write(here / "leaky" / f"{split}.csv", "id,sequence,label", leaky)
        for k in range(6 if split == "shift_far" else 1):
            write(here / "many" / f"{split}{k or ''}.csv", "id,sequence,label", leaky if split == "dev" else rows)
    for seed in range(5):
        right = np.random.default_rng([seed, 1]).random((2, 60)) < [[0.95], [0.7]]
        rows = [
            [row[0], split, "net", str(seed), row[2] if fine else str(1 - int(row[2]))]
            for split, hits in zip(("test", "shift_far"), right, strict=True)
            for row, fine in zip(splits[split], hits, strict=True)
        ]
        write(here / f"seed{seed}.csv", "id,split,variant,seed,prediction", rows)
        rows += [[row[0], f"{row[1]}{k}", *row[2:]] for k in range(1, 6) for row in rows if row[1] == "shift_far"]
        write(here / f"many{seed}.csv", "id,split,variant,seed,prediction", rows)
    draws = {name: np.random.default_rng(3).random((6, 80)) < skill for name, skill in (("new", 0.9), ("old", 0.8))}
    outcomes = [
        [name, str(seed), str(k), str(int(hit))]
        for name, table in draws.items()
        for seed, row in enumerate(table)
        for k, hit in enumerate(row)
    ]
    write(here / "outcomes.csv", "variant,seed,example,outcome", outcomes)
    write(here / "table.csv", "id,sequence,label", [row for rows in splits.values() for row in rows])
    (here / "rule_of_order.py").write_text(CODE, encoding="utf-8")
    yield here
    forget("rule_of_order")


@pytest.fixture(autouse=True)
def _terminal(world: Path, endings: dict[str, Said], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test finds what the commands left, in whatever order tests run."""
    monkeypatch.chdir(world)
    monkeypatch.setenv("COLUMNS", str(WIDTH))


@pytest.fixture(scope="module")
def endings(world: Path) -> dict[str, Said]:
    """What every command says, each run once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(world)
        patch.setenv("COLUMNS", str(WIDTH))
        return {name: brittlestar(*arguments) for name, arguments in ENDINGS.items()}


def brittlestar(*arguments: str) -> Said:
    """Run the command. A traceback may stand in the log of a model that failed, and nowhere else."""
    result = CliRunner().invoke(cli.app, list(arguments))
    assert "please report" not in result.stderr and "Traceback" not in result.stdout, result.stderr
    return Said(result.exit_code, result.stdout, result.stderr.splitlines())


def printed_commands(text: str) -> list[list[str]]:
    """Commands after an arrow, joined where they are broken, and those between backticks that have arguments."""
    arrows = re.findall(r"→ (brittlestar (?:[^\n]*\\\n)*[^\n]*)", text)
    inline = re.findall(r"`(brittlestar \S+ [^`]*)`", text)
    return [shlex.split(command.replace("\\\n", " ")) for command in [*arrows, *inline]]


@pytest.mark.parametrize("name", ENDINGS)
def test_an_ending_has_its_answers_in_25_lines_of_80_columns_and_is_the_snapshot(
    name: str, endings: dict[str, Said]
) -> None:
    said = endings[name]
    assert said.code == (1 if name == "run-failed" else 0), said
    lines = said.output.splitlines()
    assert 0 < len(lines) <= MOST_LINES, said.output
    assert not any(line.endswith("…") for line in lines), "a sentence is cut"
    starts = [line.partition("  ")[0] for line in lines]
    assert max((starts.index(one) for one in FIRST if one in starts), default=0) < 25, said.output
    assert all(cell_len(line) <= WIDTH and line == line.rstrip() for line in lines), said.output
    same_as_snapshot(name, re.sub(r"--cell [0-9a-f]{12}", "--cell 0123456789ab", said.output))


@pytest.mark.parametrize("name", ENDINGS)
def test_every_command_that_is_printed_can_be_pasted(
    name: str, endings: dict[str, Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "call_command", lambda *_: 0)
    for program, *rest in printed_commands(endings[name].output):
        result = CliRunner().invoke(cli.app, rest)
        assert (program, result.exit_code) == ("brittlestar", 0), (rest, result.output)
        assert Path(rest[1]).exists() or rest[1] == "clean-data", rest
        assert not re.search(r"\b(STUDY|DATA|DIR|FILE|NAME|HASH)\b", " ".join(rest)), rest


def test_what_did_not_finish_is_there_with_the_command_that_runs_it_again(endings: dict[str, Said]) -> None:
    for name in ("run-failed", "status"):
        assert re.search(r"^Failed +main, seed 1: [^→]*RuntimeError", endings[name].output, re.MULTILINE)
        (command,) = [rest for rest in printed_commands(endings[name].output) if "--cell" in rest]
        assert command[:3] == ["brittlestar", "run", "failed.study"]
    assert "5 of 5 runs open" in endings["run-stopped"].output
    assert ["brittlestar", "run", "late.study"] in printed_commands(endings["run-stopped"].output)


ANSWERS = ["Real?", "Holds?", "Sound?"]
QUIET: dict[str, list[str]] = {
    "check": ANSWERS,
    "check-stated": ["Stated", *ANSWERS],
    "audit": ["Sound?"],
    "run-given": ANSWERS,
    "run-failed": [*ANSWERS, "Failed"],
    "run-stopped": ANSWERS,
    "probe": ["Holds?"],
    "judge-table": ["supported", "refuted", "supported"],
    "judge-study": ["refuted"],
    "dry-run": ["10"],
    "status": ["3"],
    "report": ["given.study/report/report.html"],
    "compare": ["main"] * 3,
}


@pytest.mark.parametrize("name", QUIET)
def test_quiet_prints_the_answer_alone_and_nothing_on_standard_error(name: str, endings: dict[str, Said]) -> None:
    said = brittlestar(*ENDINGS[name], "--quiet")
    assert said.errors == [] and said.code == endings[name].code
    starts = [line.split()[0].rstrip(":") for line in said.output.splitlines()]
    assert len(starts) == len(QUIET[name]) and all(map(str.startswith, starts, QUIET[name])), said.output


def test_quiet_prints_what_was_written_alone(tmp_path: Path) -> None:
    for arguments in (["new", "data"], ["split", "table.csv"], ["generate", "spr", "--sizes", "20/10/10"]):
        place = str(tmp_path / arguments[0])
        given = [place, *arguments[2:]] if arguments[0] == "generate" else [*arguments[1:], "--out", place]
        verb = ["generate", "spr"] if arguments[0] == "generate" else [arguments[0]]
        said = brittlestar(*verb, *given, "--quiet")
        assert (said.output, said.errors) == (f"{place}\n", []) and Path(place).exists()


VERBOSE = {
    "check": ["Trivial baselines", "Findings"],
    "audit": ["Data", "Trivial baselines", "Findings"],
    "run-given": ["Settings", "Data", "Results", "Claims", "Findings"],
    "run-failed": ["Settings", "Data", "Results", "Claims", "Findings", "Runs without a result"],
    "probe": ["Conditions", "given", "Findings"],
    "judge-study": ["Claims", "Answers"],
    "status": ["Variants", "Runs"],
    "compare": ["Settings", "Data", "Scores", "Findings gained", "Findings lost", "Answers that changed"],
}


@pytest.mark.parametrize("name", VERBOSE)
def test_verbose_begins_with_the_answer_and_prints_the_rest(name: str, endings: dict[str, Said]) -> None:
    output = brittlestar(*ENDINGS[name], "-v").output
    assert output.split()[0] == endings[name].output.split()[0], "the answer comes first"
    places = [output.index(f"\n\n{title}\n") for title in VERBOSE[name]]
    assert places == sorted(places)
    assert "…" not in output.partition("\n\n")[0], "nothing is cut"
    assert "-v prints" not in output
    assert all(cell_len(line.rstrip()) <= WIDTH for line in output.splitlines()), output


def test_a_code_is_said_once_with_its_rule_and_its_remedy() -> None:
    output = brittlestar("audit", "leaky", "-v").output
    section = output.partition("\n\nFindings\n")[2]
    assert section.count(" leak.exact\n") == 1
    (group,) = re.findall(r"info +leak\.exact\n(.*?)\n\S", section, re.DOTALL)
    assert group.count("--write-clean clean-data") == 1
    assert group.count("Rule: ") == 1 and group.count("are in train;") == 3


ELSEWHERE = {
    "split": ["--out", "again.splits"],
    "export": ["--out", "again-export"],
    "new": ["--out", "again.yaml"],
    "generate": ["again"],
}
"""What a command that overwrites nothing is given to run once more."""


@pytest.mark.usefixtures("endings")
@pytest.mark.parametrize("name", ENDINGS)
def test_json_is_the_one_document_on_standard_output(name: str) -> None:
    more = [[], ["-v"], ["-q"]][[*ENDINGS].index(name) % 3]
    given = [*ENDINGS[name], *ELSEWHERE.get(name, [])]
    if name == "generate":
        del given[2]
    said = brittlestar(*given, "--json", *more)
    check_printed(given, said.output)
    assert said.errors == [] or "-q" not in more


def test_quiet_and_verbose_exclude_each_other() -> None:
    said = brittlestar("status", "failed.study", "-q", "-v")
    assert said.code == 2 and "exclude each other" in said.errors[0]


@pytest.mark.usefixtures("endings")
@pytest.mark.parametrize("opens", [True, False])
def test_a_page_is_opened_or_its_place_said(opens: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or opens)
    page = tmp_path / "audit.html"
    commands = {
        Path("given.study/report/report.html"): ["report", "given.study"],
        page: ["audit", "data", "--html", str(page)],
    }
    for path, arguments in commands.items():
        said = brittlestar(*arguments, "--open")
        assert said.code == 0 and opened.pop() == path.resolve().as_uri()
        assert any(str(path) in line for line in said.errors) is not opens, said.errors
    assert brittlestar("run", "given.study", "--executor", "serial", "--open", "-q").code == 0
    assert opened.pop().endswith("given.study/report/report.html")


def test_open_without_a_page_is_refused() -> None:
    for arguments, option in ((["audit", "data"], "--html FILE"), (["check", "data"], "--out DIR")):
        said = brittlestar(*arguments, "--open")
        assert said.code == 2 and said.errors == [f"brittlestar: --open needs a page; add {option}"], said.errors
