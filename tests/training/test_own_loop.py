"""What is seen of training loops that are not ours, and what checks say of it."""

import importlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from torch import nn
from torch.nn import functional

from brittlestar.core.catalogue import find_checks
from brittlestar.core.results import AnsweredStudy
from brittlestar.core.scores import score
from brittlestar.core.seen_training import SeenTraining, StillParameter, read_seen
from brittlestar.models.own import OwnModel
from brittlestar.training.fitted import FittedRun, fit_own
from brittlestar.training.loop_hooks import watch_own_loop
from brittlestar.training.loss_graph import describe_outputs
from brittlestar.training.own_loop import NoLoop, OwnLoop
from tests.diagnosis.synthetic import cell, split, study
from tests.training import own_loops

CLASSES = ("no", "yes")
HERE = "brittlestar.diagnosis.seen"
CODES = ["eval.checkpoint", "train.short"]
CODES += [code for code, check in find_checks("record").items() if check.function.__module__.startswith(HERE)]
HEALTHY = (
    "healthy", "log_probabilities", "summed_over_batches", "spare_head", "taught", "summed_loss", "beside_a_penalty",
    "zero_head", "frozen_table", "asked_in_training", "best_pass", "steps_alone",
)  # fmt: skip
FAULTS = {
    "train.loss-mismatch": ("softmax_of_batch", "log_is_missing", "cut_scores", "other_shapes",
                            "turned_around", "one_by_one", "squared_probabilities", "class_ignored"),
    "train.batching": ("sorted_rows",),
    "train.unchanged": ("head_alone", "frozen_after_a_step"),
    "train.rate-low": ("rate_too_low", "rate_that_fades"),
    "data.truncation": ("first_tokens", "last_left_out"),
    "eval.train-mismatch": ("stale_statistics", "trained_in_evaluation", "other_rows_when_asked",
                            "capitals_in_training", "dev_numbered_otherwise"),
    "train.short": ("last_batch_alone", "gathered_over_an_epoch"),
    "train.symmetric": ("equal_units",), "train.rate-high": ("rate_too_high",),
    "train.clip-bound": ("every_step_clipped",), "train.over-regularised": ("too_much_decay",),
    "train.gradient-vanishing": ("fading_gradients",), "train.dead-units": ("dying_units",),
    "train.gradient-exploding": ("one_huge_batch", "scores_too_large"), "token.collision": ("merged_tokens",),
    "token.unknown": ("few_words",), "train.optimiser": ("large_epsilon",), "train.capacity": ("one_number",),
    "token.padding": ("masked_token",), "train.saturated": ("large_start",), "data.small": ("first_rows",),
}  # fmt: skip
"""Loops that have the fault of a code, beside those that are looked at below."""


def rows(seed: int, n: int) -> tuple[list[list[str]], list[str]]:
    """Rows of ten tokens; the label says whether one of two tokens occurs."""
    random = np.random.default_rng(seed)
    tokens = random.choice(list("abcdefgh"), (n, 4))
    return tokens.tolist(), ["yes" if {"a", "b"} & {*row} else "no" for row in tokens]


def fit(name: str, function: Callable[..., object] | None = None, seed: int = 0) -> FittedRun:
    function = function or own_loops.find_fit(name)
    own = OwnModel(name, "fit", function, name, "0" * 64, Path(), ())
    return fit_own(own, {"train": rows(0, 200), "dev": rows(2, 90), "test": rows(1, 100)}, CLASSES, seed)


def seen_of(name: str, seed: int = 0) -> SeenTraining:
    found = fit(name, seed=seed).seen
    assert found is not None
    return found


def say(name: str) -> dict[str, str]:
    """{code: summary} of what is present in a study with one run of this."""
    fitted = fit(name)
    labels, held_out = (np.array([CLASSES.index(one) for one in rows(*of)[1]]) for of in ((0, 200), (2, 90)))
    of_train = score(fitted.probabilities["train"], labels, {})
    scores = {"train": {"best": of_train}, "dev": {"best": score(fitted.probabilities["dev"], held_out, {})}}
    run = replace(cell("main"), outcome="fitted", curves={}, scores=scores, seen=fitted.seen)
    counts = {"no": int((labels == 0).sum()), "yes": int((labels == 1).sum())}
    shares = np.array([*counts.values()]) / len(labels)
    train = split("train", len(labels), counts, {"log_loss": float(-(shares * np.log(shares)).sum())})
    dev = split("dev", 90, {"no": int((held_out == 0).sum()), "yes": int((held_out == 1).sum())})
    record = replace(study([run], splits={"train": train, "dev": dev}), classes=CLASSES)
    found = list(find_checks("answers")["eval.train-mismatch"].function(AnsweredStudy(record, {})))
    found += [finding for code in CODES for finding in find_checks("record")[code].function(record)]
    return {finding.code: finding.summary for finding in found if finding.status == "present"}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_loop_is_no_alarm(name: str) -> None:
    assert say(name) == {}


