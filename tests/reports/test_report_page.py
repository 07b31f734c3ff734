import html
import re
import time
from dataclasses import replace
from typing import Any

import pytest

from brittlestar.core.commands import Advice, command
from brittlestar.core.errors import MissingExtraError
from brittlestar.core.findings import Finding
from brittlestar.core.results import Setting, StudyRecord
from brittlestar.reports import render
from brittlestar.reports.cards import make_cards
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.headline_text import score_words
from brittlestar.reports.page import list_unseen, page
from brittlestar.reports.study_view import make_reading
from brittlestar.reports.words import prose

from .example import TRIVIAL, VARIANTS, example, reading
from .pages import HOSTILE, Elements, hold_page, hold_text


@pytest.fixture(scope="module")
def demo() -> str:
    return page(reading())


@pytest.fixture
def no_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str, extra: str) -> Any:
        raise MissingExtraError(f"{module} is not installed", hint=f"pip install 'brittlestar[{extra}]'")

    monkeypatch.setattr(render, "require", missing)


def test_sections_stand_in_the_order_of_the_story_and_the_navigation_counts(demo: str) -> None:
    sections = ["answers", "diagnosis", "curves", "variants", "claims", "data", "findings", "appendix"]
    places = [demo.index(f'id="{name}"') for name in sections]
    assert places == sorted(places)
    menu = demo[demo.index("<nav") : demo.index("</nav>")]
    assert re.findall(r'href="#([^"]+)"', menu) == sections
    assert re.findall(r'title="([^"]+)"', menu) == [
        "1 cause", "7 variants", "3 claims", "0 findings present", "3 findings present",
    ]  # fmt: skip
    style = "".join(re.findall(r"<style>(.*?)</style>", demo, flags=re.DOTALL))
    assert re.search(r"nav \{ position: sticky", style) and "prefers-color-scheme: dark" in style


def test_the_first_screen_has_the_score_the_answers_and_one_figure(demo: str) -> None:
    headline = reading().headline
    first = Elements(demo[demo.index('id="answers"') : demo.index('id="curves"')])
    assert headline.score is not None and score_words(headline.score).replace(" ", "") in first.text.replace(" ", "")
    assert "Best trivial baseline on the same rows: bigrams, 71.2" in first.text
    for decision in headline.answers.values():
        assert decision.words in first.text
    assert headline.act_first is not None and headline.act_first.sentence in first.text
    assert [attributes["id"] for tag, attributes in first.tags if tag == "figure"] == ["picture-axis"]
    assert all(name in demo for name in TRIVIAL)


def test_every_answer_leads_to_its_grounds(demo: str) -> None:
    headline = reading().headline
    ids = {attributes["id"] for _, attributes in Elements(demo).tags if "id" in attributes}
    answers = re.findall(r'<li class="answer [^"]+">(.*?)</li>', demo, flags=re.DOTALL)
    assert len(answers) == len(headline.answers) == 4
    for text, decision in zip(answers, headline.answers.values(), strict=True):
        links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', text)
        assert links and {anchor for anchor, _ in links} <= ids
        named = {html.unescape(words) for _, words in links}
        assert {ground.ref for ground in decision.grounds if ground.kind != "number"} <= named


FORBIDDEN = (
    "ladder",
    "rungs?",
    "arms?",
    "placed tokens",
    "told",
    "stands? on",
    "hangs? on",
    "carr(?:y|ies)",
    "asked",
)
"""Words of the glossary's last column that a reader must not meet."""


def test_no_forbidden_word_reaches_a_reader_figures_included(demo: str) -> None:
    parsed = Elements(demo)
    labels = [str(value) for _, attributes in parsed.tags for key, value in attributes.items() if key == "aria-label"]
    figures = [text for figure in gallery(reading()).values() for text in (figure.title, str(figure.spec["title"]))]
    for text in (parsed.text, *labels, *figures):
        assert re.findall(rf"\b(?:{'|'.join(FORBIDDEN)})\b", text, flags=re.IGNORECASE) == []


