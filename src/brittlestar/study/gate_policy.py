"""What a gate requires: read from a policy file and from options, checked, with every mistake told at once."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.splits import is_unlabelled
from brittlestar.core.texts import find_scheme, suggest, suggest_file
from brittlestar.study.yaml_reading import read_yaml_of

Question = Literal["real", "holds", "sound", "fair"]
CannotSay = Literal["pass", "fail"]
QUESTIONS: tuple[str, ...] = get_args(Question)
NO_WORSE_BY = 0.01
"""How far a score may lie below the last release: a point, as in the default claims (convention)."""

CLASS_LOSS = 0.05
"""What a class may lose of its recall, by default, before it is too much to overlook: five points (convention)."""
ALL = ""


@dataclass(frozen=True)
class GatePolicy:
    """Requirements of a gate; an empty policy asks for what its input can answer.

    `require` are questions of the headline that must be answered yes; `absent` codes of findings, `*` for any part;
    `max_drop` {start of a split's name: greatest loss against the headline split, in the metric's unit}; `min_expected`
    {split without labels: least accuracy, as a fraction, at the lower end of its forecast}; `labelled` are the few
    labels of these, a path or by split; `no_shift` {split: the largest effect of a shift check that is allowed, a
    share}; `claims` are
    written claims, or the path of a file of them. `against` is the last release: a study's folder, or files of
    predictions, one a seed; `no_worse_by` how far the score may lie below it, `no_worse_by_class` and
    `no_worse_by_slice` how much less of a class, or of a value of the columns `slices`, may be right. Where nobody says
    so of classes, one that is shown to lose more than `CLASS_LOSS` fails. `min_score` is the least score, `min_recall`
    the least recall {class: share}, of all classes under `ALL`. `cannot_say` turns an open requirement
    into a pass or a fail; None leaves it open. `data`, `predictions` and their columns are what is gated, where the
    policy says so itself. `against_columns` are those of `against`, None where they are those of `predictions`; a
    prediction of `abstain` is wrong on both sides.
    """

    require: tuple[Question, ...] | None = None
    absent: tuple[str, ...] = ()
    max_drop: Mapping[str, float] = field(default_factory=dict[str, float])
    min_expected: Mapping[str, float] = field(default_factory=dict[str, float])
    no_shift: Mapping[str, float] = field(default_factory=dict[str, float])
    labelled: Any = None
    claims: tuple[Any, ...] | Path = ()
    against: tuple[Path, ...] = ()
    no_worse_by: float = NO_WORSE_BY
    no_worse_by_class: float | None = None
    slices: tuple[str, ...] = ()
    no_worse_by_slice: float | None = None
    min_score: float | None = None
    min_recall: Mapping[str, float] = field(default_factory=dict[str, float])
    cannot_say: CannotSay | None = None
    data: Path | None = None
    predictions: tuple[Path, ...] = ()
    predictions_columns: Mapping[str, str] = field(default_factory=dict[str, str])
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    against_columns: Mapping[str, str] | None = None
    abstain: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is required by name."""
        named = (self.absent, self.max_drop, self.min_expected, self.no_shift, self.claims, self.against)
        return self.require is None and self.min_score is None and not any((*named, self.min_recall))


def check_policy(policy: GatePolicy) -> None:
    """Raise InputError for requirements that lack what they speak of."""
    problems: list[Problem] = []
    if policy.no_worse_by_slice is not None and not policy.slices:
        problems.append(Problem("no slices are named", "--no-worse-by-slice", "add --slices customer,length"))
    if policy.slices and policy.no_worse_by_slice is None:
        hint = "add --no-worse-by-slice 0.05, with --against"
        problems.append(Problem("nothing is required of the slices", "--slices", hint))
    if not policy.against:
        asked = {"--no-worse-by-class": policy.no_worse_by_class, "--no-worse-by-slice": policy.no_worse_by_slice}
        what, hint = "there is no last release to be no worse than", "add --against STUDY|FILE"
        problems += [Problem(what, option, hint) for option, by in asked.items() if by is not None]
    if problems:
        raise InputError(problems)


KEYS = tuple(GatePolicy.__dataclass_fields__)


