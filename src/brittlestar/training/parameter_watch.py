"""Which parameters of modules the steps of optimisers move, and why the others stay."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, Literal

import torch
from torch import nn

from brittlestar.core.seen_training import LayerGradient, Still, StillParameter
from brittlestar.models.source import defined_at, is_library, shorten_place

MOST_LAYERS = 200  # budget: what is stored of a run
SAMPLED = 4096  # budget: values of a parameter that are compared
FEWEST_UNITS = 4  # derived: fewer rows of a table may be equal by chance of a symmetric start
FEW = 32  # budget: values of a parameter by which it is seen to move still
FEWEST_LOOKS, EARLY = 16, 0.25  # convention: what the first quarter of the steps moves, and no later one, has stopped
STALE = 0.1  # convention: a tenth
SAME = 1e-6  # of the largest value of a layer: float noise


class ParameterWatch:
    """Follows the parameters of modules from before the first step; `look` is called before steps, when gradients are
    there, and `compare` after them."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, nn.Parameter, nn.Module]] = {}
        self._start: dict[int, torch.Tensor] = {}
        self._had: dict[int, bool] = {}
        self._given: set[int] = set()
        self._moved: set[int] = set()
        self._hidden: dict[int, tuple[str, nn.Parameter, nn.Module]] = {}
        self._called: set[int] = set()
        self._places: dict[int, torch.Tensor] = {}
        self._sizes: dict[int, list[float]] = {}
        self._lately: dict[int, tuple[int, torch.Tensor]] = {}  # when it was last seen to move, and a few of its values
        self._looks = 0
        self._dropping: list[Any] = []
        self._gains: dict[int, float] = {}
        self._drawn = ""
        self._norms: dict[int, tuple[str, nn.modules.batchnorm._BatchNorm]] = {}  # pyright: ignore[reportPrivateUsage]

    def add(self, module: nn.Module) -> None:
        """Follow all parameters of a module, and of modules that it keeps in lists or dicts of its own."""
        for prefix, part in module.named_modules():
            if isinstance(part, nn.modules.dropout._DropoutNd):  # pyright: ignore[reportPrivateUsage]
                self._dropping.append(part)
            if isinstance(part, nn.modules.batchnorm._BatchNorm):  # pyright: ignore[reportPrivateUsage]
                self._norms[id(part)] = (prefix or type(part).__name__, part)
            for name, parameter in part.named_parameters(prefix, recurse=False):
                self._remember(self._known, name, parameter, part)
        for name, parameter, part in find_unregistered(module):
            self._remember(self._hidden, name, parameter, part)

    def _remember(
        self,
        kept: dict[int, tuple[str, nn.Parameter, nn.Module]],
        name: str,
        parameter: nn.Parameter,
        module: nn.Module,
    ) -> None:
        if id(parameter) not in self._start:
            kept[id(parameter)] = (name, parameter, module)
            self._start[id(parameter)] = _sample(parameter)
            if parameter.dim() > 1 and parameter.numel():
                size = float(self._start[id(parameter)].float().square().mean().sqrt())
                self._gains[id(parameter)] = size * (parameter.numel() / parameter.shape[0]) ** 0.5
                if parameter.requires_grad and bool((self._start[id(parameter)] != parameter.flatten()[0]).any()):
                    self._drawn += _digest(self._start[id(parameter)])

    def note_call(self, module: nn.Module) -> None:
        """A module was called while the model trained."""
        self._called.add(id(module))

    def look(self, given: Iterable[torch.Tensor]) -> None:
        """Before a step: what the optimiser was given, and which gradients are there."""
        self._given |= {id(tensor) for tensor in given}
        for key, (_, parameter, _) in self._all():
            if parameter.grad is None:
                continue
            gradient = parameter.grad.detach()
            gradient = gradient.coalesce().values() if gradient.is_sparse else gradient
            if key not in self._moved and not self._had.get(key, False):
                self._had[key] = bool(gradient.any())
                if self._had[key] and not parameter.grad.is_sparse:  # of a large table few rows may be read
                    self._places[key] = gradient.reshape(-1).nonzero()[:SAMPLED, 0]
                    self._start[key] = parameter.detach().reshape(-1)[self._places[key]].clone()
            if parameter.dim() > 1:
                norm = float(torch.linalg.vector_norm(gradient.float()))
                self._sizes.setdefault(key, []).append(norm / parameter.numel() ** 0.5)

    def compare(self) -> None:
        """After a step: what has moved."""
        self._looks += 1
        for key, (_, parameter, _) in self._all():
            if key in self._moved:
                self._follow(key, parameter)
                continue
            places = self._places.get(key)
            now = _sample(parameter) if places is None else parameter.detach().reshape(-1)[places]
            if not torch.equal(now, self._start[key]):
                self._moved.add(key)

    def _follow(self, key: int, parameter: nn.Parameter) -> None:
        """Whether a parameter that moved once moves still, by a few of its values."""
        flat = parameter.detach().reshape(-1)
        few = flat[:: max(1, flat.numel() // FEW)] if (places := self._places.get(key)) is None else flat[places[:FEW]]
        known = self._lately.get(key)
        if known is None or not torch.equal(few, known[1]):
            self._lately[key] = self._looks, few.clone()

    def _has_stopped(self, key: int) -> bool:
        last = self._lately.get(key, (self._looks, None))[0]
        return self._looks >= FEWEST_LOOKS and last <= EARLY * self._looks

    @property
    def moves(self) -> bool:
        """Whether any parameter has moved."""
        return bool(self._moved)

    @property
    def dropout(self) -> float | None:
        """The largest share that a followed module drops; None without one that drops."""
        shares = [float(one.p) for one in self._dropping if one.p > 0]
        return max(shares, default=None)

    def find_stale(self) -> tuple[tuple[str, float], ...]:
        """Batch normalisations whose running statistics keep a tenth or more of what they were before any step, and
        that share: each batch takes the share `momentum` of what is left."""
        found: list[tuple[str, float]] = []
        for name, part in self._norms.values():
            batches = part.num_batches_tracked
            if part.track_running_stats and part.momentum is not None and batches is not None and int(batches):
                found.append((name, float((1 - part.momentum) ** int(batches))))
        return tuple((name, share) for name, share in found if share >= STALE)

    @property
    def trainable(self) -> int:
        """How many of them ask for gradients."""
        return sum(parameter.numel() for _, (_, parameter, _) in self._all() if parameter.requires_grad)

    @property
    def start(self) -> str:
        """A digest of all trainable weights that were drawn, as they were before any step; empty without any."""
        return self._drawn and hashlib.sha256(self._drawn.encode()).hexdigest()[:12]

    @property
    def values(self) -> int:
        """How many values all followed parameters have."""
        return sum(parameter.numel() for _, (_, parameter, _) in self._all())

    def find_still(self) -> tuple[StillParameter, ...]:
        """The parameters that no step moved, largest first."""
        found = [
            StillParameter(
                name,
                parameter.numel(),
                self._tell_why(key, parameter, module),
                _where(module),
                _digest(_sample(parameter))[:12],
                isinstance(module, nn.Embedding | nn.EmbeddingBag),
            )
            for key, (name, parameter, module) in self._all()
            if (key not in self._moved or self._has_stopped(key)) and parameter.numel()
        ]
        return tuple(sorted(found, key=lambda one: (-one.values, one.name)))

    def find_equal(self) -> tuple[str, ...]:
        """Layers of which all units have the same weights, though steps moved them; tables of embeddings are none."""
        return tuple(
            sorted(
                name
                for key, (name, parameter, module) in self._known.items()
                if key in self._moved and not isinstance(module, nn.Embedding) and _are_equal(parameter.detach())
            )
        )

    def find_narrowest(self) -> tuple[str, int] | None:
        """The table of weights, of those that steps move, that passes the fewest numbers on, and how many, of those
        whose numbers are what a later layer reads: scores of attention are one number, and no layer reads it alone.
        None where there is no such pair."""
        known = [
            (name, parameter.shape, _kind(module))
            for key, (name, parameter, module) in self._known.items()
            if key in self._moved and parameter.dim() >= 2
        ]
        units = [
            (int(shape[1] if kind == "table" else shape[0]), name)
            for place, (name, shape, kind) in enumerate(known)
            if any(later[1] == (shape[1] if kind == "table" else shape[0]) for _, later, _ in known[place + 1 :])
        ]
        least = min(units, default=None)
        return None if least is None else (least[1], least[0])

    def list_gradients(self) -> tuple[LayerGradient, ...]:
        """The size of the gradients of each table of weights, early and late, in the order of the model."""
        found: list[LayerGradient] = []
        for key, (name, _, module) in [*self._all()][:MOST_LAYERS]:
            if sizes := self._sizes.get(key):
                third = max(len(sizes) // 3, 1)
                early, late = median(sizes[:third]), median(sizes[-third:])
                found.append(LayerGradient(name, early, late, self._gains.get(key, float("nan")), _kind(module)))
        return tuple(found)

    def _tell_why(self, key: int, parameter: nn.Parameter, module: nn.Module) -> Still:
        if key in self._moved:
            return "stopped"
        if not parameter.requires_grad:
            return "frozen"
        if key in self._hidden and key not in self._given:
            return "not registered" if key in self._had else "frozen"
        if self._given and key not in self._given:
            return "not given" if key in self._had else "frozen"  # a teacher, say: nobody asked it to learn
        if key not in self._had:
            return "no gradient" if id(module) in self._called else "unused"
        return "not moved" if self._had[key] else "zero gradient"

    def _all(self) -> Iterator[tuple[int, tuple[str, nn.Parameter, nn.Module]]]:
        yield from self._known.items()
        yield from self._hidden.items()


def find_unregistered(module: nn.Module) -> Iterator[tuple[str, nn.Parameter, nn.Module]]:
    """Parameters that a module keeps where PyTorch does not look: in lists, tuples and dicts of its own."""
    seen = {id(parameter) for parameter in module.parameters()}
    for prefix, part in module.named_modules():
        for attribute, value in vars(part).items():
            if attribute in ("_parameters", "_buffers", "_modules") or not isinstance(value, list | tuple | dict):
                continue
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for place, item in items:
                name = f"{prefix}.{attribute}[{place!r}]".lstrip(".")
                named = (
                    item.named_parameters(name)
                    if isinstance(item, nn.Module)
                    else [(name, item)]
                    if isinstance(item, nn.Parameter)
                    else ()
                )
                for full, parameter in named:
                    if id(parameter) not in seen:
                        seen.add(id(parameter))
                        yield full, parameter, part


def _kind(module: nn.Module) -> Literal["table", "recurrent", "other"]:
    if isinstance(module, nn.Embedding | nn.EmbeddingBag):
        return "table"
    return "recurrent" if isinstance(module, nn.RNNBase | nn.RNNCellBase) else "other"


def _sample(parameter: torch.Tensor) -> torch.Tensor:
    flat = parameter.detach().reshape(-1)
    return flat[:: max(1, flat.numel() // SAMPLED)].clone()


def _digest(values: torch.Tensor) -> str:
    return hashlib.sha256(values.detach().float().cpu().numpy().tobytes()).hexdigest()


def _are_equal(weights: torch.Tensor) -> bool:
    if weights.dim() != 2 or weights.shape[0] < FEWEST_UNITS or weights.shape[1] < 2:
        return False
    largest = float(weights.abs().max())
    return largest > 0 and float((weights - weights[:1]).abs().max()) <= SAME * largest


def _where(module: nn.Module) -> str:
    """The line of own code that defines a module's class; empty for a library's."""
    try:
        file = inspect.getsourcefile(type(module))
    except TypeError:
        return ""
    return "" if file is None or is_library(Path(file)) else shorten_place(defined_at(type(module)))
