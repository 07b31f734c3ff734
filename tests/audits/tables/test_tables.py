from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from brittlestar.audits.tables.likeness import fit
from brittlestar.audits.tables.misaligned import misaligned_rows
from brittlestar.audits.tables.vectors import collapsed_vectors, exploding, frozen, geometry, unused_rows
from brittlestar.audits.tokens.collision import collision
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis

SHAPES = [shape + colour for shape in "▲■●◆" for colour in "rgby"]
NAMES = [f"t{k}" for k in range(40)]
FACTORS = "(?P<shape>[▲■●◆])(?P<colour>[rgby])"


@cache
def rows_of(kind: str) -> tuple[list[str], Made]:
    """Tokens, and rows: `company` from a chain in which some tokens like each other, `factors` without any order."""
    random = np.random.default_rng(1)
    names = SHAPES if kind == "factors" else NAMES
    places = random.normal(size=(len(names), 4))
    weights = np.exp(places @ random.normal(size=(4, 4)) @ places.T)
    if kind == "factors":
        weights = np.ones((len(names), len(names)))
    steps = (weights / weights.sum(axis=1, keepdims=True)).cumsum(axis=1)
    splits: Made = {}
    for name, size in (("train", 1_200), ("test", 100)):
        rows = []
        for _ in range(size):
            row = [int(random.integers(len(names)))]
            for _ in range(random.integers(6, 14)):
                row.append(min(int(np.searchsorted(steps[row[-1]], random.random())), len(names) - 1))
            rows.append(" ".join(names[k] for k in row))
        splits[name] = rows, [f"c{k % 2}" for k in range(size)]
    return names, splits


def vectors_of(kind: str) -> np.ndarray:
    """Vectors that fit: composed of factors, or of how often tokens stand beside each other."""
    names, splits = rows_of(kind)
    random = np.random.default_rng(2)
    if kind == "factors":
        shapes, colours = random.normal(size=(2, 4, 12))
        return np.asarray([shapes["▲■●◆".index(t[0])] + colours["rgby".index(t[1])] for t in names])
    counts = np.zeros((len(names), len(names)))
    for row in splits["train"][0]:
        codes = [names.index(token) for token in row.split()]
        for step in (1, 2):
            np.add.at(counts, (codes[:-step], codes[step:]), 1)
    counts += counts.T
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=1)) / counts.sum()
    left, strength, _ = np.linalg.svd(np.log((counts + 0.1) / (expected + 0.1)).clip(0))
    return left[:, :12] * np.sqrt(strength[:12]) + random.normal(0, 0.02, (len(names), 12))


