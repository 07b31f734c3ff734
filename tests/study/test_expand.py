import re
from pathlib import Path

import pytest

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.seeds import stream_seed
from brittlestar.study.expand import check_streams, expand, stream_seeds
from brittlestar.study.settings import StreamSettings
from tests.study.files import HEAD, load

LEAKLESS = HEAD.replace("path:", "train_without: leaks, path:")
KNOWN = "cee7101f656aa9915f05213483405c021f1d6c54acd1d42239bc97bdd804bad9"
"""The name of seed 0 of main at the commit before any later setting."""
SPLITS = {"train": "a" * 64, "dev": "b" * 64, "test": "c" * 64}


def cells(folder: Path, text: str = "", splits: dict[str, str] = SPLITS, own: dict[str, str | None] | None = None,
          head: str = HEAD) -> tuple[Cell, ...]:  # fmt: skip
    return expand(load(folder, head + text), splits, own or {})


def hashes(*args: object, **named: object) -> list[str]:
    return [cell.hash for cell in cells(*args, **named)]  # type: ignore[arg-type]  # forwarded as they are


def test_cells_by_variant_then_seed(tmp_path: Path) -> None:
    found = cells(tmp_path, "seeds: [7, 3]\nvariants: {z: {model.hidden: 8}, bag: {model.family: bag}}\n")
    assert [(cell.variant, cell.seed) for cell in found] == [
        ("main", 7), ("main", 3), ("z", 7), ("z", 3), ("bag", 7), ("bag", 3),
    ]  # fmt: skip
    assert all(re.fullmatch("[0-9a-f]{64}", cell.hash) for cell in found)
    assert len({cell.hash for cell in found}) == 6
    assert found[2].settings["model"]["hidden"] == 8
    assert set(found[0].settings) == {"data", "model", "training"}
    assert found[0].streams["init"] == stream_seed(7, "init")


def test_the_hash_covers_what_determines_the_result(tmp_path: Path) -> None:
    base = hashes(tmp_path)
    changed = [
        hashes(tmp_path, "training: {epochs: 3}\n"),
        hashes(tmp_path, "training: {device: cuda}\n"),
        hashes(tmp_path, "training: {precision: bf16}\n"),
        hashes(tmp_path, "model: {hidden: 8}\n"),
        hashes(tmp_path, "model: {initial_scale: 0.5}\n"),
        hashes(tmp_path, head=HEAD.replace("path:", "train_without: conflicts, path:")),
        hashes(tmp_path, head=LEAKLESS),
        hashes(tmp_path, head=LEAKLESS, splits={**SPLITS, "test": "d" * 64}),
        hashes(tmp_path, "streams: {init: fixed}\n")[1:],  # seed 0 varied is what every fixed stream draws from
        hashes(tmp_path, "streams: {sampling: varied}\n"),
        hashes(tmp_path, splits={**SPLITS, "train": "d" * 64}),
        hashes(tmp_path, splits={**SPLITS, "dev": "d" * 64}),
        hashes(tmp_path, own={"main": "e" * 64}),
        hashes(tmp_path, head=HEAD.replace("rgby", "rgb")),
    ]
    everything = [digest for found in [base, *changed] for digest in found]
    assert len(set(everything)) == 5 * 15 - 1


def test_settings_that_came_later_leave_cells_as_they_were(tmp_path: Path) -> None:
    (named,) = {cell.hash for cell in cells(tmp_path) if cell.seed == 0 and cell.variant == "main"}
    assert named == KNOWN
    given = "model: {initial_scale: 1.0, batch_statistics: batch}\n"
    assert hashes(tmp_path) == hashes(tmp_path, given)


def test_the_hash_covers_nothing_else(tmp_path: Path) -> None:
    base = hashes(tmp_path)
    assert base == hashes(tmp_path, splits={**SPLITS, "test": "d" * 64, "shift_new": "e" * 64})
    assert base == hashes(tmp_path, head=HEAD.replace("demo", "renamed").replace("spr", "../elsewhere"))
    assert base == hashes(tmp_path, "report: {title: other, metric: accuracy}\nclaims: []\n")
    assert base == hashes(tmp_path, head=HEAD.replace("data: {", "data: {columns: {id: key}, "))
    assert base == hashes(tmp_path, "training: {epochs: 20}\n")
    assert base[:2] == hashes(tmp_path, "seeds: 2\n")


def test_this_version_names_a_known_cell(tmp_path: Path) -> None:
    """A golden name: when it changes, every store of the version before would be trained again. Raise
    FORMAT_VERSION, say so in the changelog, and only then put the new name here."""
    assert hashes(tmp_path, "seeds: 1\n", head="name: x\ndata: {path: y}\n") == [GOLDEN]


