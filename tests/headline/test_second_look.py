"""What an expert who looks twice would say: faults that are planted in real or made rows, answered end to end."""

from collections.abc import Callable
from functools import cache

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from brittlestar import check, gate
from brittlestar.verbs.check import CheckResult

Rows = tuple[list[str], np.ndarray]
Answers = dict[str, np.ndarray]
ROWS = {"train": 900, "dev": 400, "test": 400, "shift_far": 300}


@cache
def draw(seed: int = 0) -> dict[str, Rows]:
    """Rows of 8 words of 60, whose label is that of a noisy sum of word weights."""
    random = np.random.default_rng(seed)
    weights = random.normal(size=60)
    made: dict[str, Rows] = {}
    for split, n in ROWS.items():
        words = random.integers(0, 60, (n, 8))
        labels = (weights[words].sum(axis=1) + random.normal(0, 1.2, n) > 0).astype(int)
        made[split] = [" ".join(f"w{k}" for k in row) for row in words], labels
    return made


@cache
def answer(*fitted: str) -> Answers:
    """Answers to dev, test and shift_far of a logistic regression on bigrams, too, that was fitted on these splits."""
    made = draw()
    reader = CountVectorizer(ngram_range=(1, 2), token_pattern=r"\S+")
    texts = [text for split in fitted for text in made[split][0]]
    model = LogisticRegression(C=100).fit(reader.fit_transform(texts), np.concatenate([made[s][1] for s in fitted]))
    return {split: model.predict(reader.transform(made[split][0])) for split in ROWS}


