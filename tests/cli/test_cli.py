"""The command line: help that teaches, light imports, one JSON document, exit codes, and what people read."""

import contextlib
import io
import json
import math
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer

from brittlestar.cli import main
from brittlestar.cli.commands import COMMANDS
from brittlestar.cli.guarding import OutputOptions, guard_work
from brittlestar.cli.output import show
from brittlestar.cli.outputs.runs import status_output
from brittlestar.cli.values import read_columns, read_seconds, read_settings
from brittlestar.core.documents import begin_document
from brittlestar.core.metrics import metric_names
from brittlestar.store.layout import open_store
from brittlestar.store.study_record import read_record
from brittlestar.study.in_effect import list_in_effect
from tests.command import ROWS, SMALL, TINY_MODEL, brittlestar, csv_text, folder

COMMAND = (sys.executable, "-m", "brittlestar.cli")
NOT_YOURS = "built-in reference, not yours"
HEAVY = ("torch", "polars", "numpy", "scipy", "pydantic", "sklearn", "rich", "yaml", "pandas", "jinja2", "asyncio")
VERBS = tuple(COMMANDS)
MOST_LINES = 45
"""A screen of help."""
pytestmark = pytest.mark.usefixtures("in_own_folder")


def process(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    given = [str(argument) for argument in arguments]
    return subprocess.run(
        [*COMMAND, *given], capture_output=True, encoding="utf-8", env={**os.environ, **environment}, timeout=120
    )


def modules_and_output(code: str, names: tuple[str, ...]) -> tuple[str, str]:
    """Standard error of a fresh interpreter that ran this code, ended by which of the named modules it has imported,
    and standard output."""
    sentence = f"import sys\ntry:\n    exec({code!r})\nexcept SystemExit:\n    pass\n"
    sentence += f"print('imported', *(name for name in {names!r} if name in sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", sentence], capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stderr, done.stdout


def imported_by(code: str, names: tuple[str, ...]) -> list[str]:
    """Which of the named modules this code imports."""
    return modules_and_output(code, names)[0].strip().splitlines()[-1].split()[1:]


# Help


def test_the_first_help_says_what_to_type() -> None:
    said = brittlestar("--help")
    assert said.code == 0
    for text in ("brittlestar run FOLDER", "--model", "--preds", "id,sequence,label", "generate spr", "Exit codes: 0"):
        assert text in said.output, text
    assert "--install-completion" in said.output and "--show-completion" in said.output
    listed = re.findall(r"^  (\w+)  +[A-Z]", said.output.partition("Test:")[2], re.MULTILINE)
    assert listed == [verb for verb in VERBS if " " not in verb]
    assert re.findall(r"^(\w+):$", said.output, re.MULTILINE) == ["Test", "Reproduce", "Options"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("plan demo/data --seeds 3", "plan is no command any more; instead: brittlestar run DATA --dry-run"),
        ("merge a.study b.study", "merge is no command any more; instead: copy the folders of runs, then"),
        ("trace demo/data.study", "trace is no command any more; instead: brittlestar diagnose STUDY --budget 10m"),
        ("run demo/data --device cuda", "--device: this option left; instead: --set training.device=cuda"),
        ("compare a b --html x.html", "--html: this option left; instead: -v, which prints all of it, or --json"),
        ("gate demo/data --min-recall 0.6", "--min-recall: this is a key of the policy; write `min_recall:"),
    ],
)
def test_what_left_says_in_a_line_what_to_type(typed: str, said: str) -> None:
    done = process(*typed.split(), "--json")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and said in done.stderr
    assert json.loads(done.stdout)["error"][0]["what"] in done.stderr


def test_a_verb_that_left_is_named_in_python() -> None:
    for name in ("plan", "merge", "trace"):
        with pytest.raises(ImportError, match=f"brittlestar has no {name} any more; instead: "):
            exec(f"from brittlestar import {name}")


def test_help_has_a_short_name_and_so_has_the_version() -> None:
    assert brittlestar("-h").output == brittlestar("--help").output != ""
    assert brittlestar("-V").output == brittlestar("--version").output == f"brittlestar {version('brittlestar')}\n"


