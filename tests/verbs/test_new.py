from pathlib import Path

import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.study.loading import load_study
from brittlestar.study.variants import variant_settings
from brittlestar.verbs.new import new

ROWS = [("▲r ■g ●b", "1"), ("■y ▲r", "0"), ("◆b ●r ■ ▲g", "1"), ("●g", "0")] * 6


def write_splits(
    folder: Path, names: tuple[str, ...] = ("train", "dev", "test"), header: str = "sequence,label"
) -> Path:
    folder.mkdir(parents=True)
    lines = "".join(f"{sequence},{label}\n" for sequence, label in ROWS)
    for name in names:
        (folder / f"{name}.csv").write_text(f"{header}\n{lines}", encoding="utf-8")
    return folder


def test_the_file_loads_and_points_at_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_splits(tmp_path / "deep" / "SPR data")
    (tmp_path / "studies").mkdir()
    monkeypatch.chdir(tmp_path)
    path = new("deep/SPR data", "studies/first.yaml")
    assert path == Path("studies/first.yaml")
    loaded = load_study(path)
    assert loaded.study.name == "first"
    assert loaded.study.data.path == "../deep/SPR data"
    assert loaded.resolve("../deep/SPR data").resolve() == folder
    assert {"bidirectional", "order-permuted", "bag"} <= set(variant_settings(loaded.study))
    assert "24" in path.read_text(encoding="utf-8")


def test_the_name_comes_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_splits(tmp_path / "SPR data")
    monkeypatch.chdir(tmp_path / "SPR data")
    assert new(".") == Path("SPR-data.yaml")
    assert load_study("SPR-data.yaml").study.data.path == "."


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = write_splits(tmp_path / "d")
    target = tmp_path / "d.yaml"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"d\.yaml exists, and `new` does not overwrite it; name another file"):
        new(folder, target)
    assert target.read_text(encoding="utf-8") == "mine"
    with pytest.raises(StoreError, match="cannot be written: No such file or directory; name another place"):
        new(folder, tmp_path / "nowhere" / "d.yaml")


def test_columns_by_other_names(tmp_path: Path) -> None:
    folder = write_splits(tmp_path / "d", header="text,target")
    path = new(folder, tmp_path / "s.yaml", {"sequence": "text", "label": "target"})
    assert load_study(path).study.data.columns.sequence == "text"
    with pytest.raises(InputError) as caught:
        new(folder, tmp_path / "t.yaml", {"sequense": "text", "label": ""})
    assert [str(problem) for problem in caught.value.problems] == [
        "--columns: unknown role 'sequense'; did you mean 'sequence'?",
        "--columns: the column for label is ''; give the name of a column",
    ]
    assert not (tmp_path / "t.yaml").exists()
