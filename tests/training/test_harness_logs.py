"""Sample logs of lm-evaluation-harness: what both forms of its lines say, by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.training.imported import ImportedArm, read_predictions

LIKELIHOODS = [(-1.5, -0.5), (-2.0, -4.0), (-0.25, -3.0)]
SENTENCES = ["good film", "bad film", "dull"]


def sample(k: int, choices: tuple[str, str] = ("negative", "positive"), **changes: Any) -> dict[str, Any]:
    """A line as the versions before 0.4.3 wrote it; `doc_id` k is the row k of the task's split."""
    pairs = [[value, False] for value in LIKELIHOODS[k]]
    return {
        "doc_id": k,
        "doc": {"idx": k, "sentence": SENTENCES[k], "label": [1, 0, 0][k]},
        "target": [1, 0, 0][k],
        "arguments": [[f"{SENTENCES[k]}\nSentiment:", f" {choice}"] for choice in choices],
        "resps": [[pair] for pair in pairs],
        "filtered_resps": pairs,
        "acc": 1.0,
        **changes,
    }


def newer(k: int, choices: tuple[str, str] = ("negative", "positive")) -> dict[str, Any]:
    """The same line as later versions write it: numbered arguments, and numbers as texts."""
    old = sample(k, choices)
    arguments = {f"gen_args_{n}": {"arg_0": pair[0], "arg_1": pair[1]} for n, pair in enumerate(old["arguments"])}
    texts = [[str(value), str(greedy)] for value, greedy in old["filtered_resps"]]
    more = {"filter": "none", "metrics": ["acc"], "doc_hash": "0", "prompt_hash": "1", "target_hash": "2"}
    return {**old, **more, "arguments": arguments, "filtered_resps": texts, "resps": [[one] for one in texts]}


def frames(labels: tuple[str, str]) -> dict[str, pl.DataFrame]:
    rows = {"id": ["x", "y", "z"], "sequence": SENTENCES, "label": [labels[k] for k in (1, 0, 0)]}
    return {"test": pl.DataFrame(rows)}


def read(folder: Path, lines: list[Any], labels: tuple[str, str], **columns: str) -> ImportedArm:
    path = folder / "samples_sst2.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    (arm,) = read_predictions([path], frames(labels), tuple(sorted(labels)), columns or None)
    return arm


@pytest.mark.parametrize("line", [sample, newer], ids=["older", "newer"])
@pytest.mark.parametrize("labels", [("negative", "positive"), ("Negative", "Positive"), ("0", "1")], ids=str)
def test_choices_are_classes_by_text_or_number(line: Any, labels: tuple[str, str], tmp_path: Path) -> None:
    arm = read(tmp_path, [line(k) for k in (2, 0, 1)], labels)
    expected = [1 / (1 + math.exp(second - first)) for first, second in LIKELIHOODS]
    assert arm.probabilities["test"][:, 0].tolist() == pytest.approx(expected)
    assert arm.notes == (
        "predictions of 'samples_sst2' on test have no ids: rows were matched by order and their labels agree",
    )


def test_other_choices_are_named_by_hand(tmp_path: Path) -> None:
    lines = [sample(k, ("terrible", "great")) for k in range(3)]
    with pytest.raises(InputError) as caught:
        read(tmp_path, lines, ("neg", "pos"))
    assert "its choices are terrible, great, and classes are neg, pos; say which is which: " in str(caught.value)
    assert "--preds-columns p_neg=terrible,p_pos=great" in str(caught.value)
    arm = read(tmp_path, lines, ("neg", "pos"), p_neg="terrible", p_pos="great")
    assert arm.probabilities["test"].argmax(1).tolist() == [1, 0, 0]


def test_a_sequence_column_finds_its_rows(tmp_path: Path) -> None:
    lines = [sample(k, doc={"sequence": SENTENCES[(k + 1) % 3]}, target=[0, 0, 1][k]) for k in range(3)]
    arm = read(tmp_path, lines, ("0", "1"))
    assert arm.probabilities["test"].argmax(1).tolist() == [0, 1, 0]  # row k is what line k - 1 says
    assert arm.notes == ("predictions of 'samples_sst2' on test have no ids: rows were matched by sequence",)


def test_another_target_than_the_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1 row has another label than the data: line 1 has '0', the data '1'"):
        read(tmp_path, [sample(0, target=0), sample(1), sample(2)], ("0", "1"))


def test_the_first_filter_counts(tmp_path: Path) -> None:
    lines = [sample(k, filter=name) for k in range(3) for name in ("none", "other")]
    assert len(read(tmp_path, lines, ("0", "1")).probabilities["test"]) == 3


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            sample(1, ("yes", "no")),
            ":2: the predictions cannot be read: its choices are yes, no, and negative",
        ),
        (sample(1, arguments=[["x", {}]]), ":2: the predictions cannot be read: its arguments are no pairs"),
        (sample(1, filtered_resps=["positive"]), ":2: the predictions cannot be read: its responses are not 2 pairs"),
        (sample(1, filtered_resps=[["nan", False]] * 2), "its responses are not 2 pairs"),
        ({"doc_id": 1}, ":2: the predictions cannot be read: the line is no sample with doc_id, arguments, resps"),
        ("{", ":2: the predictions cannot be read: the line is no sample"),
    ],
)
def test_what_is_no_multiple_choice_is_said_with_its_line(line: Any, expected: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, [sample(0), line, sample(2)], ("0", "1"))
    assert f"samples_sst2.jsonl{expected}" in str(caught.value) or expected in str(caught.value)


def test_missing_rows_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 rows without ids for 3 rows of test"):
        read(tmp_path, [sample(0), sample(1)], ("0", "1"))