def test_findings_stand_worst_first_one_card_a_code_then_inconclusive_then_absent(demo: str) -> None:
    body = demo[demo.index('<h2 id="findings">') : demo.index('<h2 id="appendix">')]
    codes = ("train.overfit", "seed.collapse", "train.short", "seed.unstable", "eval.metric")
    places = [body.index(code) for code in codes]
    assert places == sorted(places), "main first, other variants folded"
    assert "About other variants only: 2 findings" in Elements(body).text


def test_findings_of_one_code_are_one_card_with_one_rule_and_one_remedy() -> None:
    found = tuple(
        Finding(
            "train.overfit",
            "present",
            f"{variant}: dev loss rises by 0.{k} nats.",
            "dev loss rises by at least 0.05 nats",
            "warning",
            {"variant": variant, "split": "dev"},
            {"rise": k},
            Advice(("Stop early: ", command("run", settings={"training.early_stopping.patience": k}))),
        )
        for k, variant in enumerate(["bag", "frozen", "main", "shape-only"])
    )
    text = page(reading(example(), found))
    body = text[text.index('<h2 id="findings">') : text.index('<h2 id="appendix">')]
    shown = Elements(body).text
    assert body.count("<article") == 1
    assert shown.count("dev loss rises by at least 0.05 nats") == 1
    assert shown.count("Stop early:") == 1
    assert shown.index("Dev loss rises by 0.2 nats") < shown.index("Also in 3 other variants") < shown.index("0.0 nats")


def test_shortcuts_of_one_split_are_one_card() -> None:
    found = [
        Finding(code, "present", f"{split}: what {code} found.", f"rule of {code}", "info", {"split": split})
        for code in ("shortcut.length", "shortcut.position")
        for split in ("test", "shift_long")
    ]
    cards = make_cards(found, "main").all
    assert [card.title for card in cards] == ["shortcuts on test", "shortcuts on shift_long"]
    assert [[row.code for row in card.rows] for card in cards] == [["shortcut.length", "shortcut.position"]] * 2
    assert cards[0].anchors == {code: f"finding-{code}" for code in ("shortcut.length", "shortcut.position")}
    assert cards[1].anchors == {}, "an id stands once on a page"


def test_it_is_one_offline_file_that_can_be_read_aloud(demo: str) -> None:
    hold_page(demo, pictures=18)  # wide and narrow


def test_no_clock_time_reaches_the_page(demo: str) -> None:
    later = replace(
        example(),
        timing={"seconds": 999.0, "started": "2031-05-05T05:05:05Z"},
        cells=tuple(replace(cell, timing={"seconds": 123.456}) for cell in example().cells),
    )
    assert page(reading(later)) == demo


def hostile_record() -> tuple[StudyRecord, tuple[Finding, ...]]:
    record = example()
    variants = {
        name: replace(
            variant,
            title=HOSTILE,
            unequal_budget=HOSTILE if name == "bag" else None,
            changes=dict(variant.changes) | {"model.own": HOSTILE},
            settings=(*variant.settings, Setting("model.params", {"a": HOSTILE}, HOSTILE, HOSTILE)),
        )
        for name, variant in record.variants.items()
    }
    cells = tuple(replace(cell, log_tail=(HOSTILE,), error=HOSTILE) for cell in record.cells)
    splits = {
        name: replace(split, classes=(HOSTILE, "1"), class_counts={HOSTILE: 3, "1": 4})
        for name, split in record.splits.items()
    }
    hostile = replace(
        record,
        name=HOSTILE,
        variants=variants,
        cells=cells,
        splits=splits,
        classes=(HOSTILE, "1"),
        notes=(HOSTILE,),
        environment={HOSTILE: HOSTILE},
        claims=(
            {
                "claim": HOSTILE,
                "arm": HOSTILE,
                "other": "bag",
                "population": HOSTILE,
                "split": HOSTILE,
                "alpha": 0.05,
                "hash": "0" * 64,
                "registered": True,
            },
        ),
    )
    finding = Finding(
        "train.short", "present", HOSTILE, HOSTILE, "info", {"variant": HOSTILE}, {HOSTILE: [HOSTILE]}, HOSTILE
    )
    return hostile, (finding,)


def test_hostile_text_stays_text(demo: str) -> None:
    hold_text(page(make_reading(*hostile_record())), demo)