def test_the_shell_completes_commands_and_options() -> None:
    for typed, wanted in (("brittlestar ju", "judge"), ("brittlestar run --bud", "--budget")):
        environment = {
            "_BRITTLESTAR_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(typed.count(" ")),
        }
        done = process(**environment)
        assert wanted in done.stdout.split(), done


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_has_an_example_and_describes_every_option(verb: str) -> None:
    said = brittlestar(*verb.split(), "--help")
    assert said.code == 0
    assert re.search(rf"^ +brittlestar {verb} ", said.output, re.MULTILINE), said.output
    for option in ("--json", "-q, --quiet", "-v, --verbose", "-h", "--help"):
        assert option in said.output
    assert all(len(line) <= 80 for line in said.output.splitlines())
    words = said.output.split("Examples:")
    assert len(words) == 2 and "Needs " in words[0] and "Exit codes: 0 " in words[1]
    assert not re.search(r"^  +-[-\w]+(?: \S+)?$\n  +-", said.output, re.MULTILINE), "an option without a description"


@pytest.mark.parametrize("verb", VERBS)
def test_the_short_help_of_a_verb_is_one_screen_and_names_every_option(verb: str) -> None:
    said = brittlestar(*verb.split(), "-h")
    lines = said.output.splitlines()
    assert said.code == 0 and len(lines) <= MOST_LINES and max(map(len, lines)) <= 80
    assert lines[0].startswith(f"Usage: brittlestar {verb} ") and COMMANDS[verb].summary in " ".join(
        said.output.split()
    )
    assert 1 <= sum(line.startswith(f"  brittlestar {verb} ") for line in lines) <= 3
    flags = [flag for option in COMMANDS[verb].options for flag in option.flags.split()]
    assert [flag for flag in (*flags, "--json", "--quiet", "--help") if flag not in said.output] == []


def test_columns_may_be_named_wherever_data_is_read() -> None:
    for verb in ("check", "run", "audit", "new", "split", "probe"):
        assert "--columns" in brittlestar(verb, "--help").output


def test_help_imports_nothing_heavy() -> None:
    for arguments in (["--help"], ["--version"]):
        code = f"import sys; sys.argv = ['brittlestar', *{arguments!r}]; from brittlestar.cli import main; main()"
        assert imported_by(code, HEAVY) == []
    code = "import sys\nfrom brittlestar.cli import main\n"
    code += f"for verb in {VERBS!r}:\n    sys.argv = ['brittlestar', *verb.split(), '--help']\n"
    code += "    try:\n        main()\n    except SystemExit:\n        pass\n"
    # Some versions of typer read options with pydantic; what we import ourselves is the first help's business.
    assert set(imported_by(code, HEAVY)) <= {"pydantic"}


def test_the_package_imports_nothing_heavy() -> None:
    assert imported_by("import brittlestar; brittlestar.InputError; brittlestar.__all__", HEAVY) == []


def test_given_predictions_need_no_torch_in_the_parent(tmp_path: Path) -> None:
    """And progress outside a terminal is plain lines."""
    folder(tmp_path / "d")
    folder(tmp_path, {"p.csv": csv_text([(row[0], row[2]) for row in ROWS], "id,prediction")})
    arguments = ["run", "d", "--preds", "p.csv", "--set", "training.epochs=1", "--no-report"]
    code = f"import sys; sys.argv = ['brittlestar', *{arguments!r}]; from brittlestar.cli import main; main()"
    told, output = modules_and_output(code, ("torch", "matplotlib"))
    assert told.splitlines()[-1] == "imported"
    assert "\x1b" not in told + output


# Exit codes, streams