@pytest.mark.parametrize(("code", "name"), [(code, names[0]) for code, names in FAULTS.items()])
def test_a_fault_is_named(code: str, name: str) -> None:
    assert code in say(name)


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in FAULTS.items() for name in names[1:]])
def test_another_fault_of_a_code_is_named(code: str, name: str) -> None:
    assert code in say(name)


def test_what_is_named_has_its_line() -> None:
    source = Path(own_loops.__file__).read_text(encoding="utf-8").splitlines()
    called = 1 + next(k for k, line in enumerate(source) if "loss(output(" in line)
    stepped = 1 + next(k for k, line in enumerate(source) if "optimiser.step()" in line)
    assert f"(own_loops.py:{called}) is given probabilities" in say("softmax_twice")["train.loss-mismatch"]
    assert f"(own_loops.py:{stepped}) still holds" in say("not_cleared")["train.gradient-accumulating"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("layer_in_a_list", "layers[0].weight, layers[0].bias (own_loops.py:24), kept in a list or dict"),
        ("another_model", "given to no optimiser"),
        ("cut_off", "used, and no gradient reaches it"),
        ("all_zero", "gradients of exactly zero"),
    ],
)
def test_what_stays_as_it_began_has_its_reason(name: str, words: str) -> None:
    assert words in say(name)["train.unchanged"]


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("last_batch_alone", "train.short", "6 steps stand beside 150 batches"),
        ("gathered_over_an_epoch", "train.short", "the gradients of all others are only gathered"),
        ("rate_that_fades", "train.rate-low", "the learning rate fades too soon: 150 steps"),
        ("capitals_in_training", "eval.train-mismatch", " % in upper case (1 run): training prepared rows"),
        ("dev_numbered_otherwise", "eval.train-mismatch", "labels of dev are numbered otherwise than those of train"),
    ],
)
def test_a_simpler_cause_is_named_before_rate_and_length(name: str, code: str, words: str) -> None:
    said = say(name)
    assert words in said[code]
    assert not {"train.short", "train.rate-low"} & ({*said} - {code})


@pytest.mark.parametrize("form", [str.upper, str])
def test_another_form_in_training_is_seen_of_any_framework_with_a_history(
    form: Callable[..., str],
) -> None:
    def fit_plainly(train, dev, seed):
        model = make_pipeline(CountVectorizer(lowercase=False, token_pattern=r"\S+"), LogisticRegression())
        given = [form(" ".join(row)) for row in train.tokens]
        model.fit(given, train.labels)
        history = [{"epoch": 1, "train.accuracy": model.score(given, train.labels)}]
        return lambda asked: model.predict_proba([" ".join(row) for row in asked]), history

    tokens, labels = rows(0, 200)
    own = OwnModel("plain", "fit", fit_plainly, "plain", "0" * 64, Path(), ())
    seen = fit_own(own, {"train": (tokens, labels)}, ("no", "yes"), 0).seen
    if form is str:
        assert seen is None
    else:
        assert seen is not None and seen.steps == 0
        _, _, more, fewer = seen.forms["in upper case"]
        assert more > fewer


@pytest.mark.parametrize(
    ("trained", "asked", "ends"),
    [
        (slice(-2, None), slice(-2, None), (None, 2)),
        (slice(None), slice(2), (2, None)),
        (slice(None), slice(None), None),
    ],
)
def test_rows_that_are_cut_are_seen_of_any_framework(
    trained: slice, asked: slice, ends: tuple[int | None, int | None] | None
) -> None:
    def fit_plainly(train, dev, seed):
        model = make_pipeline(CountVectorizer(lowercase=False, token_pattern=r"\S+"), MultinomialNB())
        model.fit([" ".join(row[trained]) for row in train.tokens], train.labels)
        return lambda given: model.predict_proba([" ".join(row[asked]) for row in given])

    random = np.random.default_rng(2)
    tokens = [[f"w{word}" for word in random.integers(0, 30, random.integers(4, 12))] for _ in range(200)]
    labels = ["yes" if {"w1", "w2", "w3"} & {*row} else "no" for row in tokens]
    own = OwnModel("plain", "fit", fit_plainly, "plain", "0" * 64, Path(), ())
    seen = fit_own(own, {"train": (tokens, labels)}, ("no", "yes"), 0).seen
    if ends is None:
        assert seen is None
    else:
        assert seen is not None and seen.reading is not None
        assert (seen.reading.read_to, seen.reading.read_last) == ends and not seen.reading.tokens


