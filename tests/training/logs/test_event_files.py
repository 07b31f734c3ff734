"""Event files of TensorBoard: runs in folders, scalars of every age, splits as folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar.core import optional
from brittlestar.core.errors import InputError, MissingExtraError
from brittlestar.training.logs.logged_runs import read_logs

from .writing import EPOCHS, HEAD, overfitting

writing = pytest.importorskip("tensorboard.summary.writer.event_file_writer")
TAGS = ("acc/train", "loss/train", "acc/val", "loss/val")


def write_events(folder: Path, tags: Mapping[str, Sequence[float]], tensors: bool = False) -> None:
    """A run whose steps count from 0; `tensors` as TensorFlow 2 writes scalars."""
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.plugins.scalar.summary_v2 import scalar_pb

    folder.mkdir(parents=True, exist_ok=True)
    writer: Any = writing.EventFileWriter(str(folder))
    for tag, values in tags.items():
        for step, value in enumerate(values):
            plain = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
            summary = scalar_pb(tag, value) if tensors else plain
            writer.add_event(event_pb2.Event(wall_time=float(step), step=step, summary=summary))
    writer.close()


def columns(seed: int = 0) -> dict[str, list[float]]:
    rows = list(zip(*overfitting(seed), strict=True))
    return {name: list(map(float, rows[k])) for k, name in enumerate(HEAD)}


def tagged(seed: int) -> dict[str, list[float]]:
    return dict(zip(TAGS, [columns(seed)[name] for name in HEAD[1:]], strict=True))


def test_a_folder_of_runs_is_a_run_for_each_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (2, 0):
        write_events(tmp_path / "logs" / f"seed-{seed}", tagged(seed))
    runs = read_logs([tmp_path / "logs"])
    assert [(run.name, run.seed, run.points, run.unit) for run in runs] == [
        ("seed-0", 0, EPOCHS, "epoch"),
        ("seed-2", 2, EPOCHS, "epoch"),
    ]
    assert runs[1].curves["dev.loss"][1:] == pytest.approx(columns(2)["val_loss"], abs=1e-6)
    assert runs[1].columns["train.accuracy"] == "acc/train"
    (file,) = (tmp_path / "logs" / "seed-2").iterdir()
    for place in (file, file.parent):
        (alone,) = read_logs([place])
        assert alone.curves["dev.loss"].tolist()[1:] == runs[1].curves["dev.loss"].tolist()[1:]
    monkeypatch.chdir(file.parent)
    assert [run.name for run in read_logs(["."])] == ["seed-2"]


def test_scalars_that_are_tensors_in_folders_of_splits_are_one_run(tmp_path: Path) -> None:
    """As the callback of Keras writes them."""
    known = columns()
    write_events(tmp_path / "a" / "train", {"epoch_loss": known["loss"], "epoch_accuracy": known["accuracy"]}, True)
    write_events(tmp_path / "a" / "validation", {"epoch_loss": known["val_loss"]}, True)
    (run,) = read_logs([tmp_path / "a"])
    assert (run.name, run.columns["dev.loss"]) == ("a", "validation/epoch_loss")
    assert run.curves["dev.loss"][1:] == pytest.approx(known["val_loss"], abs=1e-6)
    assert run.curves["train.loss"][1:] == pytest.approx(known["loss"], abs=1e-6)


def test_a_loss_that_is_not_finite_is_kept(tmp_path: Path) -> None:
    write_events(tmp_path / "a", {"train/loss": [0.7, 0.9, 5.0, np.nan, np.nan]})
    (run,) = read_logs([tmp_path / "a"])
    assert run.curves["train.loss"].tolist()[4:] == [np.inf, np.inf]


def test_what_was_known_before_the_first_step_is_row_0(tmp_path: Path) -> None:
    """As `export --tensorboard` writes a study: its objective is not known before any step."""
    known = columns()
    write_events(tmp_path / "a", {"dev/log_loss": known["val_loss"], "train/log_loss": known["loss"]})
    (run,) = read_logs([tmp_path / "a"])
    assert np.isnan(run.curves["dev.loss"][0])
    write_events(tmp_path / "b", {"dev/log_loss": known["val_loss"], "train/log_loss": known["loss"]})
    _append(tmp_path / "b", "train/loss", known["loss"][1:])
    (run,) = read_logs([tmp_path / "b"])
    assert run.columns["train.loss"] == "train/loss" and run.points == EPOCHS - 1
    assert run.curves["dev.loss"].tolist() == pytest.approx(known["val_loss"], abs=1e-6)


def _append(folder: Path, tag: str, values: Sequence[float]) -> None:
    """Another file of events in a folder, of steps from 1."""
    write_events(folder / "more", {tag: [0.0, *values]})
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
    from tensorboard.summary.writer.record_writer import RecordWriter

    (file,) = (folder / "more").iterdir()
    with (folder / f"{file.name}.more").open("wb") as handle:
        writer: Any = RecordWriter(handle)
        for event in LegacyEventFileLoader(str(file)).Load():
            if event.step > 0:
                writer.write(event.SerializeToString())
        writer.flush()
    file.unlink()


def test_variants_beside_each_other_and_folders_without_scalars_say_what_to_give(tmp_path: Path) -> None:
    for name in ("main", "bag"):
        write_events(tmp_path / "a" / name / "seed-0", tagged(0))
    with pytest.raises(InputError, match=r"lie in 2 folders \(bag, main\); give one folder, .*a/bag"):
        read_logs([tmp_path / "a"])
    write_events(tmp_path / "b", {})
    with pytest.raises(InputError, match="hold no scalars"):
        read_logs([tmp_path / "b"])


def test_a_missing_library_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_events(tmp_path / "a", tagged(0))
    real = optional.importlib.import_module

    def without(name: str) -> Any:
        if name.startswith("tensorboard"):
            raise ModuleNotFoundError(name, name="tensorboard")
        return real(name)

    monkeypatch.setattr(optional.importlib, "import_module", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'brittlestar\[tensorboard\]'"):
        read_logs([tmp_path / "a"])
