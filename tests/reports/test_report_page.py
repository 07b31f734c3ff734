from __future__ import annotations

import html
import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from brittlestar.core import optional
from brittlestar.core.errors import MissingExtraError
from brittlestar.core.findings import Finding
from brittlestar.core.results import Setting, StudyRecord
from brittlestar.reports import render
from brittlestar.reports.page import page, prose
from brittlestar.reports.reading import read

from .example import ARMS, example, findings

HOSTILE = """</script><script>alert("x")</script><img src=x onerror=alert(1)> & 'quoted' "also" ]]> <!-- {{ 7*7 }}"""


class Elements(HTMLParser):
    """Tags with their attributes, and visible text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def demo() -> str:
    return page(read(example(), findings()))


@pytest.fixture
def no_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str, extra: str) -> Any:
        raise MissingExtraError(f"{module} is not installed", hint=f"pip install 'brittlestar[{extra}]'")

    monkeypatch.setattr(render, "require", missing)


def test_every_variant_and_every_state_is_shown(demo: str) -> None:
    shown = Elements(demo).text
    for name, (title, _, _) in ARMS.items():
        assert name in shown
        assert title in shown
    for word in ("failed", "diverged", "planned", "trained"):
        assert word in shown
    assert "built-in reference, not yours" in shown


def test_the_first_screen_says_what_can_be_said(demo: str) -> None:
    shown = Elements(demo).text
    for badge in ("Real?", "Holds?", "Fair?", "Check me"):
        assert badge in shown
    assert "main > bag by 0.05 on hwa" in shown
    assert "brittlestar judge" in shown
    assert "Three reasons" in shown
    assert "What could not be seen, and what it costs to see it" in shown
    assert shown.index("In short") < shown.index("Findings on training and evaluation 3 present")


def test_findings_stand_worst_first_then_inconclusive_then_absent(demo: str) -> None:
    body = demo[demo.index('<h2 id="findings">') : demo.index('<h2 id="curves">')]
    places = [body.index(c) for c in ("seed.collapse", "train.overfit", "train.short", "seed.unstable", "eval.metric")]
    assert places == sorted(places)


def test_the_log_of_a_failed_cell_and_the_command_that_reruns_it(demo: str) -> None:
    cell = next(cell for cell in example().cells if cell.state == "failed")
    shown = Elements(demo).text
    assert "ValueError: expected logits of shape (64, 2), got (64, 1)" in shown
    assert f"brittlestar run spr-demo.study --cell {cell.hash[:12]}" in shown


def test_nothing_is_loaded_from_anywhere(demo: str) -> None:
    parsed = Elements(demo)
    loading = {"src", "href", "xlink:href", "srcset", "data", "action", "poster", "background"}
    for tag, attributes in parsed.tags:
        for name, value in attributes.items():
            if name in loading:
                assert value is not None
                assert value.startswith("#"), (tag, name, value)
    assert not any(tag in ("link", "iframe", "object", "embed", "base") for tag, _ in parsed.tags)
    style = "".join(re.findall(r"<style>(.*?)</style>", demo, flags=re.DOTALL))
    assert "url(" not in style
    assert "@import" not in style
    policy = next(a["content"] for t, a in parsed.tags if t == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_no_clock_time_reaches_the_page(demo: str) -> None:
    later = replace(
        example(),
        timing={"seconds": 999.0, "started": "2031-05-05T05:05:05Z"},
        cells=tuple(replace(cell, timing={"seconds": 123.456}) for cell in example().cells),
    )
    assert page(read(later, findings())) == demo


def test_the_same_record_gives_the_same_bytes(demo: str) -> None:
    assert page(read(example(), findings())) == demo


def test_the_script_is_there_once_and_every_live_figure_is_valid_json(demo: str) -> None:
    assert demo.count("window.vegaEmbed=") == 1
    specs = re.findall(r'<script type="application/json" data-plot="[^"]+">(.*?)</script>', demo, flags=re.DOTALL)
    assert len(specs) == 7
    for text in specs:
        assert json.loads(text)["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


def test_accessible_structure(demo: str) -> None:
    parsed = Elements(demo)
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    pictures = [attributes for tag, attributes in parsed.tags if tag == "svg" and "role" in attributes]
    assert len(pictures) == 7
    assert all(len(str(attributes["aria-label"])) > 60 for attributes in pictures)
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [str(a["href"])[1:] for t, a in parsed.tags if t == "a"]
    assert set(targets) <= set(ids)


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
        claims=({"claim": HOSTILE, "arm": HOSTILE, "other": "bag"},),
    )
    finding = Finding(
        "train.short", "present", HOSTILE, HOSTILE, "info", {"variant": HOSTILE}, {HOSTILE: [HOSTILE]}, HOSTILE
    )
    return hostile, (finding,)


def test_hostile_text_stays_text() -> None:
    text = page(read(*hostile_record()))
    parsed = Elements(text)
    assert not any(tag == "img" for tag, _ in parsed.tags)
    assert not any(name.startswith("on") for _, attributes in parsed.tags for name in attributes)
    assert 'alert("x")</script>' not in text
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", text)[0]
    assert html.unescape(re.findall(r"<h1>(.*?)</h1>", text, flags=re.DOTALL)[0]).startswith(HOSTILE)
    kinds = [attributes.get("type") for tag, attributes in parsed.tags if tag == "script"]
    assert kinds == ["application/json"] * 7 + [None, None]


def test_unequal_budgets_are_marked_wherever_the_variant_appears() -> None:
    record = example()
    marked = replace(record.variants["bag"], unequal_budget="three epochs only")
    text = page(read(replace(record, variants={**record.variants, "bag": marked}), ()))
    assert text.count("bag ‡ unequal budget") >= 6
    shown = Elements(text).text
    assert "bag ran on an unequal budget: three epochs only" in shown


def test_backticks_become_code_and_everything_between_stays_escaped() -> None:
    assert prose("run `a <b>` now") == "run <code>a &lt;b&gt;</code> now"
    assert prose("one ` alone <i>") == "one ` alone &lt;i&gt;"


def test_metrics_that_a_finding_calls_accuracy_are_called_so_beside_the_figures() -> None:
    told = Finding("eval.metric", "present", "swa, hwa are accuracy here", "any", "info", {"metric": "swa, hwa"})
    assert Elements(page(read(example(), (told,)))).text.count("swa, hwa are accuracy here") >= 3


def test_a_setting_that_was_read_back_otherwise_is_marked() -> None:
    record = example()
    wrong = replace(
        record.variants["main"],
        settings=(Setting("training.clip", 1.0, "our default", 5.0), Setting("model.hidden", 64, "our default", 64)),
    )
    text = page(read(replace(record, variants={**record.variants, "main": wrong}), ()))
    assert text.count("differs from the stated value") == 1
    assert "1 setting read back from the built objects differ" in Elements(text).text


def test_without_the_converter_the_page_still_comes_out(no_converter: None) -> None:
    text = page(read(example(), findings()))
    parsed = Elements(text)
    assert not any(tag in ("svg", "script") for tag, _ in parsed.tags)
    assert parsed.text.count("pip install 'brittlestar[report]'") == 7
    assert parsed.text.count("brittlestar report spr-demo.study") >= 7
    for name in ARMS:
        assert name in parsed.text
    assert "[76.8, 78.1]" in parsed.text


def test_the_helper_names_the_extra() -> None:
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'brittlestar[report]'")):
        optional.require("vl_convert_that_is_not_there", render.EXTRA)


@pytest.mark.parametrize(("arms", "seeds"), [(100, 5), (1, 500)])
def test_five_hundred_cells_fit_in_five_megabytes_and_ten_seconds(arms: int, seeds: int) -> None:
    listed = list(ARMS.items())
    many = {(listed[index % 7][0] + (f"-{index}" if index > 6 else "")): listed[index % 7][1] for index in range(arms)}
    reading = read(example(many, tuple(range(seeds)), incidents=False), findings())
    started = time.process_time()
    text = page(reading)
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
    shown = Elements(page(read(bare, ()))).text
    assert "Figure 1 is missing" in shown
    assert "Figure 2 is missing: no variant reads the sequence both ways" in shown
    assert "No shifted split: cannot say" in shown
    assert "No claim was registered" in shown
    assert "1 seed: no interval" in shown
    assert "There is no held-out split" in shown


def test_a_study_without_any_finished_cell_has_a_page() -> None:
    record = example()
    cells = tuple(replace(cell, state="planned", outcome=None, scores={}, curves={}) for cell in record.cells)
    shown = Elements(page(read(replace(record, cells=cells), ()))).text
    assert "No score yet" in shown
    assert "35 cells without a result (35 planned)" in shown
    assert "0 of 35 cells finished" in shown


def test_metrics_that_are_accuracy_under_another_name_are_called_so() -> None:
    record = example()
    flat = {name: replace(s, factor_weight_range={"shape": (4, 4)}) for name, s in record.splits.items()}
    shown = Elements(page(read(replace(record, splits=flat), ()))).text
    assert "every row has the same factor weights (shape 4)" in shown
    assert "accuracy under another name" in shown
    assert "accuracy under another name" not in Elements(page(read(record, ()))).text
