import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brittlestar.core.metrics import factor_names
from brittlestar.study.claims import format_claim
from brittlestar.study.expand import expand
from brittlestar.study.loading import load_study
from brittlestar.study.schema import known_paths
from brittlestar.study.settings import Study
from brittlestar.study.study_claims import claims_of
from brittlestar.study.template import DataLook, study_text
from brittlestar.study.variants import variant_settings

SPR = DataLook(
    tokens="whitespace",
    factors="(?P<shape>[▲■●◆])(?P<colour>[rgby])?",
    factor_names=("shape", "colour"),
    classes={"0": 1000, "1": 1000},
    vocabulary_size=16,
    length_min=8,
    length_mean=16.2,
    length_max=24,
    has_group=False,
    splits={"train": 2000, "dev": 500, "test": 1000, "shift_long": 300},
    unseen={"dev": 498, "test": 990, "shift_long": 300},
    missing=(),
)


def load(folder: Path, text: str, name: str = "study.yaml") -> Study:
    (folder / name).write_bytes(text.encode())
    return load_study(folder / name).study


def test_the_founding_study(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(study_text(SPR, "spr data", "spr"), encoding="utf-8")
    loaded = load_study(path)
    study = loaded.study
    assert (study.name, study.data.path, study.data.factors) == ("spr", "spr data", SPR.factors)
    variants = variant_settings(study)
    assert list(variants) == [
        "main", "bidirectional", "frozen-embedding", "order-permuted", "shape-only", "colour-only", "bag",
    ]  # fmt: skip
    assert variants["colour-only"].data.factor == "colour"
    assert variants["frozen-embedding"].model.embedding.mode == "frozen-random"
    assert [format_claim(claim) for claim in claims_of(loaded, tuple(SPR.splits))] == [
        "main > best-trivial by 0.01 on hwa",
        "main > best-trivial by 0.01 on hwa on test:unseen",
        "main > main@test by -0.01 on hwa on shift_long",
    ]
    assert len(expand(loaded, dict.fromkeys(SPR.splits, "f"), {})) == 35
    columns = load(tmp_path, study_text(SPR, "d", "d", {"sequence": "text", "label": "the label: x"})).data.columns
    assert (columns.sequence, columns.label, columns.id) == ("text", "the label: x", "id")


def test_it_shows_every_setting_with_its_default(tmp_path: Path) -> None:
    """Without its comment marks the file has every key, and still says what it said before."""
    text = study_text(SPR, "spr", "spr")
    body = text[text.index("data:") :]
    uncommented = re.sub(r"(?m)^(  )# ((?: {0,2})[a-z_]+:)", r"\1\2", body)
    uncommented = re.sub(r"(?m)^    #   ", "      ", uncommented)
    uncommented = re.sub(r"(?m)^# (seeds:)", r"\1", uncommented)
    bare = yaml.safe_load(re.sub(r"(?m)^(variants|claims):\n(  .*\n)+", "", uncommented))

    def paths(value: object, above: str = "") -> set[str]:
        if not isinstance(value, dict) or not value:
            return {above} if above else set()
        return {above} | {found for key, inner in value.items() for found in paths(inner, f"{above}.{key}".strip("."))}

    expected = {path for path in known_paths() if not path.startswith("training.early_stopping.")}
    assert expected - {"variants", "claims", "name"} <= paths(bare)
    explicit = yaml.safe_dump({"name": "spr", **bare}, allow_unicode=True)
    plain = "name: spr\n" + re.sub(r"(?m)^(variants|claims):\n(  .*\n)+", "", body)
    assert load(tmp_path, explicit, "explicit.yaml") == load(tmp_path, plain, "plain.yaml")


@pytest.mark.parametrize("splits", [{"train": 9}, {"train": 9, "test": 3}, {"train": 9, "dev": 2}])
def test_missing_splits_are_said_and_the_file_still_runs(tmp_path: Path, splits: dict[str, int]) -> None:
    missing = tuple(split for split in ("dev", "test") if split not in splits)
    look = DataLook("characters", None, (), {"a": 5, "b": 4}, 7, 1, 1.0, 1, True, splits, {}, missing)
    text = study_text(look, "d", "d")
    for split in missing:
        assert f"there is no {split} split; add {split}.csv to the folder" in text
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    loaded = load_study(tmp_path / "study.yaml")
    assert len(expand(loaded, dict.fromkeys(splits, "f"), {})) == 20
    assert loaded.study.training.selection.split == ("dev" if "dev" in splits else "train")
    assert len(loaded.study.claims) == (1 if {"dev", "test"} & splits.keys() else 0)
    assert "order-permuted" not in loaded.study.variants
    assert "group" in text


LABELS = st.text(max_size=50)
FACTORS = st.sampled_from(
    [None, "(?P<shape>.)(?P<colour>.)", "(?P<stem>.*)_(?P<end>'.|\"|\\\\|#)", "(?P<x>[: #{}&*!|>%@`\t])",
     "(?P<no>a)(?P<yes>b)(?P<on>c)"]
)  # fmt: skip
LOOKS = st.builds(
    lambda tokens, factors, classes, numbers, group, shifted, absent: DataLook(
        tokens=tokens,
        factors=factors,
        factor_names=factor_names(factors),
        classes=classes,
        vocabulary_size=numbers[0],
        length_min=min(numbers),
        length_mean=float(sum(numbers)) / len(numbers),
        length_max=max(numbers),
        has_group=group,
        splits={
            name: 10 for name in ["train", "dev", "test", *(f"shift_{name}" for name in shifted)] if name not in absent
        },
        unseen={"dev": 5, "test": 10},
        missing=tuple(absent),
    ),
    st.sampled_from(["whitespace", "characters", "list", "regex:\\w+|[^\\s'#]", 'regex:"[: ]"']),
    FACTORS,
    st.dictionaries(LABELS, st.integers(1, 10**9), min_size=2, max_size=12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=3),
    st.booleans(),
    st.lists(st.from_regex("[A-Za-z0-9._-]{1,8}", fullmatch=True), max_size=3, unique=True),
    st.sampled_from([[], ["dev"], ["test"], ["dev", "test"]]),
)
PATHS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20) | st.sampled_from(
    ["null", "true", "1e-4", "- x", "a: b", "#", "'", '"', "&a", "../d", "~", "x\ty", "\x7f", "l" * 300]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LOOKS, PATHS)
def test_whatever_the_data_looks_like_the_file_loads_and_expands(
    tmp_path: Path, look: DataLook, data_path: str
) -> None:
    (tmp_path / "study.yaml").write_bytes(study_text(look, data_path, "x").encode())
    loaded = load_study(tmp_path / "study.yaml")
    assert loaded.study.data.path == data_path
    assert (loaded.study.data.tokens, loaded.study.data.factors) == (look.tokens, look.factors)
    cells = expand(loaded, dict.fromkeys(look.splits, "f"), {})
    assert {cell.seed for cell in cells} == {0, 1, 2, 3, 4}
    shifted = [split for split in look.splits if split.startswith("shift_")]
    held_out = {"dev", "test"} & look.splits.keys()
    assert len(loaded.study.claims) == (1 + len(shifted) if held_out else 0)