def read_policy(path: Path) -> GatePolicy:
    """The policy of a YAML file, its paths relative to the file's folder, addresses as they are. Raises InputError with
    line and column."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"the policy cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(what, str(path), suggest_file(path, "give a YAML file")) from error
    document = read_yaml_of(text, path)
    if not isinstance(document.value, dict) or not document.value:
        raise InputError("a policy is a mapping", str(path), "write `require: [real, sound]`")
    places = {str(at[0]): place for at, place in document.places.items() if len(at) == 1}

    def place_of(key: str) -> str:
        line, column = places.get(key, (1, 1))
        return f"{path}:{line}:{column}: {key}"

    written = cast("dict[str, Any]", document.value)
    return make_policy(written, GatePolicy(), place_of, path.parent)


def make_policy(
    written: Mapping[str, Any],
    base: GatePolicy | None = None,
    place_of: Callable[[str], str] = str,
    folder: Path | None = None,
) -> GatePolicy:
    """The policy with what is `written` in place of what `base` has; None leaves it.

    `place_of(key)` says where a key stands, and paths are relative to `folder`. Raises InputError with every mistake.
    """
    folder, base = folder or Path(), base or GatePolicy()
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in written.items():
        if key not in KEYS:
            hint = suggest(key, KEYS) or f"keys: {', '.join(KEYS)}"
            problems.append(Problem(f"a policy has no key '{key}'", place_of(key), hint))
        elif value is not None:
            try:
                found[key] = _READERS[key](value, folder)
            except InputError as error:
                problems += [Problem(problem.what, place_of(key), problem.hint) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return replace(base, **found)


def _read_names(value: Any, hint: str) -> tuple[str, ...]:
    named = value.split(",") if isinstance(value, str) else value
    if not isinstance(named, Sequence) or not all(isinstance(one, str) and one.strip() for one in named):
        raise InputError(f"{value!r} is no list of names", hint=hint)
    return tuple(dict.fromkeys(one.strip() for one in cast("Sequence[str]", named)))


def _read_questions(value: Any, folder: Path) -> tuple[str, ...]:
    hint = f"choose from {', '.join(QUESTIONS)}"
    names = tuple(name.lower().rstrip("?") for name in _read_names(value, hint))
    if odd := [name for name in names if name not in QUESTIONS]:
        raise InputError(f"no answer is named '{odd[0]}'", hint=suggest(odd[0], QUESTIONS) or hint)
    return names


def _read_drops(value: Any, folder: Path) -> dict[str, float]:
    hint = "write shift=0.03: how much a split may lose, as a fraction"
    if isinstance(value, str) or (isinstance(value, Sequence) and not isinstance(value, Mapping)):
        parts: Iterable[str] = value.split(",") if isinstance(value, str) else [str(one) for one in value]
        pairs = [part.partition("=")[::2] for part in parts]
        value = {name.strip(): text for name, text in pairs}
    if not isinstance(value, Mapping) or not value:
        raise InputError(f"{value!r} names no split with its greatest loss", hint=hint)
    named = {str(name): amount for name, amount in cast("Mapping[Any, Any]", value).items()}
    return {name: _read_number(amount, hint) for name, amount in named.items()}


def _read_expected(value: Any, folder: Path) -> dict[str, float]:
    hint = "write 0.65=new_march: the least accuracy that is expected, as a fraction"
    found = _read_shares(value, "least accuracy", hint)
    if odd := [name for name, least in found.items() if least > 1 or not is_unlabelled(name)]:
        raise InputError(f"{odd[0]!r} is no split without labels, or its accuracy is above 1", hint=hint)
    return found


def _read_recall(value: Any, folder: Path) -> dict[str, float]:
    """`0.6` for every class, `0.6,0.8=billing`, or a mapping of classes to shares, `all` standing for each."""
    hint = "write 0.6 for every class, or 0.8=billing: shares of its rows"
    if isinstance(value, str | Sequence):
        parts = value.split(",") if isinstance(value, str) else map(str, value)
        value = {name.strip() or "all": least for least, _, name in (part.partition("=") for part in parts)}
    elif not isinstance(value, Mapping):
        value = {"all": value}
    named = {str(name): _read_number(least, hint) for name, least in cast("Mapping[Any, Any]", value).items()}
    if not named or max(named.values()) > 1:
        raise InputError(f"{value!r} names no least recall between 0 and 1", hint=hint)
    return {ALL if name == "all" else name: least for name, least in named.items()}


def _read_share(value: Any, folder: Path) -> float:
    hint = "write 0.05: five points, as a fraction"
    if (found := _read_number(value, hint)) > 1:
        raise InputError(f"{value!r} is above 1", hint=hint)
    return found


def _read_no_shift(value: Any, folder: Path) -> dict[str, float]:
    hint = "write 0.05=new_march: the largest effect of a shift that is allowed, as a share"
    found = _read_shares(value, "largest shift", hint)
    if odd := [name for name, most in found.items() if not 0 < most < 1]:
        raise InputError(f"the largest shift of {odd[0]} is {found[odd[0]]:g}, not between 0 and 1", hint=hint)
    return found


def _read_shares(value: Any, what: str, hint: str) -> dict[str, float]:
    """`0.65=new_march`, as an option has it, or a mapping of splits to shares."""
    if isinstance(value, str):
        pairs = [part.partition("=")[::2] for part in value.split(",")]
        value = {name.strip(): share for share, name in pairs}
    if not isinstance(value, Mapping) or not value or not all(map(str, cast("Mapping[Any, Any]", value))):
        raise InputError(f"{value!r} names no split with its {what}", hint=hint)
    return {str(name): _read_number(share, hint) for name, share in cast("Mapping[Any, Any]", value).items()}


def _read_labelled(value: Any, folder: Path) -> Any:
    """A path, or by split; objects in memory as they are."""
    if isinstance(value, Mapping):
        return {name: _read_labelled(one, folder) for name, one in cast("Mapping[Any, Any]", value).items()}
    return folder / value if isinstance(value, str | Path) else value


def _read_number(value: Any, hint: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number >= 0) or isinstance(value, bool):
        raise InputError(f"{value!r} is no number from 0 on", hint=hint)
    return number


def _read_claims(value: Any, folder: Path) -> tuple[Any, ...] | Path:
    if isinstance(value, str | Path):
        return folder / value
    if not isinstance(value, Sequence) or not value:
        hint = 'write ["main > best-trivial by 0.05 on accuracy"]'
        raise InputError(f"{value!r} is neither a file nor a list of claims", hint=hint)
    return tuple(cast("Sequence[Any]", value))


def _read_path(value: Any, folder: Path) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise InputError(f"{value!r} is no path", hint="write the path of a study's folder or of a file")
    return folder / value if find_scheme(value) is None else Path(value)


def _read_paths(value: Any, folder: Path) -> tuple[Path, ...]:
    named: Any = [value] if isinstance(value, str | Path) else value
    if not isinstance(named, Sequence):
        raise InputError(f"{value!r} is no list of files", hint="write [seed0.csv, seed1.csv]")
    return tuple(_read_path(one, folder) for one in cast("Sequence[Any]", named))


def _read_columns(value: Any, folder: Path) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise InputError(f"{value!r} is no mapping", hint="write {ROLE: COLUMN}, such as {sequence: text}")
    return {str(role): str(name) for role, name in cast("Mapping[Any, Any]", value).items()}


def _read_label(value: Any, folder: Path) -> str:
    if (isinstance(value, Mapping | Sequence) and not isinstance(value, str)) or not str(value):
        raise InputError(f"{value!r} is no label", hint="write the one label that stands for no answer")
    return str(value)


def _read_cannot_say(value: Any, folder: Path) -> str:
    if value not in get_args(CannotSay):
        raise InputError(f"an open requirement may pass or fail (got {value!r})", hint="choose pass or fail")
    return value


_READERS: Mapping[str, Callable[[Any, Path], Any]] = {
    "require": _read_questions,
    "absent": lambda value, folder: _read_names(value, "write codes such as leak.*, padding.*"),
    "max_drop": _read_drops,
    "min_expected": _read_expected,
    "no_shift": _read_no_shift,
    "labelled": _read_labelled,
    "claims": _read_claims,
    "against": _read_paths,
    "no_worse_by": lambda value, folder: _read_number(value, "write 0.01: a point"),
    "no_worse_by_class": _read_share,
    "slices": lambda value, folder: _read_names(value, "write columns of the data, or length: customer,length"),
    "no_worse_by_slice": _read_share,
    "min_score": lambda value, folder: _read_number(value, "write 0.8: the least score"),
    "min_recall": _read_recall,
    "cannot_say": _read_cannot_say,
    "data": _read_path,
    "predictions": _read_paths,
    "predictions_columns": _read_columns,
    "columns": _read_columns,
    "against_columns": _read_columns,
    "abstain": _read_label,
}
