"""The training loop: one file, no flags for ablations. Whatever a variant changes was changed before it gets here."""

import math
import time

import numpy as np
import torch
from safetensors.torch import save
from torch import nn

from brittlestar.core.metrics import metric_of
from brittlestar.core.scores import score, softmax
from brittlestar.core.seeds import generator
from brittlestar.core.splits import EncodedData, EncodedSplit
from brittlestar.models.source import defined_at, shorten_place
from brittlestar.study.settings import SelectionSettings, TrainingSettings
from brittlestar.training.batches import pad_rows, training_batches, within_budget
from brittlestar.training.evaluation import Checkpoint, trained_record
from brittlestar.training.observer import PROBE_ROWS, Observer
from brittlestar.training.optimisers import build_optimiser, class_weights, rate_factor, summed_loss, total_weight
from brittlestar.training.process import seed_frameworks
from brittlestar.training.readback import read_training
from brittlestar.training.scoring import forward, predict
from brittlestar.training.trained import TellEpoch, Trained, made_finite
from brittlestar.training.training_watch import TrainingWatch

SCORED_TRAIN_ROWS = 2000  # a share of .5 is known to 1.1 points (standard error)


def train(
    model: nn.Module,
    data: EncodedData,
    settings: TrainingSettings,
    order_seed: int,
    dropout_seed: int,
    progress: TellEpoch = lambda epoch, epochs: None,
) -> Trained:
    """Train `model` on `data.splits["train"]` and score its best and last checkpoint on every split.

    The best checkpoint has the best selection metric, the first on ties; without the selection split it is the last.
    A non-finite loss ends the training with outcome `diverged`. Draws from the global generator of PyTorch only,
    seeded here from `dropout_seed` before the first step.
    """
    run = _Run(model, data, settings, order_seed)
    seed_frameworks(dropout_seed)
    run.end_epoch(0)
    progress(0, settings.epochs)
    for epoch in range(1, settings.epochs + 1):
        if not run.epoch(epoch):
            break
        run.end_epoch(epoch)
        progress(epoch, settings.epochs)
        if run.diverged or run.has_no_patience_left(epoch):
            break
    return run.record()


