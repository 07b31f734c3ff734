"""Models that train themselves: fit functions and scikit-learn estimators."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.results import Setting
from brittlestar.core.seeds import generator
from brittlestar.core.seen_training import SeenTraining
from brittlestar.models.held import list_held
from brittlestar.models.importing import importing_from
from brittlestar.models.own import OwnCodeError, OwnModel, call_own, takes
from brittlestar.models.own_params import choose_keywords
from brittlestar.models.source import defined_at
from brittlestar.training.asking_tokens import add_reading, ask_ends, ask_forms
from brittlestar.training.loop_hooks import watch_own_loop
from brittlestar.training.predictor import FunctionPredictor, as_array

NEARLY_RIGHT = 0.97  # convention: three points are left, too few for a form of rows to be at fault
NOTHING: Mapping[str, Any] = MappingProxyType({})
Rows = Mapping[str, tuple[list[list[str]], list[str]]]
"""For each split its tokens as strings (unknown ones as they were written) and its labels."""


_Model = tuple[Callable[[list[list[str]]], np.ndarray], bool, list[float], Any, Any]
"""What answers rows, whether its answers are bare classes, the losses that it reported, its history, and what own code
gave: the function that predicts, or the fitted estimator."""


@dataclass(frozen=True)
class FitSplit:
    """What a fit function sees of a split: `tokens[i]` and `labels[i]` belong to row i."""

    tokens: list[list[str]]
    labels: list[str]


class Observe:
    """Handed to a fit function that takes `observe`: it calls `step` once per optimiser step, and the losses stay."""

    def __init__(self) -> None:
        self.losses: list[float] = []

    def step(self, model: Any, optimiser: Any, loss: Any) -> None:
        """Note one step. `loss` is a number or a tensor with one element; model and optimiser are not kept."""
        self.losses.append(float(loss.detach() if hasattr(loss, "detach") else loss))


class UnusableAnswersError(InputError):
    """What a model answers are no probabilities. `seen` is what was seen while it trained: it may say why."""

    def __init__(self, problems: Sequence[Problem], seen: SeenTraining | None) -> None:
        super().__init__(problems)
        self.seen = seen

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems, self.seen)


@dataclass(frozen=True)
class FittedRun:
    """`probabilities[split]` is float32 (n_rows, n_classes), columns in the order of the classes; empty until the model
    was asked. `hard` is true when the model only names a class, so that each row is one-hot and its log loss and
    calibration mean nothing. `losses` are those the fit function reported, float64 (n_steps,); `history` is what it
    returned beside the function that predicts, None where that is all; `predictor` can be asked again; `seen` is what
    was seen of PyTorch while it trained, None where that was nothing; `held` are settings that own code made itself."""

    predictor: FunctionPredictor
    hard: bool
    losses: np.ndarray
    history: Any
    probabilities: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    seen: SeenTraining | None = None
    held: tuple[Setting, ...] = ()


def fit_own(
    own: OwnModel, rows: Rows, classes: Sequence[str], seed: int, params: Mapping[str, Any] = NOTHING
) -> FittedRun:
    """Fit on `rows["train"]` with `params`, and score every split of `rows`.

    Raises what `fit_predictor` raises, and InputError, which tells all that is wrong at once, when what it answers are
    no probabilities (n_rows, n_classes).
    """
    with watch_own_loop(own.files) as loop:
        fitted = fit_predictor(own, rows, classes, seed, params)
        found: dict[str, np.ndarray] = {}
        problems: list[Problem] = []
        for name, (tokens, _) in rows.items():
            with loop.answering():
                values, wrong = fitted.predictor.answer([list(row) for row in tokens])
            if wrong is None:
                found[name] = values.astype(np.float32)
            else:  # numbers of any size
                what = f"{own.reference} on split {name!r}: {wrong[0]}"
                problems.append(Problem(what, fitted.predictor.where, wrong[1]))
        told = loop.tell()
    if problems:
        raise UnusableAnswersError(problems, told)
    seen = _add_reading(_add_expected(told, rows["train"]), fitted.predictor, rows["train"][0])
    chosen = found["train"].argmax(axis=1)
    if seen is None:
        seen = _ask_unwatched(fitted, rows["train"], chosen)
    else:
        seen = _add_forms(seen, fitted.predictor, rows["train"], chosen)
    return replace(fitted, probabilities=found, seen=seen)


def _add_reading(
    seen: SeenTraining | None, predictor: FunctionPredictor, train: list[list[str]]
) -> SeenTraining | None:
    """The same, with what the model reads of rows. Only of networks: answers of trees are the same for tokens that they
    do read."""
    if seen is None or seen.predicted_in_train:
        return seen
    return add_reading(seen, predictor.ask, train)


def _ask_unwatched(
    fitted: FittedRun, train: tuple[list[list[str]], list[str]], chosen: np.ndarray
) -> SeenTraining | None:
    """What the answers of a model tell that was not watched while it trained: the form in which training gave rows,
    where a history says what train scored; else that it does not read rows to their ends. None where neither is seen,
    which says nothing."""
    nothing = SeenTraining(0, 0)
    formed = _add_forms(nothing, fitted.predictor, train, chosen) if fitted.history else nothing
    if formed.forms:
        return formed
    try:
        reading = None if fitted.hard else ask_ends(fitted.predictor.ask, train[0])
    except Exception:  # changed rows may be none that own code takes
        return None
    return None if reading is None else replace(nothing, reading=reading)


def _add_forms(
    seen: SeenTraining,
    predictor: FunctionPredictor,
    train: tuple[list[list[str]], list[str]],
    chosen: np.ndarray,
) -> SeenTraining:
    """The same, with what other forms of rows make of its answers, where it is not right on nearly all of train:
    `chosen` int (n,) are its answers to it."""
    labels = np.array([predictor.classes.index(label) for label in train[1]])
    right = chosen == labels
    if seen.predicted_in_train or right.mean() >= NEARLY_RIGHT:
        return seen
    try:
        return replace(seen, forms=ask_forms(predictor.ask, train[0], labels, right))
    except Exception:  # a form of rows may be none that own code takes
        return seen


def _add_expected(seen: SeenTraining | None, train: tuple[list[list[str]], list[str]]) -> SeenTraining | None:
    """The same, with what train has in place of what was read of it."""
    if seen is not None and seen.rows is not None:
        seen = replace(seen, rows=replace(seen.rows, expected=_expect_rows(train[0], seen.rows.looked)))
    if seen is None or seen.pairs is None:
        return seen
    from brittlestar.training.pair_watch import MOST_PAIRS, count_tokens, measure_association

    chosen = generator(0, "asked pairs").permutation(len(train[0]))[: 4 * MOST_PAIRS].tolist()
    rows, labels = ([part[k] for k in chosen] for part in train)
    found = measure_association(count_tokens(rows), np.unique(labels, return_inverse=True)[1], seen.pairs.rows)
    return replace(seen, pairs=None if found is None else replace(seen.pairs, true=found[1]))


def _expect_rows(train: Sequence[Sequence[str]], draws: int) -> float:
    """How many different rows so many draws from train, with replacement, hold in the mean."""
    shares = np.array([*Counter(map(tuple, train)).values()]) / max(len(train), 1)
    return float((1 - (1 - shares) ** draws).sum())


def fit_predictor(
    own: OwnModel, rows: Rows, classes: Sequence[str], seed: int, params: Mapping[str, Any] = NOTHING
) -> FittedRun:
    """Fit on `rows["train"]`.

    A fit function is called as `fit(train, dev, seed[, observe], **params)`, `dev` being None when there is no such
    split, or with `params` as one dict where it has that parameter; it returns what predicts, or that and a history. An
    estimator is cloned, its `params` are set, every `random_state` in it is set to the seed (modulo 2³²), and it is
    given the tokens of a row joined by spaces. Both get copies, so that the data survives what they do to it. Raises
    OwnCodeError when the user's code raises, InputError when it gives nothing that can be asked.
    """
    if own.kind not in ("fit", "estimator"):
        raise ValueError(f"{own.reference} is a {own.kind}: it does not fit itself")
    with importing_from(own.folder):
        fit = _fit_function if own.kind == "fit" else _fit_estimator
        score, hard, losses, history, trained = fit(own, rows, tuple(classes), seed, params)

    def ask(tokens: list[list[str]]) -> np.ndarray:
        with importing_from(own.folder):
            return score(tokens)

    predictor = FunctionPredictor(ask, tuple(classes), defined_at(own.object))
    return FittedRun(predictor, hard, np.array(losses, np.float64), history, held=list_held(own, trained))


def _fit_function(own: OwnModel, rows: Rows, classes: tuple[str, ...], seed: int, params: Mapping[str, Any]) -> _Model:
    observe = Observe()
    extra: dict[str, Any] = {"observe": observe} if takes(own.object, "observe") else {}
    extra |= choose_keywords(own, params)
    train = _copy_split(rows["train"])
    seen = sorted(set(train.labels))
    dev = _copy_split(rows["dev"]) if "dev" in rows else None
    predict: Any = call_own(own.object, train, dev, what=own.reference, seed=seed, **extra)
    history: Any = None
    if isinstance(predict, tuple) and len(cast("tuple[Any, ...]", predict)) == 2:
        predict, history = cast("tuple[Any, Any]", predict)
    if not callable(predict):
        raise InputError(
            f"{own.reference} returned a {type(predict).__name__}, not a function",
            defined_at(own.object),
            "return predict_proba: list of token lists -> (n, classes); or (predict_proba, history)",
        )

    def score(tokens: list[list[str]]) -> np.ndarray:
        given = as_array(call_own(predict, tokens, what=f"predict_proba of {own.reference}"))
        # A resampled train may lack a class, and a fit function knows no other classes than those of its rows.
        fits_seen = given.ndim == 2 and given.shape[1] == len(seen) < len(classes)
        return _in_class_order(own, given, seen, classes) if fits_seen else given

    return score, False, observe.losses, history, predict


def _fit_estimator(own: OwnModel, rows: Rows, classes: tuple[str, ...], seed: int, params: Mapping[str, Any]) -> _Model:
    from sklearn.base import clone

    estimator: Any = call_own(clone, own.object, what=f"cloning {own.reference}")
    given = {**params, **_random_states(estimator, seed)}
    call_own(estimator.set_params, what=f"{own.reference}.set_params", **given)
    tokens, labels = rows["train"]
    try:
        call_own(estimator.fit, _join_tokens(tokens), list(labels), what=f"{own.reference}.fit")
    except OwnCodeError as error:
        raise OwnCodeError([_with_hint(problem) for problem in error.problems]) from error.__cause__
    hard = not hasattr(estimator, "predict_proba")

    def score(tokens: list[list[str]]) -> np.ndarray:
        texts = _join_tokens(tokens)
        if hard:
            named = call_own(estimator.predict, texts, what=f"{own.reference}.predict")
            return _one_hot(own, [str(name) for name in named], classes)
        given = as_array(call_own(estimator.predict_proba, texts, what=f"{own.reference}.predict_proba"))
        return _in_class_order(own, given, _fitted_classes(estimator, classes), classes)

    return score, hard, [], None, estimator


def _with_hint(problem: Problem) -> Problem:
    """The one mistake that symbolic data invites: scikit-learn's default pattern drops symbols and single letters."""
    if "empty vocabulary" not in problem.what:
        return problem
    hint = r"its tokeniser drops symbols and single letters: CountVectorizer(token_pattern=r'\S+', lowercase=False)"
    return Problem(problem.what, problem.where, hint)