def test_numbers_of_three_classes_are_no_amounts() -> None:
    def three(train, dev, seed):
        return own_loops.find_fit("numbers_of_classes")(train, dev, seed)

    tokens, _ = rows(0, 200)
    labels = [["no", "yes", "zero"][k % 3] for k in range(200)]
    own = OwnModel("three", "fit", three, "three", "0" * 64, Path(), ())
    found = fit_own(own, {"train": (tokens, labels)}, ("no", "yes", "zero"), 0).seen
    assert found is not None and found.loss is not None
    assert found.loss.numbers and not seen_of("numbers_of_classes").loss.numbers


def test_steps_without_an_optimiser_are_not_taken_for_none() -> None:
    assert fit("by_hand").seen is None
    without = seen_of("no_step")
    assert without.steps == 0 and without.backwards == own_loops.EPOCHS * 200 // own_loops.BATCH
    assert "no optimiser takes a step" in say("no_step")["train.unchanged"]


def test_a_token_that_is_there_already_is_no_padding_where_rows_are_sets() -> None:
    reading = seen_of("set_of_tokens").reading
    assert reading is not None and reading.ignored == () and not reading.merged


def test_passes_over_held_out_rows_are_seen() -> None:
    seen = seen_of("best_pass")
    assert [one.rows for one in seen.passes] == [90] * own_loops.EPOCHS
    assert [one.step for one in seen.passes] == [25 * (k + 1) for k in range(own_loops.EPOCHS)]
    again = read_seen(json.loads(json.dumps(seen.as_json())))
    assert again is not None and again.as_json() == seen.as_json()
    words = say("worst_pass")["eval.checkpoint"]
    assert "the weights of pass 1 (" in words and "the best was pass 6 (" in words


def test_rows_are_counted_by_what_they_hold() -> None:
    seen = seen_of("first_rows")
    assert seen.rows is not None and seen.rows.different == 24
    healthy = seen_of("healthy").rows
    assert healthy is not None
    random, tokens = np.random.default_rng(0), rows(0, 200)[0]
    draws = [len({tuple(tokens[k]) for k in random.integers(200, size=healthy.looked)}) for _ in range(400)]
    assert abs(healthy.expected - np.mean(draws)) < 1
    assert healthy.different > 0.9 * healthy.expected


def test_classes_that_are_not_those_of_their_rows_are_seen() -> None:
    many = rows(0, 1600)
    for name, belong in (("healthy", True), ("labels_out_of_step", False)):
        own = OwnModel(name, "fit", own_loops.find_fit(name), name, "0" * 64, Path(), ())
        fitted = fit_own(own, {"train": many, "dev": rows(2, 90)}, CLASSES, 0)
        pairs = None if fitted.seen is None else fitted.seen.pairs
        assert pairs is not None and pairs.rows > 150 and pairs.true > 0.8
        assert (pairs.fed > 0.8) is belong and (abs(pairs.fed - 0.5) < 0.15) is not belong
        counts = {one: many[1].count(one) for one in CLASSES}
        scores = {
            "train": {
                "best": score(fitted.probabilities["train"], np.array([CLASSES.index(one) for one in many[1]]), {})
            }
        }
        run = replace(cell("main"), outcome="fitted", curves={}, scores=scores, seen=fitted.seen)
        record = replace(study([run], splits={"train": split("train", 1600, counts, {})}), classes=CLASSES)
        (found,) = find_checks("record")["train.batching"].function(record)
        assert (found.status == "present") is not belong
        assert belong or "classes that are not theirs" in found.summary


def test_modes_are_seen() -> None:
    assert seen_of("healthy").trained_in_eval == seen_of("healthy").predicted_in_train == ()
    assert seen_of("trained_in_evaluation").trained_in_eval == ("Dropout",)
    assert seen_of("asked_in_training").predicted_in_train == ("Dropout",)


@pytest.mark.parametrize("name", ["healthy", "not_cleared", "summed_over_batches"])
def test_watching_changes_nothing_and_leaves_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = functional.cross_entropy
    watched = fit(name).probabilities["test"]
    assert functional.cross_entropy is before
    optimisers = importlib.import_module("torch.optim.optimizer")
    hooks = (nn.modules.module._global_forward_pre_hooks, optimisers._global_optimizer_pre_hooks,
             optimisers._global_optimizer_post_hooks)  # fmt: skip
    assert not any(hooks)
    monkeypatch.setattr("brittlestar.training.fitted.watch_own_loop", _watch_nothing)
    assert np.array_equal(watched, fit(name).probabilities["test"])


