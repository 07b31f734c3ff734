"""Scenes that train nothing say what they said; a store of 0.1.0 opens. `UPDATE_GOLDEN=1` writes `expected.json`.

Whole folders, and trained studies, are compared with a commit on one machine: `python -m tests.golden COMMIT`.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from brittlestar import report
from brittlestar.core.metric_kinds import clip_interval
from brittlestar.core.metrics import metric_of
from tests.command import brittlestar, tree
from tests.golden.comparing import compare_folders, compare_values
from tests.golden.essence import essence
from tests.golden.scenes import NUMPY_ALONE, SURROUNDINGS, Scene, play_scenes_here

EXPECTED = Path(__file__).parent / "expected.json"
OLD_STORE = Path(__file__).parent / "store-0.1.0.zip"
TOLERANCE = 1e-6
"""Relative: what processors add up in another order differs less."""


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> list[Scene]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SURROUNDINGS.items():
            patch.setenv(name, value)
        return play_scenes_here(tmp_path_factory.mktemp("golden") / "scenes", NUMPY_ALONE)


def test_documents_texts_and_exit_codes_are_what_they_were(scenes: list[Scene]) -> None:
    found = [essence(vars(scene)) for scene in scenes]
    if os.environ.get("UPDATE_GOLDEN") == "1":
        EXPECTED.write_text(json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    expected: list[dict[str, Any]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert [one["command"] for one in found] == [one["command"] for one in expected]
    differences = {
        one["command"]: places
        for one, other in zip(found, expected, strict=True)
        if (places := list(compare_values(one, other, tolerance=TOLERANCE)))
    }
    assert not differences, "UPDATE_GOLDEN=1 writes expected.json anew: read its diff"


MORE = {"train.plateau", "train.overfit", "eval.metric"}
"""Checks that read more than those of 0.1.0: where a trivial baseline is better, they say how the model fails; where
none is better than one class, `data.no-signal` speaks in place of `eval.metric`."""


def str_of(finding: tuple[str, str, dict[str, Any]]) -> tuple[str, str, str]:
    return (*finding[:2], str(finding[2]))


@pytest.fixture()
def old_store(tmp_path: Path) -> Path:
    shutil.unpack_archive(OLD_STORE, tmp_path)
    return tmp_path


def test_a_store_of_0_1_0_opens_and_nothing_is_trained_again(old_store: Path) -> None:
    store = old_store / "old.study"
    cells = tree(store / "cells")
    assert cells and brittlestar("run", store, "--executor", "serial", "--quiet").code == 0
    assert tree(store / "cells") == cells


def clip_intervals(variants: dict[str, Any]) -> dict[str, Any]:
    """The same, with no interval beyond what its metric can be; 0.1.0 wrote those."""
    for variant in variants.values():
        for metrics in variant["splits"].values():
            for metric, entry in metrics.items():
                for one in (entry, entry["last"]):
                    one["interval"] = one["interval"] and [*clip_interval(one["interval"], metric_of(metric).range)]
    return variants


def drop_newer(variants: dict[str, Any], before: dict[str, Any]) -> None:
    """Leave out metrics that 0.1.0 did not have."""
    for name, variant in before.items():
        for split, known in variant["splits"].items():
            metrics = variants[name]["splits"][split]
            for metric in metrics.keys() - known.keys():
                del metrics[metric]


def test_a_store_of_0_1_0_is_judged_probed_and_reported_as_it_was(old_store: Path) -> None:
    store = old_store / "old.study"
    before: dict[str, Any] = json.loads((store / "report" / "results.json").read_bytes())
    for verb in ("status", "audit", "judge", "probe", "report"):
        assert brittlestar(verb, store, "--json").code == 0, verb
    after: dict[str, Any] = json.loads((store / "report" / "results.json").read_bytes())
    drop_newer(after["variants"], before["variants"])
    assert not list(compare_values(clip_intervals(before["variants"]), after["variants"], tolerance=TOLERANCE))
    shown = [(finding["code"], finding["status"], finding["where"]) for finding in before["findings"]]
    known = {(code, "variant" in where) for code, _, where in shown}
    every = json.loads(json.dumps(report(store)["findings"], sort_keys=True))
    found = [(finding["code"], finding["status"], finding["where"]) for finding in every]
    still = [(code, status, where) for code, status, where in found if (code, "variant" in where) in known]
    kept, before_it = (sorted(str(one) for one in each if one[0] not in MORE) for each in (still, shown))
    assert kept == before_it, "checks that 0.1.0 has say something else"
    changed = {one[:2] for one in {*map(str_of, still)} - {*map(str_of, shown)}}
    assert changed <= {(code, "present") for code in MORE}


def test_a_difference_is_seen(tmp_path: Path) -> None:
    texts = {"a.json": '{"x": [1, {"y": 2}], "timing": 3}', "b.txt": "took 3.2 s\nscore 81.25", "c.npy": "bytes"}
    for name, change in {
        "one": ("", ""),
        "other": ("2}", "2.5}"),
        "third": ("81.25", "81.26"),
        "last": ("byt", "by"),
    }.items():
        (tmp_path / name).mkdir()
        for file, text in texts.items():
            (tmp_path / name / file).write_text(text.replace(*change) if change[0] else text)
    (tmp_path / "one" / "b.txt").write_text("took 9.9 s\nscore 81.25")
    (tmp_path / "last" / "new.txt").touch()
    assert compare_folders(tmp_path / "one", tmp_path / "other") == ["a.json: .x[1].y: 2 and 2.5"]
    assert compare_folders(tmp_path / "one", tmp_path / "third") == ["b.txt: [1]: 'score 81.25' and 'score 81.26'"]
    assert compare_folders(tmp_path / "one", tmp_path / "last") == ["c.npy: other bytes", "new.txt: only in last"]
    assert not list(compare_values("score 81.25 of 9", "score 81.26 of 9", tolerance=TOLERANCE))
    assert list(compare_values("score 81.25 of 9", "score 81.35 of 9", tolerance=TOLERANCE))
    assert list(compare_values("score 81.25 of 9", "score 81.25 of 8", tolerance=TOLERANCE))
