"""The page on notebooks, run as a real notebook: what each cell shows is short, escaped, and no script."""

import os
import re
from typing import Any

import pytest

from tests.transcript import ROOT, as_pattern, read_steps

PAGE = ROOT / "docs" / "start" / "notebooks.md"
STEPS = read_steps(PAGE)
MORE = [
    "bs.audit((['a <script>alert(1)</script> b', 'c'] * 40, ['<b>x</b>', 'y'] * 40))",
    "bs.report(study.store)",
    "bs.judge(study.store)",
    "bs.status(study.store)",
    "bs.run(data, dry_run=True)",
    "study.record",
    "study.record.audit",
    "study.reading",
    "bs.audit(data).analysis",
    "bs.split(whole, sizes='60/20/20')",
    "bs.probe(study.store)",
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The cells of the notebook after it ran, in a folder of its own."""
    nbformat, nbclient = (pytest.importorskip(name) for name in ("nbformat", "nbclient"))
    pytest.importorskip("ipykernel")
    for name in ("datasets", "transformers", "accelerate"):
        pytest.importorskip(name)
    v4 = nbformat.v4
    sources = [step.source for step in STEPS] + MORE
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    folder = tmp_path_factory.mktemp("notebook")
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    (folder / "page.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    return list(notebook.cells)


def results(cells: list[Any]) -> list[tuple[str, Any]]:
    return [
        (cell.source, output.data)
        for cell in cells
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]


@pytest.mark.filterwarnings("ignore")
def test_every_result_is_short_and_no_script(cells: list[Any]) -> None:
    shown = results(cells)
    assert len(shown) >= 5 + len(MORE)
    for source, data in shown:
        text = data["text/plain"]
        if ".to_frame" not in source:
            assert len(text.splitlines()) <= 12, f"{source}\n{text}"
            assert len(text) < 4_000, f"{source}\n{text}"
        page = data.get("text/html", "")
        assert len(page) < 200_000 and not re.search(r"<script|javascript:|\bon\w+=", page), source


@pytest.mark.filterwarnings("ignore")
def test_progress_leaves_no_empty_output(cells: list[Any]) -> None:
    """What is displayed below a cell says in the end how long it took; nothing is written on standard error."""
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "stream" or output.name == "stdout", (cell.source, output.text)
            assert output.output_type != "display_data" or output.data["text/plain"].startswith("done in "), cell.source


@pytest.mark.filterwarnings("ignore")
def test_the_page_shows_what_its_cells_show(cells: list[Any]) -> None:
    for step, cell in zip(STEPS, cells, strict=False):
        if step.said is not None:
            shown = "".join(
                output.text if output.output_type == "stream" else f"{output.data['text/plain']}\n"
                for output in cell.outputs
                if output.output_type != "display_data"
            )
            assert re.fullmatch(as_pattern(step.said), shown), f"{step.source}shows\n{shown}"


def test_the_page_is_the_notebook() -> None:
    assert {step.language for step in STEPS} == {"python"} and sum(step.said is not None for step in STEPS) >= 6
