"""Kinds of files that state settings: trees of names, their lists, and tables of pages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.models.declared import read_declared
from brittlestar.records.reported.reading import read_stated


def read(folder: Path, suffix: str, text: str) -> dict[str, str]:
    place = folder / f"reported{suffix}"
    place.write_text(text)
    return {one.name: one.text for one in read_stated(place).stated}


@pytest.mark.parametrize(
    ("suffix", "text", "words"),
    [
        (".yaml", "- one\n- two=2\n", "no names with values"),
        (".yaml", "- lr: 1e-3\n- lr: 1e-4\n", "no names with values"),
        (".json", '[{"lr": 0.1, "seed": 1}, {"lr": 0.1, "seed": 2}]', "no names with values"),
        (".yaml", "a: &a {lr: 1e-3}\nb: {<<: *a, lr: 3e-3}\n", "taken from elsewhere"),
    ],
)
def test_what_has_no_one_value_for_a_name_is_refused(suffix: str, text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, suffix, text)


def test_objects_of_a_list_are_sections_in_json_as_in_yaml(tmp_path: Path) -> None:
    json = '{"callbacks": [{"class_name": "keras.EarlyStopping", "config": {"patience": 3}}], "mixed": [1, {}]}'
    assert read(tmp_path, ".json", json) == {"callbacks.EarlyStopping.patience": "3", "mixed": "[1]"}
    yaml = "callbacks:\n- _target_: lightning.EarlyStopping\n  patience: 3\ndefaults:\n- optimizer: adam\n"
    assert read(tmp_path, ".yaml", yaml) == {"callbacks.EarlyStopping.patience": "3", "optimizer": "adam"}


@pytest.mark.parametrize(
    "text",
    [
        "a: &a\n  b: *a\n",
        "\n".join(["a0: &a0 {x: 1, y: 2}", *(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 9))]),
    ],
)
def test_yaml_that_holds_itself_or_unfolds_without_end_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unfolds to more than"):
        read(tmp_path, ".yaml", text)


def test_defaults_of_a_class_and_of_its_other_name_are_declared(tmp_path: Path) -> None:
    made = "def __init__(self, info, drop=0.1, *, wide=True, late=None or 2):\n        pass"
    source = f"class Net:\n    {made}\n\nbuild = Net\n"
    (tmp_path / "nets.py").write_text(source + "loop = loop\n")
    for name in ("Net", "build"):
        assert read_declared(f"nets:{name}", tmp_path) == {"drop": 0.1, "wide": True}
    for name in ("loop", "none"):
        assert read_declared(f"nets:{name}", tmp_path) == {}


ODD = {
    ".toml": f"a=0x{'f' * 5000}",
    ".yaml": "? [a, b]\n: c",
    ".json": '{"lr": 1, "lr": 2}',
    ".tex": "\\begin{tabular}{ll}",
    ".csv": '"',
}


@pytest.mark.parametrize("suffix", ODD)
def test_odd_files_are_refused_in_words(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read(tmp_path, suffix, ODD[suffix])


@given(st.sampled_from([".toml", ".yaml", ".json", ".csv", ".md", ".tex"]), st.text(max_size=300))
def test_any_file_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str) -> None:
    place = tmp_path_factory.mktemp("any") / f"reported{suffix}"
    place.write_text(text, encoding="utf-8", errors="replace")
    try:
        found = read_stated(place)
    except InputError:
        return
    assert found.stated or found.tables or found.scores is not None


def test_a_page_states_what_its_tables_do_and_nothing_else(tmp_path: Path) -> None:
    page = "A rate of 5, 9 epochs.\n\n| Setting | Value |\n| - | - |\n| lr | 1e-3 |\n\n```\nbatch_size: 4\n```\n"
    assert read(tmp_path, ".md", page) == {"lr": "1e-3"}
    assert read_stated(tmp_path / "reported.md").paged
    for text in ("lr | 1e-3\n", "```\n| lr | 1 |\n| - | - |\n| bs | 2 |\n```\n"):
        with pytest.raises(InputError, match="no table, and sentences are not read"):
            read(tmp_path, ".md", text)
    rows = (
        r"\toprule Optimiser & Adam \\ \midrule Learning rate & $10^{-3}$ \\ % lr & 5 \\" "\n" r"Epochs & \textbf{4} \\"
    )
    paper = rf"With a rate of 9. \begin{{tabular}}{{@{{}}lr@{{}}}} {rows} \bottomrule \end{{tabular}} And 7 epochs."
    assert read(tmp_path, ".tex", paper) == {"Optimiser": "Adam", "Learning rate": "$10^{-3}$", "Epochs": "4"}
