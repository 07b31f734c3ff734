"""What is read from a training run besides its losses: gradients, updates, units, embeddings."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

STEPS_KEPT_WHOLE = 200  # budget: a curve of hundreds of points
STEPS_KEPT_EVERY = 50  # budget: a curve of hundreds of points
PROBE_ROWS = 64  # budget: rows that are answered again
_BOUNDED = (nn.LSTM, nn.GRU, nn.RNN, nn.Tanh, nn.Sigmoid)
_OBSERVED = (*_BOUNDED, nn.ReLU, nn.GELU, nn.TransformerEncoderLayer)


class Observer:
    """Collects readings of one model; `step` and `epoch` are called by the loop alone."""

    def __init__(self, model: nn.Module) -> None:
        named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
        self.parameters = [parameter for _, parameter in named]
        layers = [name.rpartition(".")[0] or "model" for name, _ in named]
        self._layers = sorted(set(layers))
        self._layer_of = np.array([self._layers.index(layer) for layer in layers], dtype=np.int64)
        self._model = model
        self._norms = np.zeros(len(self._layers))
        self._counted = 0
        self._clipped = 0
        self._losses: list[float] = []
        self._steps: list[tuple[int, float, float, bool, bool]] = []
        self._step = 0
        self._snapshot: list[torch.Tensor] | None = None

    def gradient_norms(self) -> torch.Tensor:
        """Euclidean norm of each trainable parameter's gradient, (n_parameters,); 0 where there is none."""
        return torch.stack(
            [
                torch.linalg.vector_norm(parameter.grad, dtype=_wide(parameter.dtype)).float()
                if parameter.grad is not None
                else torch.zeros((), device=parameter.device)
                for parameter in self.parameters
            ]
        )

    def before_update(self, last_of_epoch: bool) -> None:
        """Remember the weights before an epoch's last step, whose update is measured."""
        self._snapshot = [parameter.detach().clone() for parameter in self.parameters] if last_of_epoch else None

    def step(self, loss: float, norms: torch.Tensor, total: float, clipped: bool) -> None:
        """Record one step: its loss, gradient norms before clipping, and whether it was clipped."""
        squares = norms.double().cpu().numpy() ** 2
        self._norms += np.sqrt(np.bincount(self._layer_of, weights=squares, minlength=len(self._layers)))
        self._counted += 1
        self._clipped += clipped
        self._losses.append(loss)
        if self._step < STEPS_KEPT_WHOLE or self._step % STEPS_KEPT_EVERY == 0:
            finite = bool(np.isfinite(loss) and np.isfinite(total))
            self._steps.append((self._step, loss, total, clipped, finite))
        self._step += 1

    def epoch(self, probe: tuple[torch.Tensor, torch.Tensor] | None) -> dict[str, float]:
        """Readings of the epoch that just ended (or of epoch 0, before any step), and a fresh start."""
        counted = self._counted
        readings: dict[str, float] = {
            "train.loss": float(np.mean(self._losses)) if counted else float("nan"),
            "clipped_share": self._clipped / counted if counted else float("nan"),
        }
        for position, layer in enumerate(self._layers):
            norm = self._norms[position] / counted if counted else float("nan")
            readings[f"gradient_norm.{layer}"] = float(norm)
        readings.update(self._update_ratios())
        readings.update(embedding_norms(self._model))
        if probe is not None:
            readings.update(unit_readings(self._model, *probe))
        self._norms[:] = 0
        self._counted = self._clipped = 0
        self._losses = []
        return readings

    def _update_ratios(self) -> dict[str, float]:
        if self._snapshot is None:
            return {f"update_ratio.{layer}": float("nan") for layer in self._layers}
        changes = [now.detach() - then for now, then in zip(self.parameters, self._snapshot, strict=True)]
        moved, weight = (
            np.sqrt(
                np.bincount(
                    self._layer_of,
                    weights=[float(tensor.square().sum()) for tensor in tensors],
                    minlength=len(self._layers),
                )
            )
            for tensors in (changes, self._snapshot)
        )
        ratios = np.divide(moved, weight, out=np.zeros_like(moved), where=weight > 0)
        return {f"update_ratio.{layer}": float(ratio) for layer, ratio in zip(self._layers, ratios, strict=True)}

    def steps(self) -> dict[str, np.ndarray]:
        """The recorded steps as columns: step, loss, gradient_norm (before clipping), clipped, finite."""
        columns = list(zip(*self._steps, strict=True)) if self._steps else [()] * 5
        types = (np.int64, np.float64, np.float64, np.bool_, np.bool_)
        names = ("step", "loss", "gradient_norm", "clipped", "finite")
        return {name: np.array(column, dtype=kind) for name, column, kind in zip(names, columns, types, strict=True)}


def _wide(dtype: torch.dtype) -> torch.dtype:
    return dtype if dtype in (torch.float64, torch.complex128) else torch.float32


def embedding_norms(model: nn.Module) -> dict[str, float]:
    """Mean, smallest and largest row norm of the first embedding table, its padding row left out."""
    for module in model.modules():
        if isinstance(module, nn.Embedding):
            norms = torch.linalg.vector_norm(module.weight.detach().float(), dim=1)[1:]
            if len(norms):
                return {
                    "embedding_norm.mean": float(norms.mean()),
                    "embedding_norm.min": float(norms.min()),
                    "embedding_norm.max": float(norms.max()),
                }
    return {}


def unit_readings(model: nn.Module, tokens: torch.Tensor, lengths: torch.Tensor) -> dict[str, float]:
    """Share of dead units (output the same on every position of every probe row, to 1e-6) and of saturated units
    (beyond .98 of the range of a bounded activation on at least 95 % of positions) per observed layer.

    The probe rows have one length, so no padding enters the readings.
    """
    seen: dict[str, torch.Tensor] = {}

    def keep(name: str):
        def hook(_module: nn.Module, _inputs: object, output: object) -> None:
            value = output[0] if isinstance(output, tuple) else output
            if isinstance(value, torch.Tensor) and value.dim() >= 2:
                seen[name] = value.detach().float().reshape(-1, value.shape[-1])

        return hook

    observed: Mapping[str, nn.Module] = {n: m for n, m in model.named_modules() if isinstance(m, _OBSERVED)}
    handles = [module.register_forward_hook(keep(name)) for name, module in observed.items()]
    was_training = model.training
    try:
        model.eval()
        with torch.no_grad():
            model(tokens.clone(), lengths.clone())  # a module may write into what it is given
    finally:
        model.train(was_training)
        for handle in handles:
            handle.remove()
    readings: dict[str, float] = {}
    for name, output in seen.items():
        if not len(output):
            continue
        dead = (output.amax(0) - output.amin(0)) < 1e-6
        readings[f"dead_units.{name}"] = float(dead.float().mean())
        module = observed[name]
        if isinstance(module, _BOUNDED):
            centred = 2 * output - 1 if isinstance(module, nn.Sigmoid) else output
            readings[f"saturated_units.{name}"] = float(((centred.abs() > 0.98).float().mean(0) >= 0.95).float().mean())
    return readings