def _watch_nothing(_: object):
    from contextlib import nullcontext

    from brittlestar.training.own_loop import NoLoop

    return nullcontext(NoLoop())


def test_two_runs_of_one_seed_are_seen_alike_and_survive_writing() -> None:
    one, other = seen_of("softmax_twice", 3), seen_of("softmax_twice", 3)
    assert one == other
    again = read_seen(json.loads(json.dumps(one.as_json())))
    assert again is not None and again.loss == one.loss and again.still == one.still
    assert again.as_json() == one.as_json()
    assert read_seen(None) is None


def test_what_fails_in_watching_is_not_the_runs_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("watching broke")

    monkeypatch.setattr("brittlestar.training.loss_watch.LossWatch.see", fail)
    fitted = fit("healthy")
    assert fitted.seen is None and np.isfinite(fitted.probabilities["test"]).all()


def test_without_pytorch_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.training.loop_hooks.sys", SimpleNamespace(modules={}))
    with watch_own_loop() as loop:
        assert loop.tell() is None


def test_a_loop_that_takes_no_step_was_not_seen() -> None:
    def constant(train, dev, seed):
        return lambda tokens: np.tile([0.5, 0.5], (len(tokens), 1))

    assert fit("constant", constant).seen is None


@given(arrays.arrays(np.float32, (12, 3), elements=st.floats(-8, 8, width=32)))
def test_forms_of_outputs_hold_for_any_scores(scores: np.ndarray) -> None:
    powers = np.exp(scores.astype(np.float64))
    rows_, columns = powers / powers.sum(1, keepdims=True), powers / powers.sum(0, keepdims=True)
    assert describe_outputs(rows_) == "probabilities"
    assert describe_outputs(np.log(rows_)) == "log-probabilities"
    if np.abs(columns.sum(1) - 1).max() > 0.01:
        assert describe_outputs(columns) == "shares of a batch"
        assert describe_outputs(np.log(columns)) == "shares of a batch"
    assert describe_outputs(scores[:2]) is None, "six numbers are too few"


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning", "ignore:.*torch.compile:UserWarning")
def test_a_compiled_and_a_scripted_model_are_trained_as_without_watching() -> None:
    class Scripted(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(4, 2)

        def forward(self, values: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            return functional.cross_entropy(self.head(values), labels)

    values, labels = torch.randn(8, 4), torch.arange(8) % 2
    with watch_own_loop() as loop:
        scripted = torch.jit.script(Scripted())
        whole = torch.compile(Scripted(), backend="eager", fullgraph=True)
        for model in (scripted, whole):
            optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(4):
                optimiser.zero_grad()
                model(values, labels).backward()
                optimiser.step()
        assert loop.tell() is not None
    assert torch.jit.script.__module__.startswith("torch")


def test_of_two_optimisers_the_larger_is_told_of() -> None:
    def two(train, dev, seed):
        torch.manual_seed(seed)
        body, head = nn.Linear(4, 32), nn.Linear(32, 2)
        both = torch.optim.Adam(head.parameters(), lr=1e-2), torch.optim.AdamW(body.parameters(), lr=1e-5)
        for _ in range(9):
            loss = functional.cross_entropy(head(body(torch.randn(8, 4))), torch.arange(8) % 2)
            for one in both:
                one.zero_grad()
            loss.backward()
            for one in both:
                one.step()
        return lambda tokens: np.tile([0.5, 0.5], (len(tokens), 1))

    seen = fit("two", two).seen
    assert seen is not None and seen.course is not None
    assert (seen.optimiser, seen.steps, seen.rate) == ("AdamW", 9, (1e-5, 1e-5)) and seen.still == ()
    assert seen.course.size == pytest.approx(1, abs=0.01)


def test_a_loop_that_loads_pytorch_while_it_trains_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, plain = tmp_path / "own.py", tmp_path / "plain.py"
    own.write_text("def fit(train, dev, seed):\n    import transformers\n", encoding="utf-8")
    plain.write_text("def fit(train, dev, seed):\n    import csv\n", encoding="utf-8")
    monkeypatch.setattr("brittlestar.training.loop_hooks.sys", SimpleNamespace(modules={}))
    for files, kind in (([own], OwnLoop), ([plain], NoLoop), ([], NoLoop)):
        with watch_own_loop(files) as loop:
            assert isinstance(loop, kind)


class ByNames(own_loops.Net):
    """As models of transformers are called: by names alone."""

    def __call__(self, tokens):
        return super().__call__(tokens=tokens)


def test_a_module_that_is_called_by_names_ends_no_watching() -> None:
    def by_names(train, dev, seed):
        return own_loops._fit(train, seed, module=ByNames)

    found = fit("by_names", by_names).seen
    assert found is not None and found.rows is not None and found.rows.looked > 0


def test_parameters_are_counted_and_where_they_begin_is_told_by_seed() -> None:
    def frozen(train, dev, seed):
        return own_loops._fit(
            train, seed, start=lambda model: model.embedding.requires_grad_(False),
            given=lambda model: [parameter for parameter in model.parameters() if parameter.requires_grad],
        )  # fmt: skip

    def seeded(train, dev, seed):
        return own_loops._fit(train, 42)

    free, held = seen_of("healthy"), fit("frozen", frozen).seen
    table = 10 * own_loops.WIDTH
    assert held is not None and free.moved == free.trainable == free.parameters
    assert held.parameters == free.parameters and held.trainable == held.moved == free.parameters - table
    assert free.start != seen_of("healthy", 1).start
    first, second = (fit("seeded", seeded, seed).seen for seed in (0, 1))
    assert first is not None and second is not None and first.start == second.start != ""


def features(train, dev, seed):
    """A head on what an encoder makes of rows, once and without gradients."""
    torch.manual_seed(seed)
    number = {token: k for k, token in enumerate("abcdefgh")}
    encoder, head = nn.Sequential(nn.Embedding(8, 32), nn.Flatten(), nn.Linear(128, 64)), nn.Linear(64, 2)

    def encode(tokens):
        with torch.no_grad():
            return encoder(torch.tensor([[number[token] for token in row] for row in tokens]))

    made, labels = encode(train.tokens), torch.tensor([CLASSES.index(label) for label in train.labels])
    optimiser = torch.optim.Adam(head.parameters())
    for _ in range(3):
        for places in torch.randperm(len(labels)).split(16):
            optimiser.zero_grad()
            functional.cross_entropy(head(made[places]), labels[places]).backward()
            optimiser.step()
    return lambda tokens: head(encode(tokens)).softmax(1).detach().numpy()


def averaged(train, dev, seed):
    """A moving average of the weights answers, copied into a new module."""
    answer = own_loops._fit(train, seed)
    trained = next(one for one in (each.cell_contents for each in answer.__closure__) if isinstance(one, nn.Module))
    fresh = own_loops.Net(10, 2)
    fresh.load_state_dict(trained.state_dict())
    return lambda tokens: answer(tokens) if fresh(torch.zeros(1, 1, dtype=torch.long)) is not None else None


@pytest.mark.parametrize(("function", "share"), [(features, 0.98), (averaged, 0.0)])
def test_an_encoder_that_makes_features_is_part_of_the_model(function: Callable[..., object], share: float) -> None:
    found = fit(function.__name__, function).seen
    assert found is not None and 1 - found.moved / found.parameters == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(
    ("seeds", "starts", "status", "severity"),
    [
        (("a", "b"), ("x", "y"), "present", "warning"),  # drawn: another seed has other values
        (("a", "a"), ("x", "x"), "present", "warning"),  # all weights begin alike: own code seeds itself
        (("a", "a"), ("x", "y"), "present", "info"),  # the same values beside a head that was drawn: loaded, perhaps
    ],
)
def test_a_frozen_encoder_is_told_whoever_seeds(
    seeds: tuple[str, ...], starts: tuple[str, ...], status: str, severity: str
) -> None:
    def run(number: int, skill: float):
        still = (StillParameter("encoder.weight", 66_000, "frozen", "own.py:3", seeds[number]),)
        seen = SeenTraining(50, 66_100, still=still, trainable=100, start=starts[number])
        scores = {"train": {"best": {"balanced_accuracy": skill}}}
        return replace(cell("main", number), outcome="fitted", curves={}, scores=scores, seen=seen)

    (unfit,) = find_checks("record")["train.unchanged"].function(study([run(0, 0.6), run(1, 0.6)]))
    assert (unfit.status, unfit.severity) == (status, severity)
    assert "steps move 100 of 66,100 values" in unfit.summary and "(own.py:3)" in unfit.summary
    (fitted,) = find_checks("record")["train.unchanged"].function(study([run(0, 0.99), run(1, 0.99)]))
    assert fitted.status == "absent"