def write(path: Path, names: list[str], vectors: np.ndarray) -> dict[str, str]:
    lines = [f"{name} {' '.join(f'{x:.6g}' for x in row)}" for name, row in zip(names, vectors, strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"model.embedding.table": str(path), "model.embedding.mode": "frozen-pretrained"}


def look(check, kind: str, folder: Path, vectors: np.ndarray, names: list[str] | None = None) -> Finding:
    tokens, splits = rows_of(kind)
    settings = write(folder / "table.txt", names or tokens, vectors)
    if kind == "factors":
        settings["data.factors"] = FACTORS
    return list(check(make_analysis(splits, settings)))[-1]


KINDS = pytest.mark.parametrize("kind", ["company", "factors"])


@KINDS
def test_a_table_that_belongs_to_its_tokens_is_absent(kind: str, tmp_path: Path):
    vectors = vectors_of(kind)
    assert look(misaligned_rows.function, kind, tmp_path, vectors).status == "absent"
    assert look(collapsed_vectors.function, kind, tmp_path, vectors).status == "absent"
    assert look(exploding.function, kind, tmp_path, vectors).status == "absent"
    assert look(unused_rows.function, kind, tmp_path, vectors).status == "absent"


@pytest.mark.parametrize(
    ("kind", "shift"),
    [("company", 1), ("company", -1), ("company", 2), ("company", -2), ("factors", 1), ("factors", -1)],
)
def test_a_table_off_by_some_rows_is_found_and_the_distance_named(kind: str, shift: int, tmp_path: Path):
    found = look(misaligned_rows.function, kind, tmp_path, np.roll(vectors_of(kind), shift, axis=0))
    assert (found.status, found.severity) == ("present", "warning")
    assert found.where["shift"] == f"{shift:+d}"


def test_a_table_moved_far_along_is_found(tmp_path: Path):
    found = look(misaligned_rows.function, "company", tmp_path, np.roll(vectors_of("company"), 17, axis=0))
    assert found.status == "present"


@KINDS
def test_a_shuffled_table_is_found(kind: str, tmp_path: Path):
    vectors = vectors_of(kind)
    order = np.random.default_rng(5).permutation(len(vectors))
    assert look(misaligned_rows.function, kind, tmp_path, vectors[order]).status == "present"


def test_exchanged_rows_are_found(tmp_path: Path):
    vectors = vectors_of("company")
    chosen = np.asarray([3, 8, 12, 20, 27, 33, 35, 38])
    vectors[chosen] = vectors[np.roll(chosen, 1)]
    found = look(misaligned_rows.function, "company", tmp_path, vectors)
    assert found.status == "present"
    assert set(found.evidence["examples"]) == {f"t{k}" for k in chosen}


def test_vectors_from_elsewhere_in_the_table_are_found(tmp_path: Path):
    vectors = vectors_of("company")
    random = np.random.default_rng(4)
    chosen = random.choice(len(vectors), 16, replace=False)
    vectors[chosen] = random.normal(0, vectors.std(), (len(chosen), vectors.shape[1]))
    found = look(misaligned_rows.function, "company", tmp_path, vectors)
    assert (found.status, found.severity) == ("present", "warning")
    assert set(found.evidence["examples"]) <= {f"t{k}" for k in chosen}
    assert found.evidence["moved_fit_at_own_token"] < 0.2


@pytest.mark.parametrize("seed", range(5))
def test_random_vectors_are_inconclusive(seed: int, tmp_path: Path):
    vectors = np.random.default_rng(seed).normal(size=(40, 12))
    assert look(misaligned_rows.function, "company", tmp_path, vectors).status == "inconclusive"


@pytest.mark.parametrize("noise", [0.5, 1.0, 2.0, 4.0])
def test_vectors_that_fit_loosely_are_never_called_shuffled(noise: float, tmp_path: Path):
    vectors = vectors_of("company")
    vectors += np.random.default_rng(3).normal(0, noise * vectors.std(), vectors.shape)
    assert look(misaligned_rows.function, "company", tmp_path, vectors).status != "present"


def test_tokens_that_the_table_lacks_are_a_warning(tmp_path: Path):
    names, splits = rows_of("company")
    settings = write(tmp_path / "table.txt", names[:20], vectors_of("company")[:20])
    first, _ = misaligned_rows.function(make_analysis(splits, settings))
    counts = Counter(token for row in splits["train"][0] for token in row.split())
    assert (first.severity, first.where["rows"]) == ("warning", "missing")
    assert first.evidence["occurrences"] == sum(counts[name] for name in names[20:])


def test_rows_that_no_token_reaches_are_info(tmp_path: Path):
    names = [*NAMES, *(f"other{k}" for k in range(60))]
    found = look(unused_rows.function, "company", tmp_path, np.random.default_rng(0).normal(size=(100, 4)), names)
    assert (found.severity, found.evidence["unused"], found.evidence["of"]) == ("info", 60, 100)


def test_rows_of_few_directions_are_collapsed(tmp_path: Path):
    random = np.random.default_rng(4)
    vectors = random.normal(size=(40, 12))
    line = np.outer(random.normal(size=40), random.normal(size=12)) + 0.001 * vectors
    assert "directions" in look(collapsed_vectors.function, "company", tmp_path, line).summary


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_dead_rows_are_found(value: float, tmp_path: Path):
    vectors = np.random.default_rng(4).normal(size=(40, 12))
    vectors[[2, 5]] = value
    found = look(collapsed_vectors.function, "company", tmp_path, vectors)
    assert found.evidence["dead"]["tokens"] == 2
    assert {"'t2'", "'t5'"} == {word for word in ("'t2'", "'t5'") if word in found.summary}


@pytest.mark.parametrize("module", [misaligned_rows, unused_rows, collapsed_vectors, exploding])
def test_without_a_table_it_is_not_applicable_and_with_a_broken_one_inconclusive(module, tmp_path: Path):
    _, splits = rows_of("company")
    (found,) = module.function(make_analysis(splits))
    assert (found.status, "No embedding table is given" in found.summary) == ("not-applicable", True)
    (tmp_path / "empty.txt").write_text("")
    for name in ("empty.txt", "missing.txt"):
        settings = {"model.embedding.table": str(tmp_path / name), "model.embedding.mode": "fine-tuned"}
        (found,) = module.function(make_analysis(splits, settings))
        assert (found.status, "cannot be read" in found.summary) == ("inconclusive", True)


@pytest.mark.parametrize("module", [misaligned_rows, collapsed_vectors, exploding])
def test_a_table_of_other_tokens_is_inconclusive(module, tmp_path: Path):
    found = look(module.function, "company", tmp_path, np.ones((3, 2)), ["x", "y", "t1"])
    assert found.status == "inconclusive"


def test_random_vectors_that_stay_random_are_a_warning_in_main_and_info_in_a_variant():
    _, splits = rows_of("company")
    (found,) = frozen.function(make_analysis(splits, {"model.embedding.mode": "frozen-random"}))
    assert (found.severity, found.where) == ("warning", {"variant": "main"})
    (found,) = frozen.function(make_analysis(splits))
    assert found.status == "absent"
    variants = '{"ablation": {"model.embedding.mode": "frozen-random"}}'
    (found,) = frozen.function(make_analysis(splits, {"variants": variants}))
    assert (found.severity, found.where) == ("info", {"variant": "ablation"})


def test_geometry_is_that_of_the_definitions():
    vectors = np.random.default_rng(0).normal(size=(30, 6)) + 1
    cosine, rank, twins = geometry(vectors)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = [unit[i] @ unit[j] for i in range(30) for j in range(i)]
    assert cosine == pytest.approx(np.mean(pairs))
    values = np.linalg.eigvalsh(np.cov(vectors.T))
    assert rank == pytest.approx(values.sum() ** 2 / (values**2).sum())
    assert not twins.any()


def test_fits_are_found_where_they_are_and_not_in_noise():
    random = np.random.default_rng(3)
    vectors = random.normal(size=(50, 5))
    likeness = vectors @ vectors.T
    assert fit(likeness, likeness, random).correlation == pytest.approx(1)
    assert fit(likeness, likeness, random).z > 10
    noise = random.normal(size=(50, 5))
    assert abs(fit(likeness, noise @ noise.T, random).z) < 4
    assert fit(np.ones((12, 12)), likeness[:12, :12], random).z == 0


@pytest.mark.parametrize("shift", [0, 1])
def test_vectors_that_change_with_frequency_alone_do_not_tell_where_they_belong(shift: int, tmp_path: Path):
    names = [f"w{k}" for k in range(200)]
    random = np.random.default_rng(4)
    weights = 1 / np.arange(1, 201)
    # Frequent tokens stand among frequent ones, rare ones among rare ones: company follows the rank.
    rows = []
    for _ in range(2_000):
        rank = int(random.choice(200, p=weights / weights.sum()))
        near = np.exp(-(np.abs(np.log1p(np.arange(200)) - np.log1p(rank)) ** 2) / 0.5) * weights
        rows.append(" ".join(names[k] for k in random.choice(200, 10, p=near / near.sum())))
    places = np.log1p(np.arange(200))
    vectors = np.exp(-((places[:, None] - np.linspace(0, places[-1], 12)) ** 2))
    settings = write(tmp_path / "table.txt", names, np.roll(vectors, shift, axis=0))
    (found,) = misaligned_rows.function(make_analysis({"train": (rows, [f"c{k % 2}" for k in range(2_000)])}, settings))
    assert found.status == "inconclusive"
    assert "as well a row or two away" in found.summary


@pytest.mark.parametrize(("twins", "severity"), [((0, 1), "error"), ((38, 39), "info")])
def test_rare_tokens_with_one_vector_are_for_information(twins: tuple[int, int], severity: str, tmp_path: Path):
    vectors = np.random.default_rng(6).normal(size=(40, 12))
    vectors[twins[1]] = vectors[twins[0]]
    random = np.random.default_rng(7)
    rows = [" ".join(f"t{k}" for k in random.integers(0, 38, 10)) for _ in range(600)]
    rows[:2] = ["t38 t0 t1", "t39 t2 t3"]
    settings = write(tmp_path / "table.txt", NAMES, vectors)
    found = collision.function(make_analysis({"train": (rows, [f"c{k % 2}" for k in range(600)])}, settings))
    assert [finding.severity for finding in found if finding.status == "present"] == [severity]