class _Run:
    """The state of one training."""

    def __init__(self, model: nn.Module, data: EncodedData, settings: TrainingSettings, order_seed: int) -> None:
        self.device = torch.device(settings.device)
        self.model = model.to(self.device)
        self.data, self.settings, self.order_seed = data, settings, order_seed
        self.bf16 = settings.precision == "bf16"
        self.train_split = data.splits["train"]
        self.lengths = self.train_split.lengths
        self.labels = torch.from_numpy(np.array(self.train_split.labels, dtype=np.int64)).to(self.device)
        weights = class_weights(settings, data.classes, np.asarray(self.train_split.labels))
        self.weights = None if weights is None else weights.to(self.device)
        self.optimiser = build_optimiser(model.parameters(), settings)
        self.observer = Observer(model)
        self.read_back = read_training(self.optimiser, self.weights, settings)
        self.scored = self._scored_rows()
        self.probe = self._probe()
        self.watch = TrainingWatch()
        self.watch.add(model)
        self.called = [module.register_forward_pre_hook(self._note_call) for module in model.modules()]
        self.step = 0
        self.diverged = False
        self.rows: list[dict[str, float]] = []
        self.best = Checkpoint(0, {}, {})
        self.logits: dict[str, np.ndarray] = {}
        self.seconds: list[float] = []
        self.started = time.perf_counter()

    def _find_forward(self) -> str:
        return shorten_place(defined_at(type(self.model).forward))

    def _note_call(self, module: nn.Module, _: object) -> None:
        self.watch.note_call(module)

    def _scored_rows(self) -> dict[str, np.ndarray]:
        """Train (at most 2,000 fixed rows) and dev: what is scored after every epoch."""
        n = self.train_split.n_rows
        chosen = np.arange(n)
        if n > SCORED_TRAIN_ROWS:
            chosen = np.sort(generator(0, "scored rows").choice(n, SCORED_TRAIN_ROWS, replace=False))
        rows = {"train": chosen}
        if "dev" in self.data.splits:
            rows["dev"] = np.arange(self.data.splits["dev"].n_rows)
        return rows

    def _probe(self) -> tuple[torch.Tensor, torch.Tensor] | None:
        """Up to 64 train rows of the most common length above 0, for readings of units."""
        lengths = self.lengths[self.lengths > 0]
        if not len(lengths):
            return None
        common = int(np.bincount(lengths).argmax())
        tokens, sizes = pad_rows(self.train_split, np.flatnonzero(self.lengths == common)[:PROBE_ROWS])
        return torch.from_numpy(tokens).to(self.device), torch.from_numpy(sizes).to(self.device)

    def epoch(self, epoch: int) -> bool:
        """Every row once; False when the loss stopped being finite."""
        self.model.train()
        batches = training_batches(self.lengths, self.settings.batch_size, self.order_seed, epoch)
        for position, rows in enumerate(batches):
            factor = rate_factor(self.settings.schedule, self.settings.epochs, self.step, len(batches))
            for group in self.optimiser.param_groups:
                group["lr"] = self.settings.learning_rate * factor
            if not self._step(rows, position == len(batches) - 1):
                self.diverged = True
                return False
        return True

    def _step(self, rows: np.ndarray, last_of_epoch: bool) -> bool:
        targets = self.labels[torch.from_numpy(rows).to(self.device)]
        total = total_weight(targets, self.weights)
        self.optimiser.zero_grad(set_to_none=True)
        loss, start = 0.0, 0
        for piece in within_budget(rows, self.lengths, len(rows)):
            logits = forward(self.model, self.train_split, piece, self.device, self.bf16)
            of_piece = targets[start : start + len(piece)]
            part = summed_loss(logits, of_piece, self.weights, self.settings.label_smoothing)
            if start == 0 and self.watch.wants_loss():
                self.watch.losses.see("cross_entropy", logits, of_piece, part / len(piece), self._find_forward)
            (part / total).backward()
            loss += part.item() / total
            start += len(piece)
        norms = self.observer.gradient_norms()
        norm = math.sqrt(norms.double().square().sum().item())
        clip = self.settings.clip
        clipped = clip is not None and norm > clip
        if clip is not None and clipped:
            for parameter in self.observer.parameters:
                if parameter.grad is not None:
                    parameter.grad.mul_(clip / (norm + 1e-6))
        self.observer.before_update(last_of_epoch)
        self.observer.step(loss, norms, norm, clipped)
        self.step += 1
        if not math.isfinite(loss):
            return False
        for handle in self.called:  # the first step tells
            handle.remove()
        self.called = []
        self.watch.before_step(self.optimiser)
        self.optimiser.step()
        self.watch.after_step(self.optimiser)
        return True

    def end_epoch(self, epoch: int) -> None:
        """Score train and dev, read the observer, and keep the weights if they are the best so far."""
        readings = {"learning_rate": float(self.optimiser.param_groups[0]["lr"])}
        self.logits = {}
        for name, rows in self.scored.items():
            split = self.data.splits[name]
            found = predict(self.model, split, self.device, self.bf16, rows)
            if len(rows) == split.n_rows:
                self.logits[name] = found
            logits, bad = made_finite(found, self.data)
            self.diverged = self.diverged or bad == len(rows) > 0
            scores = self.score(split, logits, rows)
            readings |= {f"{name}.{m}": math.nan if v is None else v for m, v in scores.items()}
        readings |= self.observer.epoch(self.probe)
        self.rows.append(readings)
        if epoch == 0 or self._better(self.settings.selection, epoch):
            self.best = self.checkpoint(epoch)
        self.seconds.append(time.perf_counter() - self.started - sum(self.seconds))

    def checkpoint(self, epoch: int) -> Checkpoint:
        """The model as it is, and what it has just been scored on."""
        weights = {name: tensor.detach().clone() for name, tensor in self.model.state_dict().items()}
        return Checkpoint(epoch, weights, dict(self.logits))

    @staticmethod
    def score(split: EncodedSplit, logits: np.ndarray, rows: np.ndarray) -> dict[str, float | None]:
        """Metrics of logits (n, C) on `rows` of a split."""
        weights = {name: np.asarray(values)[rows] for name, values in split.factor_weights.items()}
        return score(softmax(logits), np.asarray(split.labels)[rows], weights)

    def _series(self, choice: SelectionSettings) -> list[float]:
        sign = -metric_of(choice.metric).sign
        values = [sign * row.get(f"{choice.split}.{choice.metric}", math.nan) for row in self.rows]
        return [value if math.isfinite(value) else math.inf for value in values]

    def _better(self, choice: SelectionSettings, epoch: int) -> bool:
        series = self._series(choice)
        if all(math.isinf(value) for value in series):
            return True  # nothing to select on: the best checkpoint is the last one
        return series[epoch] < series[self.best.epoch]

    def has_no_patience_left(self, epoch: int) -> bool:
        """Whether early stopping says so."""
        rule = self.settings.early_stopping
        if rule is None:
            return False
        series = self._series(SelectionSettings(split=rule.split, metric=rule.metric))
        return epoch - int(np.argmin(series)) >= rule.patience

    def record(self) -> Trained:
        """Both checkpoints scored on every split."""
        last = self.checkpoint(len(self.rows) - 1)
        weights = {"best": self.best.weights, "last": last.weights}
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        seconds = sum(self.seconds)
        tokens = int(self.lengths.sum()) * max(len(self.rows) - 1, 0)
        return trained_record(
            self.model,
            self.data,
            self.best,
            last,
            device=self.device,
            bf16=self.bf16,
            outcome="diverged" if self.diverged else "trained",
            curves={name: np.array([row.get(name, math.nan) for row in self.rows]) for name in names},
            steps=self.observer.steps(),
            weights={name: save({k: v.contiguous().cpu() for k, v in w.items()}) for name, w in weights.items()},
            read_back=self.read_back,
            seen=self.watch.tell(),
            timing={
                "seconds_per_epoch": self.seconds,
                "seconds": time.perf_counter() - self.started,
                "tokens_per_second": tokens / seconds if seconds > 0 else None,
            },
        )