@pytest.mark.parametrize(
    "arguments", [["run"], ["run", "d", "--bogus"], ["frob"], ["run", "d", "--seeds", "x"], ["run", "d", "--jobs", "0"]]
)
def test_wrong_usage_is_exit_2_and_json_too(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in (arguments, [*arguments, "--json"]):
        monkeypatch.setattr(sys, "argv", ["brittlestar", *given])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert end.value.code == 2
        assert said.err.startswith("Usage: brittlestar") and "Error: " in said.err
    assert json.loads(said.out)["error"][0]["what"]


def test_a_fault_of_our_own_is_exit_1_with_its_traceback(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    with pytest.raises(typer.Exit) as ended, guard_work(json_=True):
        raise KeyError("surprise")
    assert ended.value.exit_code == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["error"][0]["what"] == "KeyError: 'surprise'"
    assert "Traceback" in said.err and "please report" in said.err


def test_an_interrupt_is_exit_1_without_traceback(capsys: Any) -> None:
    with pytest.raises(typer.Exit) as ended, guard_work(json_=True):
        raise KeyboardInterrupt
    assert ended.value.exit_code == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {**begin_document(), "error": [{"what": "stopped", "where": "", "hint": ""}]}
    assert said.err == "brittlestar: stopped\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study of the founding task with two seeds, run through the command with absolute paths."""
    here = tmp_path_factory.mktemp("spr")
    assert brittlestar("generate", "spr", here / "d", "--sizes", "40/20/20", "--long", "25-30", "--quiet").code == 0
    said = brittlestar("run", here / "d", *SMALL, *TINY_MODEL, "--seeds", "2", "--out", here / "s", "--json")
    assert said.code == 0, said
    (here / "said.json").write_text(said.output, encoding="utf-8")
    (here / "said.txt").write_text("\n".join(said.errors), encoding="utf-8")
    return here


def test_report_gives_the_document_of_run(store: Path) -> None:
    document = json.loads((store / "said.json").read_bytes())
    again = brittlestar("report", store / "s", "--json").document
    assert again == document
    assert brittlestar("run", store / "s", "--executor", "serial", "--json").document == document


@pytest.mark.parametrize("option", [["--model", "a:b"], ["--columns", "label=x"], ["--preds", "p.csv"]])
def test_a_store_takes_no_other_input(option: list[str], store: Path) -> None:
    said = brittlestar("run", store / "s", *option)
    assert said.code == 2
    assert "a study's folder has its model, predictions and columns; give others with the data" in said.errors[0]


def test_a_reader_that_goes_away_is_no_traceback(store: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [*COMMAND, "run", str(store / "d"), "--dry-run", "--json"]
    done = subprocess.run(arguments, stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", timeout=60)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_symbols_survive_a_terminal_that_knows_only_ascii() -> None:
    said = process("generate", "spr", "e", "--sizes", "20/10/10", PYTHONIOENCODING="ascii")
    assert said.returncode == 0 and "\\u25b2" in said.stdout, said
    document = process("generate", "spr", "f", "--sizes", "20/10/10", "--json", PYTHONIOENCODING="ascii")
    assert "▲" in json.loads(document.stdout)["rule"]["text"] and document.stdout.isascii()


# The document, field by field


def exactly(value: Mapping[str, Any], *keys: str) -> None:
    assert list(value) == list(keys)


def fraction(value: Any) -> None:
    assert isinstance(value, float) and 0 <= value <= 1


def numbers(entry: Mapping[str, Any], seeds: list[str]) -> None:
    """mean, interval and seeds of one metric belong together."""
    values = list(entry["seeds"].values())
    assert list(entry["seeds"]) == seeds
    assert all(isinstance(value, float) and math.isfinite(value) for value in values)
    assert entry["mean"] == pytest.approx(sum(values) / len(values))
    low, high = entry["interval"]
    assert low <= entry["mean"] <= high
    assert low == 0 or high == 1 or high - entry["mean"] == pytest.approx(entry["mean"] - low)


def test_the_document_is_the_contract(store: Path) -> None:
    document = json.loads((store / "said.json").read_bytes())
    contract = (
        "study",
        "environment",
        "data",
        "variants",
        "slices",
        "trivial_baselines",
        "cells",
        "finding_counts",
        "findings",
        "claims",
    )
    contract = ("schema_version", "headline", *contract)
    exactly(document, *contract, "probes", "timing", "files")
    assert document["study"]["name"] == "d"
    assert document["study"]["seeds"] == [0, 1]
    assert document["environment"]["torch_threads"] == 1
    splits = document["data"]["splits"]
    assert list(splits) == ["train", "dev", "test", "shift_long"]
    for split in splits.values():
        assert isinstance(split["rows"], int) and split["classes"] == ["0", "1"]
        assert isinstance(split["mean_length"], float) and isinstance(split["max_length"], int)
        fraction(split["unseen_token_rate"])
        assert re.fullmatch(r"[0-9a-f]{64}", split["fingerprint"])
    assert splits["train"]["rows"] == 40 and splits["train"]["unseen_token_rate"] == 0
    assert list(document["variants"]) == ["main", "bag"]
    for variant in document["variants"].values():
        assert variant["title"].endswith(f"({NOT_YOURS})") and variant["own"] is False
        assert list(variant["splits"]) == list(splits)
        for split in variant["splits"].values():
            assert list(split) == [*metric_names(("shape", "colour"))]
            for metric, entry in split.items():
                assert {"mean", "interval", "seeds", "last"} <= set(entry)
                exactly(entry["last"], "mean", "interval", "seeds")
                for part in (entry, entry["last"]):
                    numbers(part, ["0", "1"])
                    if metric != "log_loss":
                        fraction(part["mean"])
    assert len(document["cells"]) == 4
    for cell in document["cells"]:
        exactly(cell, "hash", "variant", "seed", "state", "outcome", "best_epoch", "error")
        assert (store / "s" / "cells" / cell["hash"]).is_dir()
        assert (cell["state"], cell["outcome"]) == ("done", "trained") and cell["best_epoch"] in (0, 1)
    for finding in document["findings"]:
        assert {"code", "status", "severity", "summary", "where", "evidence", "threshold", "remedy"} <= set(finding)
        assert (finding["severity"] is None) == (finding["status"] != "present")
    assert [claim["claim"] for claim in document["claims"]] == [
        "main > best-trivial by 0.01 on hwa",
        "main > main@test by -0.01 on hwa on shift_long",
    ]
    for claim in document["claims"]:
        assert claim["registered"] and claim["verdict"] == "inconclusive" and claim["seeds"] == 2
        assert len(claim["interval"]) == 2 and claim["sentence"].startswith("Inconclusive")


def texts(value: Any) -> list[str]:
    """Every text in a document, keys too."""
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *texts(item))]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


def test_no_absolute_path_is_in_the_document(store: Path) -> None:
    for name in ("said.json", "s/report/results.json"):
        document = json.loads((store / name).read_bytes())
        assert [text for text in texts(document) if "/" in text and (str(store) in text or text.startswith("/"))] == []


# What people read


def test_every_setting_in_effect_is_printed_once_with_its_origin(store: Path) -> None:
    text = " ".join(brittlestar("run", store / "s", "--executor", "serial", "-v").output.split())
    for setting in list_in_effect(read_record(open_store(store / "s")), "main"):
        if setting.origin != "library default":
            assert f"{setting.path.partition('.')[2] or setting.path}=" in text, setting


def test_the_reference_model_is_not_yours_wherever_it_is_shown(store: Path) -> None:
    for name in ("report.html", "tables.md", "tables.tex", "results.json"):
        assert NOT_YOURS in (store / "s" / "report" / name).read_text(encoding="utf-8"), name
    assert NOT_YOURS in brittlestar("run", store / "d", "--dry-run").output


def in_a_terminal(arguments: list[str], **environment: str) -> tuple[int, str]:
    """Exit code and everything written to a pseudo-terminal that is both output and error."""
    leader, follower = pty.openpty()
    variables = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40", **environment}
    child = subprocess.Popen([*COMMAND, *arguments], stdout=follower, stderr=follower, stdin=follower, env=variables)
    os.close(follower)
    written = b""
    try:
        while block := os.read(leader, 65536):
            written += block
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(leader)
    return child.wait(60), written.decode("utf-8", errors="replace")


def test_a_terminal_gets_one_live_line_and_colour(tmp_path: Path) -> None:
    folder(tmp_path / "d")
    run = ["run", "d", "--seeds", "2", "--set", "training.epochs=40", "--jobs", "2", *TINY_MODEL]
    run += ["--no-report", "--set", "probes.suite=none"]
    code, seen = in_a_terminal([*run, "--out", "s"])
    assert code == 0, seen
    assert "\x1b[K" in seen, "the line is drawn again"
    assert re.search(r"; main seed [01]", seen)
    assert re.search(r"[123] of 4 runs done, about \d+ s left", seen)
    assert "\x1b[1mReal?\x1b[0m" in seen


def test_colour_is_refused_with_no_color(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = {"hash": "0" * 64, "variant": "main", "seed": 0, "state": "failed", "outcome": None, "error": "[b]no"}
    document = {
        "study": "x",
        "at_work": False,
        "shares": [],
        "states": {"failed": 1},
        "running": [],
        "seconds_left": None,
    }
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    for refused in (False, True):
        if refused:
            monkeypatch.setenv("NO_COLOR", "1")
        with contextlib.redirect_stdout(io.StringIO()) as output:
            show(status_output({**document, "cells": [cell]}, store / "s"), OutputOptions())
        assert "[b]no" in output.getvalue(), "data is no markup"
        assert ("\x1b[1;31mFailed" in output.getvalue()) is not refused


# Own models, predictions and columns, end to end on a bare folder


def predictions(variant: str, seed: int, every: int) -> str:
    """One file as the contract writes it: wrong on every so many-th row, with probabilities."""
    lines = ["id,split,variant,seed,prediction,p_0,p_1,label"]
    for place, (row, _, label) in enumerate(ROWS):
        guess = str(1 - int(label)) if place % every == 0 else label
        first = 0.75 if guess == "0" else 0.25
        lines.append(f"{row},test,{variant},{seed},{guess},{first},{1 - first},{label}")
    return "\n".join(lines) + "\n"


def test_without_pytorch_given_predictions_run_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.pipeline.prepare.has_torch", lambda: False)
    folder(tmp_path / "d")
    folder(tmp_path, {"p.csv": predictions("ours", 0, 3)})
    said = brittlestar("run", "d", "--preds", "p.csv")
    assert said.code == 2
    assert said.errors == [
        "brittlestar: PyTorch is not installed, and bag cannot be trained; "
        "pip install 'brittlestar[train]'; without it: --set 'variants={}'"
    ]
    assert brittlestar("run", "d", "--preds", "p.csv", "--set", "variants={}").code == 0
    assert brittlestar("run", "d").errors[0].endswith("main, bag cannot be trained; pip install 'brittlestar[train]'")


def test_columns_are_named_once_for_every_verb(tmp_path: Path) -> None:
    text = csv_text([(*row, f"g{row[2]}") for row in ROWS], "key,text,target,family")
    folder(tmp_path / "d", {"train.csv": text, "test.csv": text})
    columns = ["--columns", "id=key, sequence=text,label=target,group=family"]
    assert brittlestar("run", "d", "--dry-run", *columns).code == 0
    document = brittlestar("run", "d", *columns, *SMALL, *TINY_MODEL, "--json").document
    assert document["data"]["splits"]["train"]["classes"] == ["0", "1"]
    assert brittlestar("new", "d", *columns, "--out", "n.yaml").code == 0
    again = brittlestar("run", "n.yaml", "--dry-run", "--json").document
    assert again["study"] == "n" and "main" in again["variants"]


# Texts of options


def test_lengths_of_time() -> None:
    given = [read_seconds(text, "--budget") for text in ("90", "90s", "20m", "1.5h", "2d")]
    assert given == [90.0, 90.0, 1200.0, 5400.0, 172800.0]


def test_values_of_settings_keep_their_equals_signs() -> None:
    assert read_settings(["data.tokens=regex:a=b", "name = x"], "--set") == {"data.tokens": "regex:a=b", "name": " x"}


def test_columns_of_text() -> None:
    assert read_columns(["sequence=my text, label=y"], "--columns") == {"sequence": "my text", "label": "y"}