def _random_states(estimator: Any, seed: int) -> dict[str, int]:
    names = (name for name in estimator.get_params(deep=True) if name.rpartition("__")[2] == "random_state")
    return dict.fromkeys(names, seed % 2**32)


def _fitted_classes(estimator: Any, classes: tuple[str, ...]) -> tuple[str, ...]:
    given: Any = getattr(estimator, "classes_", classes)
    return tuple(str(name) for name in given)


def _in_class_order(own: OwnModel, given: np.ndarray, names: Sequence[str], classes: tuple[str, ...]) -> np.ndarray:
    """Columns from the estimator's order to that of the classes; a class it has never seen gets 0."""
    strangers = [name for name in names if name not in classes]
    if given.ndim != 2 or given.shape[1] != len(names) or strangers:
        raise InputError(
            f"{own.reference}: predict_proba has shape {given.shape} for the classes {list(names)[:10]}",
            defined_at(own.object),
            f"expected a column for each of {list(classes)[:10]}",
        )
    ordered = np.zeros((len(given), len(classes)), dtype=np.float64)
    ordered[:, [classes.index(name) for name in names]] = given
    return ordered


def _one_hot(own: OwnModel, named: list[str], classes: tuple[str, ...]) -> np.ndarray:
    place = {name: column for column, name in enumerate(classes)}
    strangers = sorted(set(named) - set(classes))
    if strangers:
        raise InputError(
            f"{own.reference} predicts {strangers[:5]}, which are no classes of train ({list(classes)[:10]})",
            defined_at(own.object),
            "use a classifier",
        )
    return np.eye(len(classes))[[place[name] for name in named]]


def _copy_split(split: tuple[list[list[str]], list[str]]) -> FitSplit:
    tokens, labels = split
    return FitSplit([list(row) for row in tokens], list(labels))


def _join_tokens(tokens: list[list[str]]) -> list[str]:
    return [" ".join(row) for row in tokens]