def test_unequal_budgets_are_marked_wherever_the_variant_appears() -> None:
    record = example()
    marked = replace(record.variants["bag"], unequal_budget="three epochs only")
    text = page(make_reading(replace(record, variants={**record.variants, "bag": marked}), ()))
    assert text.count("bag ‡ unequal budget") >= 6
    shown = Elements(text).text
    assert "bag ran on an unequal budget: three epochs only" in shown


def test_backticks_become_code_and_everything_between_stays_escaped() -> None:
    assert prose("run `a <b>` now") == "run <code>a &lt;b&gt;</code> now"
    assert prose("one ` alone <i>") == "one ` alone &lt;i&gt;"


def test_a_setting_that_was_read_back_otherwise_is_marked() -> None:
    record = example()
    wrong = replace(
        record.variants["main"],
        settings=(Setting("training.clip", 1.0, "our default", 5.0), Setting("model.hidden", 64, "our default", 64)),
    )
    text = page(make_reading(replace(record, variants={**record.variants, "main": wrong}), ()))
    assert text.count("differs from the stated value") == 1
    assert "Fair? No: 1 setting of main has another value in the built model than stated." in Elements(text).text


def test_without_the_converter_the_page_still_comes_out(no_converter: None) -> None:
    text = page(reading())
    parsed = Elements(text)
    assert not any(tag == "svg" for tag, _ in parsed.tags)
    assert len(text.encode()) < 300_000
    assert parsed.text.count("pip install 'brittlestar[report]'") == 9
    assert parsed.text.count("brittlestar report spr-demo.study") >= 9
    for name in VARIANTS:
        assert name in parsed.text
    assert "[76.8, 78.1]" in parsed.text


@pytest.mark.parametrize(("variants", "seeds"), [(100, 5), (1, 500)])
def test_five_hundred_cells_fit_in_five_megabytes_and_ten_seconds(variants: int, seeds: int) -> None:
    listed = list(VARIANTS.items())
    many = {
        (listed[index % 7][0] + (f"-{index}" if index > 6 else "")): listed[index % 7][1] for index in range(variants)
    }
    of_many = reading(example(many, tuple(range(seeds)), incidents=False))
    started = time.process_time()
    text = page(of_many)
    assert time.process_time() - started < 10
    assert len(text.encode()) < 5_000_000
    parsed = Elements(text)
    assert all(name in parsed.text for name in many)
    if seeds == 500:
        assert "2,000 lines of single seeds are left out of this picture" in parsed.text
    else:
        assert "Not pictured:" in parsed.text


def test_own_models_one_split_one_seed_and_no_curves() -> None:
    record = example({"main": ("mine", {}, 0.8)}, seeds=(3,), incidents=False, names=("train",))
    bare = replace(
        record,
        metric="accuracy",
        variants={"main": replace(record.variants["main"], own=True, parameters=None, settings=())},
        cells=tuple(replace(cell, curves={}, best_epoch=None, epochs=None, outcome="fitted") for cell in record.cells),
        claims=(),
        environment={},
        notes=(),
        factors=(),
    )
    shown = Elements(page(make_reading(bare, ()))).text
    assert "Learning curves of main are missing" in shown
    assert "No claim was registered" in shown
    assert "No score yet" in shown
    assert "Real? Cannot say: there is no held-out split" in shown


def test_given_predictions_are_told_nothing_that_trains() -> None:
    record = example({"main": ("predictions a (yours)", {}, 0.8)}, seeds=(0, 1), incidents=False)
    given = replace(record.variants["main"], own=True, settings=(Setting("model.predictions", ["a.csv"], "--preds"),))
    cells = tuple(replace(cell, curves={}, best_epoch=None, epochs=None, outcome="imported") for cell in record.cells)
    shown = Elements(page(reading(replace(record, variants={"main": given}, cells=cells, claims=()), ()))).text
    assert "There are no learning curves: predictions were given." in shown
    assert "--seeds" not in shown
    assert "brittlestar probe" not in shown


def test_what_is_not_examined_has_its_price() -> None:
    found = list_unseen(reading())
    assert [what.partition(":")[0].partition(" (")[0] for what, _ in found] == [
        "2 runs without a result", "Changes of the input", "Other training sets",
    ]  # fmt: skip
    assert all(cost for _, cost in found)
