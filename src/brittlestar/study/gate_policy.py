"""What a gate requires: read from a policy file and from options, checked, with every mistake told at once."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

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


def _split_text(value: Any) -> Any:
    """`a,b` as a list."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _split_pairs(value: Any) -> Any:
    """`shift=0.03,other=0.1`, or a list of such texts, as a mapping."""
    if not isinstance(value, str | Sequence):
        return value
    parts = [str(one).partition("=") for one in cast("Sequence[Any]", _split_text(value))]
    return {name.strip(): amount.strip() for name, _, amount in parts}


def _split_shares(value: Any) -> Any:
    """`0.65=new_march`, or a list of such texts, as a mapping of names to shares; a share alone has no name."""
    if not isinstance(value, str | Sequence):
        return value
    parts = [str(one).partition("=") for one in cast("Sequence[Any]", _split_text(value))]
    return {name.strip(): share.strip() for share, _, name in parts}


Shares = BeforeValidator(_split_shares)


def _split_recalls(value: Any) -> Any:
    """Least recalls by class, of all of them under `ALL`."""
    shares = _split_shares({"all": value} if isinstance(value, int | float) else value)
    return {ALL if name == "all" else name: share for name, share in shares.items()} if shares else shares


def _refuse_switch(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    return value


def _be_unlabelled(name: str) -> str:
    if not is_unlabelled(name):
        raise ValueError("a split without labels is named new_…")
    return name


def _place_beside(path: str | Path, info: ValidationInfo) -> Path:
    """A path that is relative to the folder of the policy."""
    return cast("Path", info.context or Path()) / path


def _read_claims(value: Any, info: ValidationInfo) -> tuple[Any, ...] | Path:
    if isinstance(value, str | Path):
        return _place_beside(value, info)
    if not isinstance(value, Sequence) or not value:
        raise ValueError("neither a file nor a list of claims")
    return tuple(cast("Sequence[Any]", value))


def _read_path(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError("no path")
    return _place_beside(value, info) if find_scheme(value) is None else Path(value)


def _read_labelled(value: Any, info: ValidationInfo) -> Any:
    """A path, or by split; objects in memory as they are."""
    if isinstance(value, Mapping):
        return {name: _read_labelled(one, info) for name, one in cast("Mapping[Any, Any]", value).items()}
    return _place_beside(value, info) if isinstance(value, str | Path) else value


def _write_settings(value: Any) -> Any:
    """Values of settings as texts, as `--set` has them."""
    if not isinstance(value, Mapping):
        return value
    given = cast("Mapping[Any, Any]", value)
    return {str(path): one if isinstance(one, str) else json.dumps(one) for path, one in given.items()}


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str | Mapping | Sequence) else str(value)


Text = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
Names = Annotated[
    tuple[Text, ...], AfterValidator(lambda names: tuple(dict.fromkeys(names))), BeforeValidator(_split_text)
]
Amount = Annotated[float, Field(ge=0), BeforeValidator(_refuse_switch)]
Share = Annotated[Amount, Field(le=1)]
Answer = Annotated[Question, BeforeValidator(lambda name: name.lower().rstrip("?") if isinstance(name, str) else name)]
Answers = Annotated[
    tuple[Answer, ...], AfterValidator(lambda names: tuple(dict.fromkeys(names))), BeforeValidator(_split_text)
]
Location = Annotated[Path, BeforeValidator(_read_path)]
Locations = Annotated[
    tuple[Location, ...], BeforeValidator(lambda value: [value] if isinstance(value, str | Path) else value)
]
Columns = dict[Text, Text]


def _key(default: Any, must_be: str, example: str, **limits: Any) -> Any:
    """A key of a policy: what its value must be, and how it may be written."""
    return Field(default, description=must_be, examples=[example], **limits)


class GatePolicy(BaseModel):
    """Requirements of a gate; an empty policy asks for what its input can answer.

    `require` are questions of the headline that must be answered yes; `absent` codes of findings, `*` for any part;
    `max_drop` {start of a split's name: greatest loss against the headline split, in the metric's unit}; `min_expected`
    {split without labels: least accuracy, as a fraction, at the lower end of its forecast}; `labelled` are the few
    labels of these, a path or by split; `no_shift` {split: the largest effect of a shift check that is allowed, a
    share}; `claims` are written claims, or the path of a file of them. `against` is the last release: a study's folder,
    or files of predictions, one a seed; `no_worse_by` how far the score may lie below it, `no_worse_by_class` and
    `no_worse_by_slice` how much less of a class, or of a value of the columns `slices`, may be right. Where nobody says
    so of classes, one that is shown to lose more than `CLASS_LOSS` fails. `min_score` is the least score, `min_recall`
    the least recall {class: share}, of all classes under `ALL`. `cannot_say` turns an open requirement into a pass or a
    fail; None leaves it open. `data`, `predictions`, their columns and the settings `set` are what is gated, where the
    policy says so itself; `root` is the root hash that a record must have. `against_columns` are the columns of
    `against`, None where they are those of `predictions`; a prediction of `abstain` is wrong on both sides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    require: Answers | None = _key(None, f"some of {', '.join(QUESTIONS)}", "real,sound")
    absent: Names = _key((), "names of findings", "'leak.*,padding.*'")
    max_drop: Annotated[dict[Text, Amount], BeforeValidator(_split_pairs)] = _key(
        {}, "SPLIT=LOSS with a loss from 0 on", "shift=0.03", min_length=1
    )
    min_expected: Annotated[dict[Annotated[Text, AfterValidator(_be_unlabelled)], Share], Shares] = _key(
        {}, "SHARE=SPLIT with a share from 0 to 1 and a split without labels", "0.65=new_march", min_length=1
    )
    no_shift: Annotated[dict[Text, Annotated[Amount, Field(gt=0, lt=1)]], Shares] = _key(
        {}, "SHARE=SPLIT with a share between 0 and 1", "0.05=new_march", min_length=1
    )
    labelled: Annotated[Any, BeforeValidator(_read_labelled)] = _key(None, "a file, or files by split", "fifty.csv")
    claims: Annotated[Any, BeforeValidator(_read_claims)] = _key((), "a file or a list of claims", "claims.txt")
    against: Locations = _key((), "a study's folder or files", "released.csv")
    no_worse_by: Amount = _key(NO_WORSE_BY, "a number from 0 on", "0.01")
    no_worse_by_class: Share | None = _key(None, "from 0 to 1", "0.05")
    slices: Names = _key((), "columns of the data, or length", "customer,length")
    no_worse_by_slice: Share | None = _key(None, "from 0 to 1", "0.05")
    min_score: Amount | None = _key(None, "a number from 0 on", "0.8")
    min_recall: Annotated[dict[Annotated[str, BeforeValidator(_as_text)], Share], BeforeValidator(_split_recalls)] = (
        _key({}, "from 0 to 1", "{all: 0.6, billing: 0.8}", min_length=1)
    )
    cannot_say: CannotSay | None = _key(None, "pass or fail", "pass")
    data: Location | None = _key(None, "a path", "data")
    predictions: Locations = _key((), "a list of files", "[seed0.csv, seed1.csv]")
    predictions_columns: Columns = _key({}, "a mapping of roles to columns", "{prediction: answer}")
    columns: Columns = _key({}, "a mapping of roles to columns", "{sequence: text}")
    against_columns: Columns | None = _key(None, "a mapping of roles to columns", "{prediction: answer}")
    abstain: Text | None = _key(None, "the one label that stands for no answer", "unsure")
    set: Annotated[dict[Text, str], BeforeValidator(_write_settings)] = _key(
        {}, "a mapping of settings to values", "{trivial.linear: off}"
    )
    root: Text | None = _key(None, "a root hash", "7c1e…")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is required by name."""
        named = (self.absent, self.max_drop, self.min_expected, self.no_shift, self.claims, self.against)
        return self.require is None and self.min_score is None and not any((*named, self.min_recall))


KEYS = tuple(GatePolicy.model_fields)
KEY_OF_OPTION: Mapping[str, str] = {
    "--preds-columns": "predictions_columns", "--abstain": "abstain", "--slices": "slices", "--labelled": "labelled",
    "--set": "set", "--linear": "set",
}  # fmt: skip
"""Keys that say what options of other verbs say."""
_OPTION = re.compile(
    r"`brittlestar [^`]*`|brittlestar [a-z]+ [^;`]*"  # commands stay
    r"|(?P<option>--[a-z][a-z-]*)(?: (?P<pairs>[\w.]+=[^\s,;:]+(?:,[\w.]+=[^\s,;:]+)*)| (?P<value>'[^']*'|\S+)$)?"
)


def check_policy(policy: GatePolicy) -> None:
    """Raise InputError for requirements that lack what they speak of."""
    problems: list[Problem] = []
    if policy.no_worse_by_slice is not None and not policy.slices:
        problems.append(Problem("no slices are named", "no_worse_by_slice", write_key("slices")))
    if policy.slices and policy.no_worse_by_slice is None:
        hint = f"{write_key('no_worse_by_slice')}, beside {write_key('against')}"
        problems.append(Problem("nothing is required of the slices", "slices", hint))
    if not policy.against:
        asked = {"no_worse_by_class": policy.no_worse_by_class, "no_worse_by_slice": policy.no_worse_by_slice}
        what, hint = "there is no last release to be no worse than", "add --against STUDY|FILE"
        problems += [Problem(what, key, hint) for key, by in asked.items() if by is not None]
    if problems:
        raise InputError(problems)


def write_key(key: str) -> str:
    """An example of a key as a policy has it: `slices: customer,length`."""
    return f"{key}: {(GatePolicy.model_fields[key].examples or [''])[0]}"


def name_keys(text: str, keys: Mapping[str, str] = KEY_OF_OPTION) -> str:
    """A sentence with keys where it names options of other verbs: `columns: {id: NAME}` for `--columns id=NAME`."""

    def write(found: re.Match[str]) -> str:
        if (key := keys.get(found["option"] or "")) is None:
            return found[0]
        pairs = [pair.split("=", 1) for pair in (found["pairs"] or "").split(",") if pair]
        value = f"{{{', '.join(f'{name}: {text}' for name, text in pairs)}}}" if pairs else found["value"]
        return f"{key}: {value}" if value else key

    return _OPTION.sub(write, text)


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
        raise InputError("a policy is a mapping", str(path), f"write `{write_key('require')}`")

    def place_of(key: str) -> str:
        line, column = document.places.get((key,), (1, 1))
        return f"{path}:{line}:{column}"

    return make_policy(cast("dict[str, Any]", document.value), place_of=place_of, folder=path.parent)


def make_policy(
    written: Mapping[str, Any],
    base: GatePolicy | None = None,
    place_of: Callable[[str], str] | None = None,
    folder: Path | None = None,
) -> GatePolicy:
    """The policy with what is `written` in place of what `base` has; None leaves it.

    `place_of(key)` says where a key stands, None that it is an option; paths are relative to `folder`. Raises
    InputError with every mistake.
    """
    given = {key: value for key, value in written.items() if value is not None}
    try:
        found = GatePolicy.model_validate(given, context=folder or Path())
    except ValidationError as error:
        errors = {str(details["loc"][0]): details for details in reversed(error.errors(include_url=False))}
        problems = [_describe(key, dict(errors[key]), place_of) for key in map(str, given) if key in errors]
        raise InputError(problems) from None
    changed = {key: getattr(found, key) for key in found.model_fields_set}
    return found if base is None else base.model_copy(update=changed)


def _describe(key: str, details: Mapping[str, Any], place_of: Callable[[str], str] | None) -> Problem:
    """What the value of a key must be, what it is, and what to write."""
    where = "" if place_of is None else place_of(key)
    if details["type"] == "extra_forbidden":
        return Problem(f"a policy has no key '{key}'", where, suggest(key, KEYS) or f"keys: {', '.join(KEYS)}")
    name, field = key if place_of else f"--{key.replace('_', '-')}", GatePolicy.model_fields[key]
    inner = next((part for part in details["loc"][1:] if part and isinstance(part, str) and part != "[key]"), "")
    of = f" for {inner}" if inner and details["input"] != inner else ""
    near = suggest(str(details["input"]), QUESTIONS) if details["type"] == "literal_error" else ""
    hint = write_key(key) if place_of else f"{name} {(field.examples or [''])[0]}"
    return Problem(f"{name} must be {field.description} (got {details['input']!r}{of})", where, near or hint)
