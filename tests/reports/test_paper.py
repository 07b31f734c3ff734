"""What goes into a paper: a table that compiles and fits a column, and a paragraph that says what the settings are."""

import re
import shutil
import subprocess
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from statistics import stdev
from typing import Any

import pytest

from brittlestar.baselines.table import BASELINES
from brittlestar.claims.judgement import InterimAnalysis, Judgement
from brittlestar.claims.sentences import make_unmeasured, size
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Effect, Finding, Severity, Status
from brittlestar.core.results import Setting
from brittlestar.core.trivial_baselines import TrivialBaseline
from brittlestar.reports.paper.names import read_names
from brittlestar.reports.paper.table import TableRequest, choose_compared, write_table
from brittlestar.reports.paper.wording import describe_baseline, name_baseline, name_best, name_setting, read_wording
from brittlestar.reports.paper.writing import (
    ENTRIES,
    PaperRequest,
    find_keys,
    make_paper,
    write_bibliography,
    write_latex,
    write_sentences,
)
from brittlestar.reports.study_view import StudyView
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.paths import leaves
from brittlestar.study.settings import Study
from brittlestar.study.sides import quote_name

from .example import VARIANTS, example, reading

NAMES = {"main": "Our model & friends_1", "accuracy": "Acc"}


def exceed(variant: str, value: float, sentence: str = "{} > best-trivial by 0 on accuracy", **more: Any) -> Judgement:
    """A difference of a variant to the best trivial baseline, 4 points to both sides."""
    claim = parse_claim(sentence.format(quote_name(variant)))
    bounds = {"estimate": value, "interval": (value - 0.04, value + 0.04), "level": 0.01, "seeds": 5, "rows": 1000}
    return replace(make_unmeasured(claim, "", True), reasons=(), **{**bounds, **more})


FIVE = tuple(VARIANTS)[:5]


@pytest.fixture(scope="module")
def study() -> StudyView:
    return reading(example({name: VARIANTS[name] for name in FIVE}, seeds=(0, 1, 2, 3, 4)))


@pytest.fixture(scope="module")
def claimed() -> StudyView:
    """A study with a claim on record: that main exceeds bag."""
    return reading(example({name: VARIANTS[name] for name in ("main", "bag")}))


def test_a_cell_has_the_mean_and_deviation_of_its_seeds(study: StudyView) -> None:
    values = list(study.values("main", "test", study.metric).values())
    shown = f"{100 * sum(values) / len(values):.1f}{{\\scriptsize$\\pm${100 * stdev(values):.1f}}}"
    lines = [line.strip() for line in write_table(study, TableRequest(), NAMES).splitlines()]
    (row,) = [line for line in lines if line.startswith("Our model")]
    assert row == f"Our model \\& friends\\_1 & {shown} \\\\"


def test_every_seed_is_in_the_cell_of_seeds(study: StudyView) -> None:
    text = write_table(study, TableRequest(variants=("main",), style="seeds"), {})
    for value in study.values("main", "test", study.metric).values():
        assert f"{100 * value:.1f}" in text.rpartition("\\midrule")[2]