def test_same_settings_share_a_name(tmp_path: Path) -> None:
    found = cells(tmp_path, "seeds: 2\nvariants: {one: {model.hidden: 64}, two: {model.hidden: 9}, three: {model: "
                  "{hidden: 9}}}\n")  # fmt: skip
    by_variant = {
        name: [cell.hash for cell in found if cell.variant == name] for name in ("main", "one", "two", "three")
    }
    assert by_variant["main"] == by_variant["one"]
    assert by_variant["two"] == by_variant["three"] != by_variant["one"]


def test_fixed_streams_do_not_depend_on_the_root() -> None:
    streams = StreamSettings(init="fixed", split="varied")
    first, second = stream_seeds(streams, 3), stream_seeds(streams, 4)
    assert first["init"] == second["init"] == stream_seed(0, "init")
    assert first["order"] != second["order"]
    assert first["split"] == stream_seed(3, "split")
    assert first["sampling"] is None
    assert len({seed for seed in first.values() if seed is not None}) == 4


def test_files_count_by_content(tmp_path: Path) -> None:
    text = "seeds: 1\nmodel: {embedding: {mode: fine-tuned, table: TABLE}}\n"
    for name, content in (("one.txt", "a 1 2\n"), ("copy.txt", "a 1 2\n"), ("other.txt", "a 1 3\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    one, copy, other = (hashes(tmp_path, text.replace("TABLE", name)) for name in ("one.txt", "copy.txt", "other.txt"))
    assert one == copy != other
    with pytest.raises(InputError, match=r"none\.txt cannot be read: No such file or directory") as caught:
        cells(tmp_path, text.replace("TABLE", "none.txt"))
    assert caught.value.problems[0].where == "study.yaml:4"


def test_splits_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        cells(tmp_path, "claims: [main > best-trivial by 0.02 on accuracy on long]\n", {"test": "c" * 64})
    assert [str(problem) for problem in caught.value.problems] == [
        "study.yaml:2: there is no split 'train'",
        "training.selection.split: 'dev', which is not a split of these data; there are test; "
        "add a dev split, or choose on train",
        "study.yaml:3: there is no split 'long'; known: test",
    ]
    assert len(cells(tmp_path, "training: {selection: {split: train}}\n", {"train": "a" * 64})) == 5
    later = "claims: [main > best-trivial by 0.02 on accuracy on shift_long]\n"
    assert cells(tmp_path, later, {"train": "a" * 64, "dev": "b" * 64}), "a shifted split may come later"
    there = {"train": "a" * 64, "dev": "b" * 64, "shift_long": "c" * 64}
    with pytest.raises(InputError, match="did you mean 'shift_long'"):
        cells(tmp_path, later.replace("shift_long", "shift_logn"), there)


def test_one_seed_cannot_be_crossed() -> None:
    crossed = StreamSettings(init="fixed")
    with pytest.raises(InputError) as caught:
        check_streams({"main": "fit", "bag": "built-in", "svm": "estimator", "net": "factory"}, crossed)
    assert [str(problem) for problem in caught.value.problems] == [
        "streams: 'main' is a fit function and gets one seed, so its streams cannot differ (init: fixed, order: "
        "varied, dropout: varied); hold or vary init, order and dropout together, or give the model as a factory",
        "streams: 'svm' is an estimator and gets one seed, so its streams cannot differ (init: fixed, order: varied, "
        "dropout: varied); hold or vary init, order and dropout together, or give the model as a factory",
    ]
    check_streams({"net": "factory"}, crossed)
    together = StreamSettings(init="crossed", order="crossed", dropout="crossed")
    with pytest.raises(InputError, match="gets one seed"):
        check_streams({"main": "fit"}, together)
    check_streams({"main": "factory"}, together)
    check_streams({"main": "fit"}, StreamSettings())
    check_streams({"main": "fit"}, StreamSettings(init="fixed", order="fixed", dropout="fixed", split="varied"))


GOLDEN = "b1307bcde19a82735d5484d9f5bc59d0cfb96b137b1a0095531d7ba10b2c34c2"


def test_given_predictions_are_chosen_on_no_split(tmp_path: Path) -> None:
    """Nothing is trained, so data without dev need no other choice of a checkpoint."""
    (tmp_path / "p.csv").write_text("id,prediction\n", encoding="utf-8")
    given = "model: {predictions: [p.csv]}\n"
    assert len(cells(tmp_path, given, {"train": "a" * 64, "test": "b" * 64})) == 5
    beside = f"{given}variants: {{lstm: {{model.predictions: []}}}}\n"
    with pytest.raises(InputError, match=r"training\.selection\.split: 'dev', which is not a split of these data"):
        cells(tmp_path, beside, {"train": "a" * 64, "test": "b" * 64})
