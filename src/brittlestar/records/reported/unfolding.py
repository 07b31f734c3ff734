"""What a value says of other settings beside its own: `BiLSTM`, `StepLR(step_size=2)`, `(64, 64)`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from brittlestar.records.reported.aliases import find_paths, plain_name
from brittlestar.records.reported.dropouts import pair_places
from brittlestar.records.reported.enumerations import pair_cells
from brittlestar.records.reported.numbers import LONGEST, read_number, read_numbers
from brittlestar.records.reported.phrases import WEIGHTS, find_weights
from brittlestar.records.reported.prose import read_prose
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.values import read_choice
from brittlestar.records.reported.watching import find_metrics

KIND = "training.schedule.kind"
SPOKEN = (
    *("training.optimiser", "model.family", KIND, "training.schedule.gamma", "training.selection.metric"),
    "training.early_stopping.patience",
)
"""Settings of which people say in the same breath how they are set up."""


def unfold_stated(stated: Iterable[Stated]) -> Iterator[Stated]:
    """What is stated, with what a value says of another setting: `BiLSTM` is an LSTM that reads both ways."""
    listed = [_take_unit(one) for one in stated]
    named = {path for one in listed for path in find_paths(one.name)}
    for one in listed:
        if cells := pair_cells(one.name, one.text):
            yield from unfold_stated(Stated(name, value, one.line) for name, value in cells)
            continue
        if (sizes := _read_sizes(one)) is not None:
            yield from sizes
            continue
        if dropouts := pair_places(one.name, one.text):
            yield from (Stated(path, value, one.line) for path, value in dropouts)
            continue
        if weights := _read_weights(one):
            yield from weights
            continue
        if stopping := _read_stopping(one):
            yield from stopping
            continue
        yield from (inner for inner in _read_brackets(one) if not {*find_paths(inner.name)} & named)
        both = re.search(r"\bbi-?(?:directional )?(?:lstm|gru|rnn)|bi-?directional", one.text.lower())
        if both and find_paths(one.name) == ("model.family",) and "model.bidirectional" not in named:
            yield Stated("model.bidirectional", "true", one.line)
        if phrases := _read_phrases(one):
            yield from (inner for inner in phrases if not {*find_paths(inner.name)} & named or inner.name == one.name)
            continue
        if arguments := _read_arguments(one):
            yield from (replace(inner, line=one.line) for inner in arguments if not {*find_paths(inner.name)} & named)
            one = replace(one, text=re.split(r"\(| with |, (?=\w+=)", one.text, maxsplit=1)[0].strip() or one.text)
        yield one


def _read_weights(one: Stated) -> list[Stated]:
    """Weights of classes in one value: `rose: 2.0, fern: 0.5`."""
    if find_paths(one.name) != (WEIGHTS,) or len(one.text) > LONGEST:
        return []
    return [Stated(name, weight, one.line) for name, weight in find_weights(f"class weights {one.text}")]


def _take_unit(one: Stated) -> Stated:
    """A number with the unit that stands in its name: `dropout (%)`, `learning rate (×10⁻³)`."""
    if not re.fullmatch(r"[-+]?[\d.,]+", one.text.strip()):
        return one
    if re.search(r"\((?:in )?(?:\\?%|per ?cent)\)|[ _](?:percent|pct)$", one.name.lower()):
        name = re.sub(r"[ _](?:percent|pct)$", "", one.name, flags=re.IGNORECASE)
        return replace(one, name=name, text=f"{one.text} %")
    scale = re.search(r"\(\$?\s*(?:[×x*]|\\times|\\cdot)\s*(10[^()]+?)\$?\)", one.name)
    return one if scale is None else replace(one, text=f"{one.text} × {scale[1]}")


def _read_arguments(one: Stated) -> list[Stated]:
    """Settings that a value names as those of a call, or in brackets: `StepLR(step_size=2, gamma=0.5)`, `SGD (momentum
    0.9)`, `Adam with betas=(0.9, 0.999)`."""
    if not re.match(r"[A-Za-z_.][\w.]*(?: [a-z]+)?\s*(?:\(| with |, (?=\w+=))", one.text):
        return []
    inside = (
        re.sub(r"^[^(]*?(?:\(| with |, (?=\w+=))", "", one.text).replace("γ", "gamma").replace("every ", "decay every ")
    )
    found: list[Stated] = []
    for name, value in re.findall(
        r"([A-Za-z_\\$][\w$\\ ]*?)\s*[= ]\s*(\([^()]*\)|\[[^\[\]]*\]|[-+.\d][^,;()]*)", inside
    ):
        own, outer = name.strip().removeprefix("and "), f"{one.name}.{name.strip()}"
        paths = find_paths(outer) or find_paths(own)
        if paths and paths != find_paths(one.name):
            found.append(Stated(outer if find_paths(outer) == paths else own, re.sub(r" and$", "", value.strip())))
    return found


def _read_brackets(one: Stated) -> list[Stated]:
    """Settings that stand in brackets behind the value of another one: `up to 4 (early stopping, patience 2)`."""
    found = re.fullmatch(r"[^()]+\(([^()]*[A-Za-z][^()]*)\)", one.text.strip())
    if found is None or len(find_paths(one.name)) != 1:
        return []
    told = (inner for inner in read_prose(found[1]) if re.search(r"\d", inner.text))
    return [replace(inner, line=one.line) for inner in told if find_paths(inner.name)[:1] in _IN_BRACKETS]


_STOPPING = "training.early_stopping.patience"
_IN_BRACKETS = [(path,) for path in (_STOPPING, "training.schedule.warmup", "training.momentum")]


def _read_stopping(one: Stated) -> list[Stated]:
    """Patience and metric of early stopping in one value: `dev accuracy, patience 3`, `yes, 3 epochs`."""
    if find_paths(one.name) != (_STOPPING,) or read_number(one.text) is not None:
        return []
    found = [*find_metrics(f"early stopping on {one.text}")]
    stated = [Stated(name, value, one.line) for name, value in found if name == "early stopping metric"]
    patience = re.search(r"patience(?: of| =|:)? *(\d+)|(\d+) (?:epochs?|evaluations?)", one.text)
    return [*stated, Stated(one.name, patience[1] or patience[2], one.line)] if patience else []


def _read_phrases(one: Stated) -> list[Stated]:
    """Settings that a value states in words beside its own: `SGD with momentum 0.85`, `2-layer bidirectional GRU`."""
    own = find_paths(one.name)
    if len(own) != 1 or own[0] not in SPOKEN or len(one.text) > LONGEST or re.search(r"[(=]", one.text):
        return []
    if own == ("training.schedule.gamma",) and "every" not in one.text:
        return []
    found = [*read_prose(f"{one.name}: {one.text}")]
    others = [replace(inner, line=one.line) for inner in found if find_paths(inner.name) != own]
    first = one.text.partition(",")[0]
    if own == (KIND,) and others and read_choice(KIND, first) is not None:
        return [Stated(one.name, first, one.line), *others]  # cosine, warm-up of 12 steps
    itself = next((inner.text for inner in found if find_paths(inner.name) == own), one.text)
    return [Stated(one.name, itself, one.line), *others] if others or itself.lower() != one.text.lower() else []


def _read_sizes(one: Stated) -> tuple[Stated, Stated] | None:
    """`hidden_layer_sizes` of scikit-learn, `(64, 64)`: width and number of layers, where all are as wide."""
    sizes = read_numbers(one.text) if plain_name(one.name) == "hiddenlayersizes" else None
    if not sizes or len({size.value for size in sizes}) > 1:
        return None
    width = Stated("model.hidden", f"{sizes[0].value:g}", one.line)
    return width, Stated("model.layers", str(len(sizes)), one.line)