def test_names_that_the_study_does_not_have_are_all_refused(study: StudyView) -> None:
    with pytest.raises(InputError) as error:
        write_table(study, TableRequest(("f1",), ("tset",), ("mian",), "plusminus"), {})
    said = str(error.value)
    assert "--table: there is no metric 'f1'" in said and "did you mean 'test'?" in said
    assert "did you mean 'main'?" in said and "there is no style 'plusminus'; known: pm, interval, seeds" in said


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("style", ["pm", "interval", "seeds"])
@pytest.mark.parametrize(
    "splits",
    [("test",), ("dev", "test"), ("dev", "test", "shift_long"), ("train", "dev", "test", "shift_long")],
    ids=len,
)
def test_a_table_of_five_variants_compiles_and_fits_a_column(
    style: str, splits: tuple[str, ...], study: StudyView, tmp_path: Path
) -> None:
    """Up to two columns of scores in the narrowest column of the usual templates, 219 points; more in two of them."""
    asked, width = TableRequest(splits=splits, style=style, label="tab:x"), 239 if len(splits) <= 2 else 458
    sentences, differences = write_sentences(study, NAMES), {name: exceed(name, -0.123) for name in FIVE}
    table = write_table(study, asked, {**NAMES, "main": "Our model"}, differences)
    assert ("\\begin{table*}" in table) == (width > 239)
    (tmp_path / "table.tex").write_text(table, encoding="utf-8")
    (tmp_path / "methods.tex").write_text(write_latex(sentences), encoding="utf-8")
    (tmp_path / "references.bib").write_text(write_bibliography(find_keys(sentences)), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\usepackage{natbib}"
        f"\\usepackage[paperwidth={width}pt,paperheight=700pt,margin=10pt]{{geometry}}\\begin{{document}}\\sloppy\n"
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


def test_the_paragraph_says_the_settings_in_effect_and_cites_what_it_uses(study: StudyView) -> None:
    text = " ".join(write_sentences(study, {}))
    settings = {setting.path: setting.value for setting in study.record.variants["main"].settings}
    assert f"learning rate {settings['training.learning_rate']:g}" in text and "main 5" in text
    assert f"{settings['training.epochs']} epochs" in text or f"{settings['training.epochs']} epoch" in text
    keys = find_keys(write_sentences(study, {}))
    assert keys and set(keys) <= set(ENTRIES)
    bibliography = write_bibliography(keys)
    assert all(bibliography.count(f"{{{key},") == 1 for key in keys)
    latex = write_latex(["A % of x_1 [@holm1979; @pocock1977].", "B [@holm1979]."])
    assert latex == "A \\% of x\\_1~\\citep{holm1979,pocock1977}.\nB~\\citep{holm1979}.\n"


def test_of_given_predictions_the_paragraph_says_nothing_of_training(study: StudyView) -> None:
    given = Setting("model.predictions", ["p.csv"], "--preds")
    variants = {
        name: replace(variant, settings=(*variant.settings, given)) for name, variant in study.record.variants.items()
    }
    sentence = " ".join(write_sentences(replace(study, record=replace(study.record, variants=variants)), {}))
    assert "The variant bidirectional is given by its predictions." in sentence
    trained = " ".join(write_sentences(study, {}))
    for word in ("which vary", "PyTorch", "hardware", "epochs"):
        assert word in trained and word not in sentence


def test_a_model_without_layers_has_its_paragraph(study: StudyView) -> None:
    main = study.record.variants["main"]
    bag = Setting("model.family", "bag", "study.yaml:3")
    settings = (bag, *(setting for setting in main.settings if setting.path not in ("model.family", "model.layers")))
    record = replace(study.record, variants={**study.record.variants, "main": replace(main, settings=settings)})
    sentence = " ".join(write_sentences(replace(study, record=record), {}))
    assert "main, is a trained bag of token embeddings with a linear head; it has 59,000 parameters." in sentence


def test_names_come_from_a_file_with_its_mistakes(tmp_path: Path) -> None:
    place = tmp_path / "names.yaml"
    place.write_text("main: Our model\n", encoding="utf-8")
    assert read_names(place) == {"main": "Our model"}
    for wrong in ("- main", "main: [1]", "", "main: {"):
        place.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match=r"names\.yaml"):
            read_names(place)


def test_files_are_those_that_were_asked_for(study: StudyView) -> None:
    assert make_paper(study, PaperRequest()) == {}
    assert set(make_paper(study, PaperRequest(TableRequest(), True))) == {
        "table.tex", "methods.tex", "methods.md", "references.bib", "limits.md",
    }  # fmt: skip


def test_names_of_the_paper_stand_in_every_sentence(claimed: StudyView) -> None:
    names = {"main": "Ours", "bag": "Bag", "test": "held-out rows", "best trivial": "best baseline"}
    text = " ".join(write_sentences(claimed, names)) + write_table(claimed, TableRequest(), names)
    assert "points of HWA on held-out rows (95 % interval" in text and "Ours exceeds Bag" in text
    assert not re.findall(r"\bon test\b|\bmain\b|best trivial &", text) and "Best baseline: " in text


def test_variants_have_their_titles_and_dropout_in_effect_is_told(study: StudyView) -> None:
    drop = Setting("model.dropout.head", 0.3, "our default")
    variants = dict(study.record.variants)
    main = variants["main"]
    variants["main"] = replace(main, title="Deep_1 (yours)", settings=(*main.settings, drop))
    files = make_paper(
        replace(study, record=replace(study.record, variants=variants)), PaperRequest(TableRequest(), True)
    )
    told = files["methods.md"].decode()
    assert "The model under test, Deep_1, is" in told and "0.3 before the head" in told
    assert "    Deep\\_1 & " in files["table.tex"].decode()


def test_runs_that_failed_or_diverged_are_counted(study: StudyView) -> None:
    cells = study.record.cells
    failed = sum(cell.state in ("failed", "lost") for cell in cells)
    diverged = sum(cell.outcome == "diverged" for cell in cells)
    assert failed and diverged
    many = f"{failed} runs failed or got lost" if failed > 1 else "1 run failed or got lost"
    assert f"{many}, and {diverged} diverged" in " ".join(write_sentences(study, {}))


