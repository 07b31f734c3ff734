"""How a paper calls variants, splits and metrics, where that is not how the study does."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.study.yaml_reading import read_yaml_of

Names = Mapping[str, str]
"""{name in the study: name in the paper}; what is not there keeps its name."""


_WHOSE = re.compile(r" \((?:yours|built-in reference, not yours)\)$")


def name_variants(record: StudyRecord) -> Names:
    """Variants by their titles, without whose model it is; those that share one keep their names."""
    titles = {name: _WHOSE.sub("", variant.title) for name, variant in record.variants.items() if variant.title}
    shared = Counter(titles.values())
    return {name: title for name, title in titles.items() if shared[title] == 1}


def read_names(path: Path) -> Names:
    """A YAML mapping of names. Raises InputError with the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the names cannot be read: {error}", str(path), "give a YAML file: main: Our model"
        ) from error
    document = read_yaml_of(text, path)
    found = cast("Mapping[Any, Any] | None", document.value if isinstance(document.value, dict) else None)
    if not found or not all(isinstance(one, str) for one in found.values()):
        raise InputError("names are a mapping of texts", str(path), "write `main: Our model`, a line each")
    return {str(name): text for name, text in found.items()}
