"""Variants: `main` is the study unchanged, every other the study with named changes; each setting with its origin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from brittlestar.core.results import Setting
from brittlestar.study.checks import Complaint
from brittlestar.study.names import MAIN
from brittlestar.study.normalising import merge_changes
from brittlestar.study.paths import join_path, leaves
from brittlestar.study.settings import EarlyStoppingSettings, Study


@dataclass(frozen=True)
class LoadedStudy:
    """A checked study.

    `origins[path]` says where a setting comes from, for every leaf of `data`, `model`, `training`, `streams`,
    `report`, `execution`, `name` and `seeds`: `FILE:LINE`, `--set` (given with the command) or `our default`; also for
    each `variants.NAME` and `claims.POSITION`. `given` is the file's content before anything was filled in. `path` is
    the study file, None for a bare folder. Paths inside `study` stay as they were written: `resolve` locates them.
    `digests` has those of predictions that are objects in memory, by the name that stands for a file.
    """

    study: Study
    origins: Mapping[str, str]
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    path: Path | None = None
    digests: Mapping[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def by_variant(self) -> Mapping[str, Study]:
        """The study of every variant, `main` first."""
        return variant_settings(self.study)

    def resolve(self, written: str) -> Path:
        """A path of the study, seen from the working directory: relative ones are relative to the study file (to the
        working directory for a bare folder)."""
        return Path(written) if self.path is None else self.path.parent / written

    def where(self, path: str) -> str:
        """Where a person finds a setting: its origin when that is a place, else its path."""
        origin = self.origins.get(path, "our default")
        return path if origin == "our default" else origin


def variant_settings(study: Study) -> dict[str, Study]:
    """The study of every variant, `main` first, then the variants in their order. Sections other than `data`, `model`
    and `training` are those of the study. Raises pydantic.ValidationError on changes that loading has not checked."""
    values = study.model_dump(mode="json")
    others = {name: variant for name, variant in study.variants.items() if name != MAIN}
    changed = {name: Study.model_validate(merge_changes(values, one.set)) for name, one in others.items()}
    return {MAIN: study, **changed}


def changes_of(study: Study, variant: str) -> Mapping[str, Any]:
    """What a variant changes, by path; empty for main."""
    return {} if variant == MAIN else study.variants[variant].set


def check_budgets(variants: Mapping[str, Study], reasons: Mapping[str, str | None]) -> Iterator[Complaint]:
    """Variants compare fairly on equal budgets: epochs, training rows, and early stopping by the same rule or not at
    all.

    Batch size is no budget: it changes the number of steps, not what is seen.
    """
    base = _budget(variants[MAIN])
    for name, study in variants.items():
        different = {path: value for path, value in _budget(study).items() if value != base[path]}
        if different and not reasons.get(name):
            sentence = ", ".join(
                f"{path} {_format_value(path, value)} against {_format_value(path, base[path])}"
                for path, value in different.items()
            )
            hint = f'make them equal, or say why: variants.{name}.unequal_budget: "reason"'
            yield Complaint(next(iter(different)), f"'{name}' and main have unequal budgets: {sentence}", hint)


def _budget(study: Study) -> dict[str, Any]:
    return {
        "training.epochs": study.training.epochs,
        "data.train_rows": study.data.train_rows,
        "data.train_without": study.data.train_without,
        "training.early_stopping": study.training.early_stopping,
    }


def _format_value(path: str, value: Any) -> str:
    if isinstance(value, EarlyStoppingSettings):
        return f"after {value.patience} epochs without a better {value.split} {value.metric}"
    if value is None:
        return "all" if path == "data.train_rows" else "none"
    return str(value)


def settings_of(loaded: LoadedStudy, variant: str) -> tuple[Setting, ...]:
    """Every leaf setting that determines a variant, in the order of the study file. What the variant changes has the
    origin `variant NAME`, also where it changes nothing in the end. Raises KeyError for an unknown variant."""
    study = loaded.by_variant[variant]
    before = leaves(loaded.study.model_dump(mode="json"))
    changed = tuple(changes_of(loaded.study, variant))
    values = study.model_dump(mode="json", exclude={"variants", "claims", "probes", "execution"})
    settings: list[Setting] = []
    for location, value in leaves(values).items():
        path = join_path(location)
        named = any(path == change or path.startswith(f"{change}.") for change in changed)
        by_variant = named or before.get(location, _ABSENT) != value
        origin = f"variant {variant}" if by_variant else loaded.origins.get(path, "our default")
        settings.append(Setting(path, value, origin))
    return tuple(settings)


_ABSENT = object()
