"""A file that states settings and scores, read as what its name ends in says."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest_file
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.trees import NAMED, flatten_stated, read_json, read_toml, read_yaml

LARGEST = 1 << 22  # budget: bytes; a table of settings has some thousand
TREES = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json, ".toml": read_toml}
FORMATS = "YAML, JSON and TOML"


@dataclass(frozen=True)
class ReportedFile:
    """What a file states: its settings, in the order of the file. `scores` is its own part of scores, where it has
    one."""

    stated: tuple[Stated, ...]
    scores: Any = None


def read_stated(path: Path, example: str = "") -> ReportedFile:
    """What a file states. Raises InputError where it cannot be read, or states nothing; `example` is what a file of
    this study would be."""
    suffix = path.suffix.lower()
    told = f"read are {FORMATS}{example}"
    if suffix not in TREES:
        raise InputError("reports in this format are not read", str(path), told)
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"it has more than {LARGEST:,} bytes", str(path), told)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", str(path), suggest_file(path, told)) from error
    except UnicodeDecodeError as error:
        raise InputError("it is no text in UTF-8", str(path), told) from error
    try:
        tree = TREES[suffix](text, str(path))
        found = read_tree(cast("dict[str, Any]", tree)) if isinstance(tree, dict) else None
    except (ValueError, ArithmeticError, RecursionError, AssertionError) as error:  # of libraries, about odd files
        words = " ".join(str(error).split())[:100]
        raise InputError(f"it cannot be read: {words or type(error).__name__}", str(path), told) from error
    if found is None:
        raise InputError("it holds no names with values", str(path), NAMED)
    if not found.stated and found.scores is None:
        raise InputError("it states no setting", str(path), told)
    return found


def read_tree(tree: dict[str, Any]) -> ReportedFile:
    """The settings of a mapping, without its scores."""
    name = next((name for name in tree if str(name).lower() in ("scores", "results")), None)
    return ReportedFile(tuple(flatten_stated({one: tree[one] for one in tree if one != name})), tree.get(name or ""))