def test_every_trivial_baseline_has_a_name_and_a_sentence_and_cites_what_there_is() -> None:
    """25 words at most, as every sentence for people; a citation counts for none."""
    words = read_wording()["baselines"]
    assert list(words) == [baseline.kind for baseline in BASELINES]
    for kind in words:
        one = TrivialBaseline(kind, kind, "-7" if kind == "position" else "tokens and bigrams, C = 0.1")
        sentence = describe_baseline(one)
        assert name_baseline(one) and sentence.endswith(".") and "{}" not in sentence
        assert max(len(one.split()) for one in re.sub(r" \[@.*?\]", "", sentence).split(". ")) <= 25, sentence
        assert set(find_keys([sentence])) <= set(ENTRIES)
    assert name_best(reading().record, "bigrams") == "naive Bayes on bigrams"
    assert name_best(reading().record, "length of a line") == "length of a line", "another version may know it"
    linear = describe_baseline(TrivialBaseline("linear", "linear", "tokens and bigrams, C = 0.1"))
    assert find_keys([linear]) == ["pedregosa2011scikit", "salton1988weighting"] and "lbfgs, C = 0.1 and" in linear
    assert "position 7 from the end, " in describe_baseline(TrivialBaseline("single position", "position", "-7"))


def test_the_best_trivial_baseline_is_named_with_its_score_and_what_it_is(study: StudyView) -> None:
    notes = write_sentences(study, {})
    (named,) = [line for line in notes if line.startswith("Of the trivial baselines")]
    assert named.endswith(", the best on dev is naive Bayes on bigrams; on test it scores 71.2 points.")
    assert notes[notes.index(named) + 1].startswith("It is multinomial naive Bayes on counts of tokens and of pairs")
    unaudited = replace(study, record=replace(study.record, audit=None))
    assert not [line for line in write_sentences(unaudited, {}) if "trivial baselines" in line]


@pytest.mark.parametrize(
    ("value", "sentence", "shown"),
    [
        (-0.123, "{} > best-trivial by 0 on accuracy", "-12.3* [-16.3, -8.3]"),
        (0.03, "{} > best-trivial by 0 on accuracy", "+3.0 [-1.0, +7.0]"),
        (0.05, "best-trivial > {} by 0 on log_loss", "-0.050* [-0.090, -0.010]"),
        (0.05, "best-trivial > {} by 0 on accuracy", "-5.0* [-9.0, -1.0]"),
    ],
)
def test_a_difference_has_its_interval_and_a_mark_where_that_excludes_0(
    value: float, sentence: str, shown: str, study: StudyView
) -> None:
    """Always variant − baseline, whichever way the claim was turned."""
    differences = {"main": exceed("main", value, sentence)}
    table = write_table(study, TableRequest(variants=("main", "bidirectional")), {}, differences)
    rows = {line.split(" & ")[0].strip(): line.split(" & ")[-1].removesuffix(" \\\\") for line in table.splitlines()}
    cell = rows["main"].replace("\\ensuremath{-}", "-").replace("{[}", "[").replace("{]}", "]")
    assert cell == "\\shortstack[r]{" + shown.replace(" ", "\\\\ \\scriptsize ", 1) + "}"
    assert rows["bidirectional"] == "--"
    assert "minus that of best trivial, with its interval (99 \\%; new rows, new seeds); * where it excludes" in table
    assert "difference" not in write_table(study, TableRequest(), {}).lower()


def test_the_caption_names_the_best_trivial_baseline_of_each_column(study: StudyView) -> None:
    assert " Best trivial: naive Bayes on bigrams." in write_table(study, TableRequest(), {})
    audit = study.record.audit
    assert audit is not None and audit.trivial_baselines is not None
    found = audit.trivial_baselines
    other = replace(study.record, audit=replace(audit, trivial_baselines=replace(found, leading={"ece": ("length",)})))
    table = write_table(replace(study, record=other), TableRequest(metrics=("accuracy", "ece")), {})
    assert " Best trivial, by column: naive Bayes on bigrams; length alone." in table


