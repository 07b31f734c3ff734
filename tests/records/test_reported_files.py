"""Kinds of files that state settings: pages of the web, commands, INI, objects in lists, and YAML that holds itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.models.declared import read_declared
from brittlestar.records.reported.commands import read_command, take_commands
from brittlestar.records.reported.reading import read_stated
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.web_pages import is_web, write_markdown


def read(folder: Path, suffix: str, text: str) -> dict[str, str]:
    place = folder / f"reported{suffix}"
    place.write_text(text)
    return {one.name: one.text for one in read_stated(place)}


def test_a_table_of_a_web_page_is_read_with_its_lines(tmp_path: Path) -> None:
    text = """# Settings
<table><thead><tr><th>Setting</th><th>Value</th></tr></thead>
<tbody>
  <tr><td>Learning rate</td>
      <td>6&nbsp;&times; 10<sup>&minus;4</sup></td></tr>
  <tr><td>Batch size</td><td><b>32</b> <del>64</del></td></tr>
</tbody></table>
"""
    place = tmp_path / "page.md"
    place.write_text(text)
    assert read_stated(place) == (
        Stated("Learning rate", "6 × 10^{−4}", 5),
        Stated("Batch size", "32", 6),
    )
    assert read(tmp_path, ".html", text) == {"Learning rate": "6 × 10^{−4}", "Batch size": "32"}


def test_lists_and_paragraphs_of_a_web_page_are_read(tmp_path: Path) -> None:
    text = (
        "<ul><li>Optimizer: AdamW</li><li>Epochs: 6</li></ul><dl><dt>Batch size</dt><dd>32</dd></dl><p>No dropout.</p>"
    )
    assert read(tmp_path, ".htm", text) == {"Optimizer": "AdamW", "Epochs": "6", "Batch size": "32", "dropout": "none"}
    assert not is_web("lr < 0.1 and a > b, <pad> and <unk>")


@given(st.text(alphabet=st.sampled_from("<>/&;|abtrdhlisup \n\"='-!"), max_size=200))
def test_any_page_is_read_and_lines_are_those_of_the_page(text: str) -> None:
    plain, lines = write_markdown(text)
    assert len(plain.split("\n")) == max(len(lines), 1)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


def test_options_of_a_command_are_read() -> None:
    line = (
        "$ CUDA_VISIBLE_DEVICES=0 python -m train --lr 3e-4 --num-layers=2 --no-bidirectional --nesterov --seeds 0 1 2"
    )
    assert {one.name: one.text for one in read_command(line)} == {
        "lr": "3e-4", "num-layers": "2", "bidirectional": "false", "nesterov": "true", "seeds": "0, 1, 2",
    }  # fmt: skip
    overrides = "python train.py model.hidden=64 +trainer.max_epochs=5 note='a b'"
    assert {one.name: one.text for one in read_command(overrides)} == {
        "model.hidden": "64", "trainer.max_epochs": "5", "note": "a b",
    }  # fmt: skip
    for none in (
        "Python is used with lr = 0.1.",
        "python train.py 'unclosed",
        "We train -- with care -- for 3 epochs.",
    ):
        assert not [*read_command(none)]


def test_a_command_over_lines_is_one_and_the_rest_of_the_page_keeps_its_lines(tmp_path: Path) -> None:
    text = "# Run\n\npython train.py --lr 3e-4 \\\n  --epochs 4\npython train.py --lr 1e-1\nBatch size: 32\n"
    found, rest = take_commands(text)
    assert found == [Stated("lr", "3e-4", 3), Stated("epochs", "4", 3)]
    assert rest == "# Run\n\n\n\n\nBatch size: 32\n"
    assert read(tmp_path, ".sh", text) == {"lr": "3e-4", "epochs": "4", "Batch size": "32"}


def test_lists_of_overrides_and_of_options_are_read(tmp_path: Path) -> None:
    wanted = {"model.family": "gru", "optimizer.lr": "2e-3"}
    assert read(tmp_path, ".yaml", "- model.family=gru\n- optimizer.lr=2e-3\n") == wanted
    assert read(tmp_path, ".json", '["--model.family", "gru", "--optimizer.lr", "2e-3"]') == wanted
    with pytest.raises(InputError, match="no names with values"):
        read(tmp_path, ".yaml", "- one\n- two=2\n")
    assert read(tmp_path, ".yaml", "job:\n  args: [train.py, --lr, 0.1]\n  name: one\n") == {
        "lr": "0.1",
        "job.name": "one",
    }


def test_objects_of_a_list_are_sections_in_json_as_in_yaml(tmp_path: Path) -> None:
    json = '{"callbacks": [{"class_name": "keras.EarlyStopping", "config": {"patience": 3}}, "bar"], "mixed": [1, {}]}'
    assert read(tmp_path, ".json", json) == {"callbacks.EarlyStopping.patience": "3", "mixed": "[1]"}
    yaml = "callbacks:\n- _target_: lightning.EarlyStopping\n  patience: 3\ndefaults:\n- optimizer: adam\n"
    assert read(tmp_path, ".yaml", yaml) == {"callbacks.EarlyStopping.patience": "3", "optimizer": "adam"}


def test_an_ini_file_is_read(tmp_path: Path) -> None:
    text = "; of the paper\n[optimizer]\nname = Adam\nLR = 1e-3  # peak\n[training]\nepochs: 4\n"
    assert read(tmp_path, ".ini", text) == {"optimizer.name": "Adam", "optimizer.LR": "1e-3", "training.epochs": "4"}
    assert read(tmp_path, ".cfg", "epochs = 4\n") == {"settings.epochs": "4"}
    with pytest.raises(InputError, match="no INI"):
        read(tmp_path, ".ini", "[a]\nx = 1\nx = 2\n")


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


def test_among_known_lines_a_number_under_another_name_is_taken(tmp_path: Path) -> None:
    known = "- epochs: 4\n- batch size: 32\n- optimizer: Adam\n"
    assert read(tmp_path, ".md", f"{known}- ratio: 0.25\n")["ratio"] == "0.25"
    assert "ratio" not in read(tmp_path, ".md", f"{known}\n- ratio: 0.25\n")
    assert "ratio" not in read(tmp_path, ".md", "- epochs: 4\n- batch size: 32\n- ratio: 0.25\n")


def test_thousands_in_latex_and_points_of_its_lists(tmp_path: Path) -> None:
    text = "\\begin{itemize}\n  \\item Classifier dropout: 25\\,\\%\n  \\item Epochs: 3\n\\end{itemize}\n"
    assert read(tmp_path, ".tex", text) == {"Classifier dropout": "25\\,\\%", "Epochs": "3"}
    sentence = "It was trained on 1\\,280 training examples for 4 epochs.\n"
    assert read(tmp_path, ".tex", sentence) == {"training examples": "1280", "epochs": "4"}


ODD = {
    ".html": "<p>x</p><![foo[bar]]>",
    ".toml": f"a=0x{'f' * 5000}",
    ".log": f"Config(lr=0x{'f' * 5000})",
    ".yaml": "? [a, b]\n: c",
    ".json": '{"lr": 1, "lr": 2}',
    ".ini": "[a]\nx\n[a]\ny",
    ".md": f"```toml\na=0x{'f' * 5000}\n```\n",
    ".tex": "\\begin{tabular}{ll}",
}


@pytest.mark.parametrize("suffix", ODD)
def test_odd_files_are_refused_in_words(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read(tmp_path, suffix, ODD[suffix])


@given(
    st.sampled_from([".html", ".toml", ".log", ".yaml", ".json", ".ini", ".md", ".tex", ".sh"]), st.text(max_size=300)
)
def test_any_file_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str) -> None:
    place = tmp_path_factory.mktemp("any") / f"reported{suffix}"
    place.write_text(text, encoding="utf-8", errors="replace")
    try:
        found = read_stated(place)
    except InputError:
        return
    assert found


def test_several_configurations_are_none(tmp_path: Path) -> None:
    for suffix, text in ((".yaml", "- lr: 1e-3\n- lr: 1e-4\n"), (".json", '{"lr": 1}\n{"lr": 2}\n')):
        with pytest.raises(InputError):
            read(tmp_path, suffix, text)


def test_sections_of_yaml_that_others_begin_from(tmp_path: Path) -> None:
    base = "base: &base {lr: 1e-3, batch_size: 32}\ntrain: {<<: *base, lr: 3e-3}\n"
    assert read(tmp_path, ".yaml", base) == {"train.batch_size": "32", "train.lr": "3e-3"}
    kept = "train: &t {lr: 1e-3}\nbeside: {<<: *t, batch_size: 64}\n"
    assert read(tmp_path, ".yaml", kept)["train.lr"] == "1e-3"
    assert read(tmp_path, ".yaml", "b: &b {x: 1}\nc: &c {x: 2}\nd: {<<: [*b, *c]}\n")["d.x"] == "1", "the first counts"


def test_ends_of_cells_may_be_left_out_in_html(tmp_path: Path) -> None:
    text = "<head><title>x</title><body><table><tr><td>lr<td>1e-3<tr><td>epochs<td>4</table><p>Pad with <s>.</p>"
    assert read(tmp_path, ".html", text) == {"lr": "1e-3", "epochs": "4"}
    head = "<tr><th>Part<th>Setting<th>Value"
    spans = f"<table>{head}<tr><td rowspan=2>Training<td>Epochs<td>4<tr><td>Batch size<td>64</table>"
    assert read(tmp_path, ".html", spans) == {"Epochs": "4", "Batch size": "64"}
