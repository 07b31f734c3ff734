"""What goes into a paper: a table that compiles and fits a column, and a paragraph that says what the settings are."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from statistics import stdev

import pytest

from brittlestar.core.errors import InputError
from brittlestar.core.results import Setting
from brittlestar.reports.paper.methods import find_keys, write_latex, write_sentences
from brittlestar.reports.paper.names import read_names
from brittlestar.reports.paper.table import TableRequest, write_table
from brittlestar.reports.paper.writing import ENTRIES, PaperRequest, make_paper, write_bibliography
from brittlestar.reports.reading import Reading

from .example import VARIANTS, example, reading

NAMES = {"main": "Our model & friends_1", "accuracy": "Acc"}
FIVE = tuple(VARIANTS)[:5]


@pytest.fixture(scope="module")
def study() -> Reading:
    return reading(example({name: VARIANTS[name] for name in FIVE}, seeds=(0, 1, 2, 3, 4)))


def test_a_cell_has_the_mean_and_deviation_of_its_seeds(study: Reading) -> None:
    values = list(study.values("main", "test", study.metric).values())
    shown = f"{100 * sum(values) / len(values):.1f}{{\\scriptsize$\\pm${100 * stdev(values):.1f}}}"
    lines = [line.strip() for line in write_table(study, TableRequest(), NAMES).splitlines()]
    (row,) = [line for line in lines if line.startswith("Our model")]
    assert row == f"Our model \\& friends\\_1 & {shown} \\\\"


def test_every_seed_is_in_the_cell_of_seeds(study: Reading) -> None:
    text = write_table(study, TableRequest(variants=("main",), style="seeds"), {})
    for value in study.values("main", "test", study.metric).values():
        assert f"{100 * value:.1f}" in text.rpartition("\\midrule")[2]


def test_names_that_the_study_does_not_have_are_all_refused(study: Reading) -> None:
    with pytest.raises(InputError) as error:
        write_table(study, TableRequest(("f1",), ("tset",), ("mian",), "plusminus"), {})
    said = str(error.value)
    assert "--table: there is no metric 'f1'" in said and "did you mean 'test'?" in said
    assert "did you mean 'main'?" in said and "there is no style 'plusminus'; known: pm, interval, seeds" in said


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("style", ["pm", "interval", "seeds"])
@pytest.mark.parametrize("splits", [("test",), ("dev", "test")], ids=len)
def test_a_table_of_five_variants_compiles_and_fits_a_column(
    style: str, splits: tuple[str, ...], study: Reading, tmp_path: Path
) -> None:
    """In the narrowest column of the usual templates: 219 points."""
    asked = TableRequest(splits=splits, style=style, label="tab:x")
    sentences = write_sentences(study, NAMES)
    (tmp_path / "table.tex").write_text(write_table(study, asked, {**NAMES, "main": "Our model"}), encoding="utf-8")
    (tmp_path / "methods.tex").write_text(write_latex(sentences), encoding="utf-8")
    (tmp_path / "references.bib").write_text(write_bibliography(find_keys(sentences)), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\usepackage{natbib}"
        "\\usepackage[paperwidth=239pt,paperheight=700pt,margin=10pt]{geometry}\\begin{document}\\sloppy\n"
        "\\input{table}\\input{methods}See Table~\\ref{tab:x}.\n"
        "\\bibliographystyle{plainnat}\\bibliography{references}\\end{document}\n",
        encoding="utf-8",
    )
    for command in (["pdflatex"], ["bibtex"], ["pdflatex"], ["pdflatex"]):
        options = ["-interaction=nonstopmode", "-halt-on-error"] if command == ["pdflatex"] else []
        done = subprocess.run([*command, *options, "paper"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
    assert "undefined" not in done.stdout
    overfull = re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\) in paragraph at lines", done.stdout)
    assert [one for one in overfull if float(one) > 0.5] == [], done.stdout


def test_the_paragraph_says_the_settings_in_effect_and_cites_what_it_uses(study: Reading) -> None:
    text = " ".join(write_sentences(study, {}))
    settings = {one.path: one.value for one in study.record.variants["main"].settings}
    assert f"learning rate {settings['training.learning_rate']:g}" in text and "main 5" in text
    assert f"{settings['training.epochs']} epochs" in text or f"{settings['training.epochs']} epoch" in text
    keys = find_keys(write_sentences(study, {}))
    assert keys and set(keys) <= set(ENTRIES)
    bibliography = write_bibliography(keys)
    assert all(bibliography.count(f"{{{key},") == 1 for key in keys)
    latex = write_latex(["A % of x_1 [@holm1979; @pocock1977].", "B [@holm1979]."])
    assert latex == "A \\% of x\\_1~\\citep{holm1979,pocock1977}.\nB~\\citep{holm1979}.\n"


def test_of_given_predictions_the_paragraph_says_nothing_of_training(study: Reading) -> None:
    given = Setting("model.predictions", ["p.csv"], "--preds")
    variants = {name: replace(one, settings=(*one.settings, given)) for name, one in study.record.variants.items()}
    told = " ".join(write_sentences(replace(study, record=replace(study.record, variants=variants)), {}))
    assert "The variant bidirectional is given by its predictions." in told
    trained = " ".join(write_sentences(study, {}))
    for word in ("which vary", "PyTorch", "hardware", "epochs"):
        assert word in trained and word not in told


def test_a_model_without_layers_has_its_paragraph(study: Reading) -> None:
    main = study.record.variants["main"]
    bag = Setting("model.family", "bag", "study.yaml:3")
    settings = (bag, *(one for one in main.settings if one.path not in ("model.family", "model.layers")))
    record = replace(study.record, variants={**study.record.variants, "main": replace(main, settings=settings)})
    told = " ".join(write_sentences(replace(study, record=record), {}))
    assert "main, is a trained bag of token embeddings with a linear head (59,000 parameters)." in told


def test_names_come_from_a_file_with_its_mistakes(tmp_path: Path) -> None:
    place = tmp_path / "names.yaml"
    place.write_text("main: Our model\n", encoding="utf-8")
    assert read_names(place) == {"main": "Our model"}
    for wrong in ("- main", "main: [1]", "", "main: {"):
        place.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match=r"names\.yaml"):
            read_names(place)


def test_files_are_those_that_were_asked_for(study: Reading) -> None:
    assert make_paper(study, PaperRequest()) == {}
    assert set(make_paper(study, PaperRequest(TableRequest(), True))) == {
        "table.tex", "methods.tex", "methods.md", "references.bib",
    }  # fmt: skip


def test_variants_have_their_titles_and_dropout_in_effect_is_told(study: Reading) -> None:
    drop = Setting("model.dropout.head", 0.3, "our default")
    variants = dict(study.record.variants)
    main = variants["main"]
    variants["main"] = replace(main, title="Deep_1 (yours)", settings=(*main.settings, drop))
    files = make_paper(
        replace(study, record=replace(study.record, variants=variants)), PaperRequest(TableRequest(), True)
    )
    told = files["methods.md"].decode()
    assert "The model under test, Deep_1, is" in told and "0.3 (before the head)" in told
    assert "    Deep\\_1 & " in files["table.tex"].decode()


def test_runs_that_failed_or_diverged_are_counted(study: Reading) -> None:
    cells = study.record.cells
    failed = sum(cell.state in ("failed", "lost") for cell in cells)
    diverged = sum(cell.outcome == "diverged" for cell in cells)
    assert failed and diverged
    many = f"{failed} runs failed or got lost" if failed > 1 else "1 run failed or got lost"
    assert f"{many}, and {diverged} diverged" in " ".join(write_sentences(study, {}))