def test_no_path_of_a_setting_stands_in_the_paragraph(study: StudyView) -> None:
    """Every setting, changed by a variant, has words of its own."""
    given = Study.model_validate({"name": "x", "data": {}, "training": {"early_stopping": {}}}).model_dump(mode="json")
    paths = [".".join(leave) for leave in leaves(given) if leave[0] in ("data", "model", "training")]
    variants = dict(study.record.variants)
    for k, path in enumerate(paths):
        variants[f"v{k}"] = replace(variants["frozen"], name=f"v{k}", title="", changes={path: 3.5})
    notes = write_sentences(replace(study, record=replace(study.record, variants=variants, cells=())), {})
    text = " ".join(notes)
    assert len(paths) > 40 and [path for path in paths if path in text] == []
    assert not re.findall(r"\b\w+_\w+", text.replace("shift_long", "")), "no name of code"
    assert "differs from it in learning rate (3.5 instead of 0.002)." in text
    assert "differs from it in epochs (3.5 instead of 20)." in text
    assert [line for line in notes if "is a trained bag" in line or "is an LSTM" in line], "another family is described"
    assert len({name_setting(path) for path in paths}) == len(paths), "two settings have the same words"


def test_looks_are_told_of_a_growing_study_that_used_them_and_of_no_other(claimed: StudyView) -> None:
    """With fixed seeds there is one look, whatever a claim allows."""
    (one,) = claimed.judgements
    path = tuple(InterimAnalysis(seeds, 0.1, (0.0, 0.2)) for seeds in (5, 10))
    used, once = (replace(claimed, judgements=(replace(one, path=some),)) for some in (path, path[:1]))
    fixed = Setting("seeds", [0, 1, 2, 3, 4], "study.yaml:3")
    free = replace(fixed, origin="our default")

    def tell(reading: StudyView, seeds: Setting) -> str:
        main = reading.record.variants["main"]
        variants = {**reading.record.variants, "main": replace(main, settings=(*main.settings, seeds))}
        return " ".join(write_sentences(replace(reading, record=replace(reading.record, variants=variants)), {}))

    judged = "claims were judged at 5 and 10 seeds, with Pocock limits for 4 such looks [@pocock1977]."
    assert f"Seeds were added while a claim was open: {judged}" in tell(used, free)
    for text in (tell(used, fixed), tell(once, free), tell(once, fixed)):
        assert "Pocock" not in text and "looks" not in text and "1 claim was registered before the first run." in text


def test_a_verdict_has_its_effect_level_and_population(claimed: StudyView) -> None:
    (one,) = claimed.judgements
    (line,) = [line for line in write_sentences(claimed, {"bag": "Bag"}) if line.startswith("That main exceeds")]
    assert line.startswith("That main exceeds Bag by at least 5.0 points of HWA on test is ")
    rests = f"98.5 % interval; new rows, new seeds; {one.seeds} seeds, 1,000 rows"
    assert line.endswith(f": the difference is {size(one)} ({rests}).")
    (default,) = [line for line in write_sentences(claimed, {}) if line.startswith("Not registered: that main exceeds")]
    assert "% interval; new rows, new seeds; 5 seeds, 1,000 rows" in default


def test_only_populations_that_are_judged_have_their_intervals_explained(claimed: StudyView) -> None:
    (one,) = claimed.judgements
    words = {
        "new-examples": "Intervals for new rows and new seeds cross rows and seeds as random effects",
        "fixed-test-set": "Intervals for these rows and new seeds are t intervals over seeds.",
        "this-model": "Intervals for these very models and new rows are over rows.",
        "new-training-sets": "Intervals for new training sets are t intervals over seeds, widened",
    }
    for population, begins in words.items():
        found = replace(claimed, judgements=(replace(one, population=population),), numbers=None)
        (line,) = [line for line in write_sentences(found, {}) if line.startswith("Intervals")]
        assert line.startswith(begins) and set(find_keys([line])) <= set(ENTRIES)
        assert "bootstrap" not in line, "nothing here is bootstrapped"


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        ("whitespace", "Rows were split into tokens at white space."),
        ("characters", "Rows were split into characters, each a token."),
        ("list", "Rows were given as lists of tokens."),
        ("regex:[a-z]+", "Tokens are what the regular expression `[a-z]+` matches in a row."),
    ],
)
def test_how_rows_become_tokens_is_told(tokens: str, told: str, study: StudyView) -> None:
    main = study.record.variants["main"]
    settings = tuple(
        replace(setting, value=tokens) if setting.path == "data.tokens" else setting for setting in main.settings
    )
    variants = {**study.record.variants, "main": replace(main, settings=settings)}
    assert told in write_sentences(replace(study, record=replace(study.record, variants=variants)), {})


def count_copies(code: str, n: int, effect: Effect | None = None) -> Finding:
    """Of 1,200 rows of test, `n` copies."""
    state: tuple[Status, Severity | None] = ("present", "info") if n else ("absent", None)
    evidence = {"rows_concerned": n, "of_rows": 1200}
    return Finding(code, state[0], f"{code} says it.", "", state[1], {"split": "test"}, evidence, effect=effect)


