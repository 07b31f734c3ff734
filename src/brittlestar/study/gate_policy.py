"""What a gate is told: what is asked by key, the terms on which, and what is gated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from brittlestar.study.gate_values import (
    Amount,
    CannotSay,
    Columns,
    LabelFiles,
    Location,
    Locations,
    Names,
    Settings,
    Share,
    Text,
)
from brittlestar.study.settings import Candidates

NO_WORSE_BY = 0.01
"""How far a score may lie below the last release: a point, as in the default claims (convention)."""
CLASS_LOSS = 0.05
"""What a class may lose of its recall, by default, before it is too much to overlook: five points (convention)."""

CALIBRATION_LOSS = 0.05
"""What a calibration error may rise by, by default: five points, as what a class may lose (convention)."""


def declare_key(must_be: str, example: str, default: Any = None, says: str | None = None) -> Any:
    """A key of a policy: what its value must be, how it may be written, and its row of the how-to, where no docstring
    below says it."""
    return Field(default, title=must_be, examples=[example], description=says)


class PolicyPart(BaseModel):
    """Some keys of a policy, which is flat."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class GateTerms(PolicyPart):
    """How what is asked is meant. Where nobody says so of classes, one that is shown to lose more than `CLASS_LOSS`
    fails."""

    metric: Text | None = declare_key("the name of a metric", "macro_f1")
    """What the score is; default: that of the study, or accuracy."""
    best_of: Candidates = declare_key("a whole number from 1 on", "5", 1)
    """Of how many candidates this one was kept as the best on these rows: comparisons share their error among them."""
    labelled: LabelFiles = declare_key("a file, or files by split", "few.csv")
    """Few labels of splits without any: `min_expected` is decided by the interval of labels and answers together."""
    no_worse_by: Amount = declare_key("a number from 0 on", "0.01", NO_WORSE_BY)
    """How much worse than the last release is allowed; default: 0.01."""
    no_worse_by_class: Share | None = declare_key("from 0 to 1", "0.05")
    """No class has more than this less of its rows right than in the last release. Without it, one that is shown to
    lose more than 0.05 fails."""
    slices: Names = declare_key("columns of the data, or length", "customer,length", ())
    """Columns whose values are held against the last release; `length` is the shortest and the longest third."""
    no_worse_by_slice: Share | None = declare_key("from 0 to 1", "0.05")
    """As for a class, of each value of `slices`."""
    against_columns: Columns | None = declare_key("a mapping of roles to columns", "{prediction: answer}")
    """Columns of the last release, where they have other names than those of the predictions."""
    cannot_say: CannotSay | None = declare_key("pass or fail", "pass")
    """What an open requirement counts as."""


class GateSource(PolicyPart):
    """What is gated, where the policy says so itself."""

    data: Location | None = declare_key("a path", "data")
    """What is gated, where the command names nothing."""
    predictions: Locations = declare_key("a list of files", "[seed0.csv, seed1.csv]", ())
    """Its predictions."""
    predictions_columns: Columns = declare_key("a mapping of roles to columns", "{prediction: answer}", {})
    """Columns of the predictions."""
    columns: Columns = declare_key("a mapping of roles to columns", "{sequence: text}", {})
    """Columns of the data."""
    abstain: Text | None = declare_key("the one label that stands for no answer", "unsure")
    """A prediction that is no answer, and wrong on both sides."""
    set: Settings = declare_key("a mapping of settings to values", "{trivial.linear: off}", {})
    """Settings, by their paths in a study file."""
    root: Text | None = declare_key("a root hash", "7c1e…")
    """The root hash that a record must have."""


@dataclass(frozen=True, kw_only=True)
class GatePolicy:
    """What a gate requires: `asked` {key: value} in the order of the declarations, the `terms` on which, and the
    `source`. Where nothing is asked, every answer that the input can give must be yes."""

    asked: Mapping[str, Any] = field(default_factory=dict[str, Any])
    terms: GateTerms = field(default_factory=GateTerms)
    source: GateSource = field(default_factory=GateSource)


KEY_OF_OPTION: Mapping[str, str] = {
    "--preds-columns": "predictions_columns", "--abstain": "abstain", "--slices": "slices", "--labelled": "labelled",
    "--set": "set", "--linear": "set",
}  # fmt: skip
"""Keys that say what options of other verbs say."""
_OPTION = re.compile(
    r"`brittlestar [^`]*`|brittlestar [a-z]+ [^;`]*"  # commands stay
    r"|(?P<option>--[a-z][a-z-]*)(?: (?P<pairs>[\w.]+=[^\s,;:]+(?:,[\w.]+=[^\s,;:]+)*)| (?P<value>'[^']*'|\S+)$)?"
)


def name_keys(text: str, keys: Mapping[str, str] = KEY_OF_OPTION) -> str:
    """A sentence with keys where it names options of other verbs: `columns: {id: NAME}` for `--columns id=NAME`."""

    def write(found: re.Match[str]) -> str:
        if (key := keys.get(found["option"] or "")) is None:
            return found[0]
        pairs = [pair.split("=", 1) for pair in (found["pairs"] or "").split(",") if pair]
        value = f"{{{', '.join(f'{name}: {text}' for name, text in pairs)}}}" if pairs else found["value"]
        return f"{key}: {value}" if value else key

    return _OPTION.sub(write, text)