def give(answers: Answers, data: dict[str, Rows] | None = None) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Splits, and answers to them by ids."""
    data = draw() if data is None else data
    frames = {
        split: pl.DataFrame(
            {"id": [f"{split}{k}" for k in range(len(texts))], "sequence": texts, "label": labels.astype(str)}
        )
        for split, (texts, labels) in data.items()
    }
    given = [
        pl.DataFrame({"id": frames[split]["id"], "split": split, "prediction": np.asarray(answers[split]).astype(str)})
        for split in data
        if split in answers
    ]
    return frames, pl.concat(given)


def ask(answers: Answers, data: dict[str, Rows] | None = None) -> CheckResult:
    """`check` of answers in memory."""
    frames, given = give(answers, data)
    return check(frames, predictions=given, progress=False)


def names(found: CheckResult, *severities: str) -> set[str]:
    return {one.code for one in found.findings if one.severity in severities}


def later(answers: np.ndarray) -> np.ndarray:
    return np.roll(answers, 1)


def sooner(answers: np.ndarray) -> np.ndarray:
    return np.roll(answers, -3)


def backwards(answers: np.ndarray) -> np.ndarray:
    return answers[::-1]


def of_dev(_: np.ndarray) -> np.ndarray:
    return answer("train")["dev"]


def test_an_honest_model_is_told_of_no_fault():
    found = ask(answer("train"))
    assert names(found, "error", "warning") <= {"eval.below-trivial"}
    if found.headline.act_first is not None:
        assert "fault" not in found.headline.act_first.remedy


def test_a_model_that_was_trained_on_test_is_neither_real_nor_sound():
    found = ask(answer("train", "test"))
    assert found.headline.act_first is not None and found.headline.act_first.code == "leak.memorised"
    assert {found.headline.real.answer, found.headline.sound.answer} == {"cannot-say"}
    assert "test is answered" in found.headline.real.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (later, "1 row earlier"),
        (sooner, "3 rows later"),
        (backwards, "from the last row to the first"),
        (of_dev, "as those of dev"),
        (np.sort, "in another order than the rows"),
    ],
)
def test_answers_of_other_rows_are_named_with_both_scores(change: Callable[[np.ndarray], np.ndarray], said: str):
    honest = answer("train")
    found = ask({**honest, "test": change(honest["test"])})
    (seen,) = (one for one in found.findings if one.code == "eval.row-order")
    assert seen.status == "present" and said in seen.summary
    assert found.headline.act_first is not None and found.headline.act_first.code == "eval.row-order"
    assert (found.headline.real.answer, found.headline.holds.answer) == ("no", "cannot-say")


def test_a_least_score_is_met_by_nothing_that_new_rows_do_not_show():
    """The model has seen test; an honest one passes the same bar."""
    for fitted, outcome in ((("train",), "pass"), (("train", "test"), "cannot-say")):
        frames, given = give(answer(*fitted))
        (asked,) = gate(frames, predictions=given, min_score=0.5, progress=False).requirements
        assert asked.outcome == outcome and ("leak.memorised" in asked.sentence) == (outcome == "cannot-say")


def test_rows_of_which_none_is_new_lead_to_other_rows_and_to_no_cleaning():
    made = draw()
    texts, labels = made["test"]
    train = [*made["train"][0][400:], *texts], np.concatenate([made["train"][1][400:], labels])
    found = ask({**answer("train"), "test": labels}, {**made, "train": train})
    act = found.headline.act_first
    assert act is not None and (act.code, act.command) == ("leak.exact", None) and "other rows" in act.remedy


def test_near_copies_are_named_and_not_the_memory_that_they_make():
    made = draw()
    texts, labels = made["test"]
    changed = [" ".join([*text.split(), "again"]) for text in texts]
    train = [*made["train"][0][400:], *changed], np.concatenate([made["train"][1][400:], labels])
    found = ask({**answer("train"), "test": labels}, {**made, "train": train})
    assert found.headline.act_first is not None and found.headline.act_first.code == "leak.near"
    assert "leak.memorised" not in names(found, "error", "warning")


def test_a_token_that_gives_the_label_away_leads_before_a_low_score():
    made = {
        split: ([f"{text} tag{label}" for text, label in zip(texts, labels, strict=True)], labels)
        for split, (texts, labels) in draw().items()
    }
    found = ask(answer("train"), made)
    assert "eval.below-trivial" in names(found, "error")
    assert found.headline.act_first is not None and found.headline.act_first.code == "shortcut.position"
    assert found.headline.sound.answer == "cannot-say"


def test_one_class_is_named_before_the_low_score_and_blocks_holds():
    found = ask({split: np.zeros(ROWS[split], int) for split in ROWS})
    assert found.headline.act_first is not None and found.headline.act_first.code == "eval.constant"
    assert found.headline.holds.answer == "cannot-say" and "eval.constant" in found.headline.holds.sentence


def test_labels_of_test_that_are_swapped_block_holds():
    made = draw()
    swapped = {**made, "test": (made["test"][0], 1 - made["test"][1])}
    found = ask(answer("train"), swapped)
    assert "eval.label-order" in names(found, "error")
    assert found.headline.holds.answer == "cannot-say"


def test_texts_that_tell_nothing_of_labels_are_said_first():
    random = np.random.default_rng(1)
    blind = {
        split: ([f"day w{a} desk w{b}" for a, b in random.integers(0, 40, (n, 2))], draw()[split][1])
        for split, n in ROWS.items()
    }
    found = ask({split: random.integers(0, 2, n) for split, n in ROWS.items()}, blind)
    assert found.headline.act_first is not None and found.headline.act_first.code == "data.no-signal"
    assert found.headline.sound.answer == "cannot-say"


def easy() -> dict[str, Rows]:
    """Test holds the rows alone that a plain model is surest of."""
    made = draw()
    reader = CountVectorizer(token_pattern=r"\S+")
    model = LogisticRegression().fit(reader.fit_transform(made["train"][0]), made["train"][1])
    texts, labels = draw(0)["test"]
    sure = np.abs(model.decision_function(reader.transform(texts)))
    chosen = np.argsort(-sure)[:150]
    return {**made, "test": ([texts[k] for k in chosen], labels[chosen])}


def moved() -> dict[str, Rows]:
    """Labels of every other row of train are those of the row before."""
    made = draw()
    texts, labels = made["train"]
    return {**made, "train": (texts, np.where(np.arange(len(labels)) % 2 == 0, np.roll(labels, 1), labels))}


@pytest.mark.parametrize("plant", [easy, moved])
def test_a_split_that_is_easier_than_train_blocks_real_and_sound(plant: Callable[[], dict[str, Rows]]):
    data = plant()
    honest = answer("train")
    answers = {**honest, "test": honest["test"][: len(data["test"][0])]}
    if plant is easy:
        place = {text: k for k, text in enumerate(draw()["test"][0])}
        answers["test"] = honest["test"][[place[text] for text in data["test"][0]]]
    found = ask(answers, data)
    assert "data.difficulty" in names(found, "warning", "error")
    headline = found.headline
    assert {headline.real.answer, headline.holds.answer, headline.sound.answer} == {"cannot-say"}
    assert headline.act_first is not None and headline.act_first.code == "data.difficulty"


def test_clean_splits_of_one_source_are_as_hard_as_train():
    statuses = {one.status for one in ask(answer("train")).findings if one.code == "data.difficulty"}
    assert statuses == {"absent"}