def test_copies_are_counted_with_what_they_move_and_are_a_leak_only_where_the_score_rests_on_them(
    study: StudyView,
) -> None:
    said = Finding("leak.preprocess", "present", "Test taught the vocabulary.", "", "error")
    near = count_copies("leak.near", 36, Effect(-0.2, -0.6, 0.0, "rows", 36))
    exact, none = (
        count_copies("leak.exact", 60, Effect(-3.0, -4.0, -2.0, "rows", 60)),
        count_copies("leak.selection", 0),
    )
    elsewhere = replace(near, where={"split": "dev"})

    def tell(*findings: Finding) -> str:
        return " ".join(write_sentences(replace(study, findings=findings), {}))

    text = tell(near, exact, none, elsewhere)
    counts = "60 stand in train too (−3.0 points [−4.0, −2.0]), 36 are near copies of rows of train (−0.2 points"
    assert f"Of 1,200 rows of test, {counts} [−0.6, 0.0]) and none stand in dev too. In brackets" in text
    assert "leak" not in text and "no error" not in text, "nothing here is graded as one"
    text = tell(near, replace(exact, severity="error"), said)
    assert "Those that stand in train too are a leak: the score rests on them." in text
    assert "near copies of rows of train are a leak" not in text
    assert "The data audit found leaks between splits. Test taught the vocabulary." in text
    assert "leak.exact says it" not in text, "it was counted"
    assert "In brackets" not in tell(none) and "none stand in dev too." in tell(none)


def test_differences_stand_on_the_split_of_the_headline(study: StudyView) -> None:
    for splits in (None, ("dev", "test"), ("dev",), ("shift_long", "dev")):
        assert choose_compared(study, TableRequest(splits=splits)) == ("test", study.metric)
        table = write_table(study, TableRequest(splits=splits), {"test": "Held-out"}, {"main": exceed("main", 0.1)})
        there = "" if splits is None or "test" in splits else " there (naive Bayes on bigrams)"
        assert f"Difference: HWA on Held-out minus that of best trivial{there}, with" in " ".join(table.split()), splits


def test_seeds_that_score_alike_have_no_spread_and_own_code_that_sets_one_is_told(study: StudyView) -> None:
    document = deepcopy(dict(study.document))
    for split in ("dev", "test"):
        entry = document["variants"]["main"]["splits"][split][study.metric]
        entry["seeds"], entry["mean"], entry["interval"] = dict.fromkeys(entry["seeds"], 0.75), 0.75, (0.75, 0.75)
    evidence = {"own_seeds": ["torch.manual_seed(42) (own.py:7)"]}
    inert = Finding("seed.inert", "present", "", "", "warning", {"variant": "main"}, evidence)
    alike = replace(study, document=document, findings=(inert,))
    for style in ("pm", "interval"):
        table = write_table(alike, TableRequest(variants=("main", "frozen"), style=style), {"main": "Ours"})
        rows = {line.split(" & ")[0].strip(): line for line in table.splitlines()}
        assert rows["Ours"] == "    Ours & 75.0 \\\\" and "scriptsize" in rows["frozen"]
        assert "For Ours all seeds score the same." in table
    told = write_sentences(alike, {})
    assert "Own code of main sets torch.manual_seed(42) (own.py:7), whatever the seed of a run." in told
    assert "For main all seeds score the same, so that no spread over seeds is given." in told
    assert not [line for line in write_sentences(study, {}) if "score the same" in line or "Own code" in line]


def test_how_weights_were_chosen_is_told(study: StudyView) -> None:
    def tell(kind: str | None, **changes: Any) -> str:
        main = study.record.variants["main"]
        added = [Setting("training.selection.metric", "hwa", "our default")]
        added += [Setting("training.selection.split", changes.get("on", "dev"), "our default")]
        added += [] if kind is None else [Setting("model.kind", kind, "--model", kind), Setting("model.own", "m:f", "")]
        variants = {**study.record.variants, "main": replace(main, settings=(*main.settings, *added))}
        return " ".join(write_sentences(replace(study, record=replace(study.record, variants=variants)), {}))

    assert "The checkpoint with the highest HWA on dev was kept." in tell(None)
    assert "The weights after the last epoch were kept." in tell(None, on="gone")
    assert "Its own code trained it, and chose the weights that were kept." in tell("fit")
    assert "weights" not in tell("estimator"), "an estimator has no checkpoints"
