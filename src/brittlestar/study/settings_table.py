"""Every setting of one variant with its value and origin: nothing that ran is left unsaid."""

from __future__ import annotations

from brittlestar.core.results import Setting
from brittlestar.study.loaded import LoadedStudy
from brittlestar.study.paths import join_path, leaves
from brittlestar.study.variants import changes_of, variant_settings


def settings_of(loaded: LoadedStudy, variant: str) -> tuple[Setting, ...]:
    """Every leaf setting of a variant in the order of the study file. What the variant changes has the origin
    `variant NAME`, also where it changes nothing in the end. Raises KeyError for an unknown variant."""
    study = variant_settings(loaded.study)[variant]
    before = leaves(loaded.study.model_dump(mode="json"))
    changed = tuple(changes_of(loaded.study, variant))
    values = study.model_dump(mode="json", exclude={"variants", "claims", "probes"})
    settings: list[Setting] = []
    for location, value in leaves(values).items():
        path = join_path(location)
        named = any(path == change or path.startswith(f"{change}.") for change in changed)
        by_variant = named or before.get(location, _ABSENT) != value
        origin = f"variant {variant}" if by_variant else loaded.origins.get(path, "our default")
        settings.append(Setting(path, value, origin))
    return tuple(settings)


_ABSENT = object()
