"""A commented study file for data that somebody has looked at: it teaches, and it runs as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from brittlestar.core.metric_names import headline_metric
from brittlestar.study.claims import UNSEEN
from brittlestar.study.default_claims import default_sentences
from brittlestar.study.names import MAIN
from brittlestar.study.paths import value_at
from brittlestar.study.schema import describe_allowed, keys_at
from brittlestar.study.settings import Study
from brittlestar.study.sides import SPLIT_MARK

_WIDTH = 34  # columns before the comments of a new study file


@dataclass(frozen=True)
class Look:
    """A first look at the data, taken before any setting is chosen.

    `tokens` is the proposed tokeniser and `factors` the proposed pattern, both as `DataSettings` writes them;
    `factor_names` are the pattern's named groups, in its order. `classes[label]` counts train's rows;
    `vocabulary_size` is the number of distinct tokens of train (padding and unknown not counted); lengths are in
    tokens, over train. `splits[name]` is the number of rows, `unseen[name]` of those whose sequence is no row of train,
    as written; `missing` names those of `dev` and `test` that are not
    there.
    """

    tokens: str
    factors: str | None
    factor_names: tuple[str, ...]
    classes: Mapping[str, int]
    vocabulary_size: int
    length_min: int
    length_mean: float
    length_max: int
    has_group: bool
    splits: Mapping[str, int]
    unseen: Mapping[str, int]
    missing: tuple[str, ...]


def study_text(look: Look, data_path: str, name: str, columns: Mapping[str, str] | None = None) -> str:
    """The text of a study file `name` on the data at `data_path` (relative to that file): active lines are what the
    data suggests; other settings are comments with default and what is allowed. It loads without a problem."""
    training = ["# The training of every variant.", *_section("training", {})]
    if "dev" not in look.splits:
        without = "Without dev the best epoch is chosen on train, which sees no overfitting."
        training = [f"{training[0]} {without}", *_section("training", {"selection.split": "train"})]
    lines = [
        *_head(look),
        "",
        f"name: {_quote_text(name)}",
        "",
        *_data(look, data_path, columns or {}),
        "",
        "# The model of the variant `main`. Your own model is `own: package.module:factory`.",
        *_section("model", {}),
        "",
        *training,
        "",
        "# How many times every variant is trained: 5 means the root seeds 0 to 4; a list names them. Without a number",
        "# `run` plans it from the claims: 5 for every variant, then 10, 20, 40 for those of claims that are open.",
        "# seeds: 5",
        "",
        "# What changes from seed to seed: `fixed` holds a stream, so that the others can be seen alone.",
        *_section("streams", {}),
        "",
        *_variants(look),
        "",
        *_claims(look),
        "",
        "# Changes of the input at evaluation time, without training again. Where a rule gives true labels of changed",
        "# rows (rule, or relabel: package.module:function), accuracies are told; else how predictions change.",
        *_section("probes", {}),
        "",
        *_section("report", {}),
        "",
        "# How runs are carried out. No result depends on it.",
        *_section("execution", {}),
    ]
    return "\n".join(lines) + "\n"


def _head(look: Look) -> list[str]:
    total = sum(look.classes.values())
    shares = ", ".join(f"{_plain(label)} {count / total:.1%}" for label, count in list(look.classes.items())[:8])
    more = f" and {len(look.classes) - 8} more" if len(look.classes) > 8 else ""
    splits = ", ".join(f"{_plain(split)} {rows:,}" for split, rows in look.splits.items())
    return [
        "# A study: data, model, training, variants, seeds and claims. The run command takes this file.",
        "# Lines that start with `# ` are defaults; take the `# ` away to change one.",
        "#",
        "# What the data looks like:",
        f"#   rows      {splits}",
        f"#   classes   {len(look.classes)} in train: {shares}{more}",
        f"#   tokens    {look.vocabulary_size:,} different; {look.length_min} to {look.length_max} in a row, "
        f"{look.length_mean:.1f} on average",
        *([f"#   factors   {', '.join(look.factor_names)}"] if look.factor_names else []),
        *(["#   groups    rows that share a group count as one unit"] if look.has_group else []),
        *(f"#   missing   there is no {split} split; add {split}.csv to the folder" for split in look.missing),
        *(["#             or part one table into all three, with the split command"] if look.missing else []),
    ]


def _data(look: Look, data_path: str, columns: Mapping[str, str]) -> list[str]:
    given = {"path": data_path, "tokens": look.tokens, "factors": look.factors}
    given |= {f"columns.{column}": written for column, written in columns.items()}
    return [
        "# Where the splits are and how a row becomes tokens. Paths are relative to this file.",
        *_section("data", {key: value for key, value in given.items() if value is not None}),
    ]


def _variants(look: Look) -> list[str]:
    arms = [
        ("bidirectional", "model.bidirectional", "true", "does reading backwards help?"),
        ("frozen-embedding", "model.embedding.mode", "frozen-random", "does learning the embedding help?"),
    ]
    if look.length_max > 1:
        arms.append(("order-permuted", "data.order", "permuted", "is the order of tokens used at all?"))
    alone = look.factor_names if len(look.factor_names) > 1 else ()
    arms += [(f"{name}-only", "data.factor", name, f"is {name} enough?") for name in alone]
    arms.append(("bag", "model.family", "bag", "the honest baseline: which tokens occur, not where"))
    return [
        "# Variants: each is the study with the named changes, trained from every seed. The unchanged study is `main`.",
        '# A variant with other epochs or rows needs a reason: unequal_budget: "it converges later"',
        "variants:",
        *(_align_remark(f"  {name}: {{{path}: {value}}}", why, 48) for name, path, value, why in arms),
    ]


def _claims(look: Look) -> list[str]:
    metric = headline_metric(look.factor_names)
    sentences = default_sentences(look.splits, look.unseen, metric, MAIN)
    held_out = "test" if "test" in look.splits else "dev"
    on = "" if held_out == "test" else f" on {held_out}"
    return [
        "# Falsifiable sentences, registered before training; differences are fractions (0.01 is one point).",
        "#   VARIANT > OTHER by T on METRIC [on SPLIT]      VARIANT == OTHER within M on METRIC [on SPLIT]",
        "# best-trivial is the best trivial baseline; SPLIT:unseen are rows whose sequence train does not have;",
        "# VARIANT@SPLIT is a variant on a split of its own.",
        *([] if sentences else ["# They are judged on a held-out split, and there is none yet."]),
        "claims:",
        *(_align_remark(f"  - {sentence}", _why(sentence), 68) for sentence in sentences),
        *([] if sentences else ["  # - main > best-trivial by 0.01 on accuracy"]),
        _align_remark(f"  # - main > bag by 0.01 on {metric}{on}", "it uses more than which tokens occur", 68),
        _align_remark(f"  # - bidirectional == main within 0.01 on {metric}{on}", "reading backwards is idle", 68),
    ]


def _why(sentence: str) -> str:
    if SPLIT_MARK in sentence:
        return "it holds there within a point"
    return "also where train has no copy" if sentence.endswith(UNSEEN) else "it beats the best trivial rule"


def _section(name: str, given: Mapping[str, Any]) -> list[str]:
    """A section with what is given as active lines, and each other setting as a comment: default, what is allowed."""
    return [f"{name}:", *_lines((name,), {f"{name}.{path}": value for path, value in given.items()}, "  ")]


def _lines(location: tuple[str, ...], given: Mapping[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key in keys_at(location):
        here = (*location, key)
        path = ".".join(here)
        default = value_at(_DEFAULTS, here)
        if isinstance(default, dict) and keys_at(here):
            active = any(name.startswith(f"{path}.") for name in given)
            lines.append(f"{indent}{key}:" if active else f"{indent}# {key}:")
            inner = _lines(here, given, f"{indent}  ")
            lines += inner if active else [line.replace(f"{indent}  # ", f"{indent}#   ", 1) for line in inner]
        elif path in given:
            lines.append(f"{indent}{key}: {_quote_text(given[path])}")
        else:
            lines.append(_align_remark(f"{indent}# {key}: {_format_value(default)}", describe_allowed(here)))
    return lines


_DEFAULTS = Study.model_validate({"name": "x", "data": {}}).model_dump(mode="json")


def _align_remark(text: str, remark: str, width: int = _WIDTH) -> str:
    return f"{text.ljust(width)}  # {remark}" if remark else text


def _format_value(value: Any) -> str:
    return "" if value is None else yaml.safe_dump(value, default_flow_style=True, width=1000).split("\n")[0]


def _quote_text(value: str) -> str:
    """Text as YAML reads it back unchanged, quoted where it has to be."""
    letters = value.replace("-", "").replace("_", "")
    if letters.isalpha() and value.isascii() and value[0] != "-" and value.lower() not in ("null", "true", "false"):
        return value
    return yaml.safe_dump(value, default_style="'", allow_unicode=True, width=100_000).strip()


def _plain(text: str) -> str:
    """Text from data in a comment: on one line, without characters that YAML refuses, not too long."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in text)
    return clean if len(clean) <= 30 else f"{clean[:29]}…"
