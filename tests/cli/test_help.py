"""What help says of every command: one metavar for one thing; and near misses."""

from collections import defaultdict
from pathlib import Path

import pytest

from brittlestar.cli.commands import COMMANDS
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import ASKED, metric_names, suggest_metric
from brittlestar.study.loading import bare_study
from tests.command import brittlestar


def test_one_thing_has_one_metavar() -> None:
    by_option: dict[str, set[str]] = defaultdict(set)
    options = [option for command in COMMANDS.values() for option in command.options]
    for one in options:
        if one.flags and one.form:
            by_option[one.flags].add(one.form.partition(">=")[0])
    different = {option: names for option, names in by_option.items() if len(names) > 1}
    apart = {
        "--out": {"DIR", "FILE"},  # `new` writes a file, others a folder
        "--only": {"CODE,…", "PROBE,…"},  # of an audit, of a suite
        "--split": {"NAME=FILE…", "SPLIT,…"},  # one that is added, those of a file or table
    }
    assert different == apart, "one option has two metavars: is it the same thing?"
    assert not {one.form for one in options} & {"FOLDER", "DIRECTORY", "PATH", "STUDY|DATA", "TEXT", "INTEGER", "FLOAT"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("f1", "macro_f1"), ("F1-score", "macro_f1"), ("acc", "accuracy"), ("acuracy", "accuracy"),
        ("nll", "log_loss"), ("balanced-accuracy", "balanced_accuracy"), ("expected calibration error", "ece"),
    ],
)  # fmt: skip
def test_metrics_by_other_names_are_named(name: str, meant: str) -> None:
    assert suggest_metric(name, metric_names(())).startswith(f"did you mean {meant!r}?")


def test_a_metric_that_means_nothing_lists_the_known_ones() -> None:
    told = suggest_metric("zzz", metric_names(()))
    assert told == f"known: {', '.join((*metric_names(()), *ASKED))}, or module:function"


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("report.metric", "f1", "there is no metric 'f1'; did you mean 'macro_f1'?"),
        ("claims", "['main > bag by 0.01 on f1']", "there is no metric 'f1'; did you mean 'macro_f1'?"),
    ],
)
def test_settings_and_claims_name_the_metric_that_was_meant(setting: str, value: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        bare_study("demo", "data", tokens="whitespace", factors=None, overrides={setting: value})
    assert expected in str(caught.value)


def test_commands_name_what_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{k},a b{k % 7} c{k % 5},{'yes' if k % 2 else 'no'}\n" for k in range(40))
    for name in ("train", "test"):
        Path(f"{name}.csv").write_text(f"id,sequence,label\n{rows}")
    Path("p.csv").write_text("id,prediction\n" + "".join(f"{k},yes\n" for k in range(40)))
    for arguments, expected in (
        (("audit", ".", "--only", "leek"), "--only: there is no check 'leek'; did you mean 'leak'?"),
        (("audit", ".", "--only", "leak.exat"), "there is no check 'leak.exat'; did you mean 'leak.exact'?"),
        (("check", ".", "--preds", "p.csv", "--stated", "93.1"), "93.1 % is 0.931, so write 0.931"),
        (
            ("run", ".", "--executor", "serail"),
            "--executor must be processes or serial or ray (got 'serail'); did you mean",
        ),
    ):
        result = brittlestar(*arguments)
        assert result.code == 2 and expected in " ".join(result.errors), result.errors
