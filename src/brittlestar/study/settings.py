"""Every setting of a study with its type, range and default. The expanded study is these models as plain JSON.

Field names are the paths that `--set`, variants and reports use (`training.learning_rate`).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from brittlestar.core.errors import InputError
from brittlestar.core.expectations import EXPECTATIONS, is_expectation
from brittlestar.study.names import DATA_ROLES, role_problems

Metric = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
AskedMetric = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.]*(:.+)?$")]
"""One that is computed where it is asked for, too: `f1:CLASS`, `module:function`."""
Rate = Annotated[float, Field(ge=0, lt=1)]
Candidates = Annotated[int, Field(ge=1, le=1_000)]
"""How many were tried; of more nobody kept the scores."""
Positive = Annotated[int, Field(ge=1)]


class SettingsSection(BaseModel):
    """Frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _split_names(value: Any) -> Any:
    """Names written with commas, or a list: as a tuple, which strict mode asks for behind a validator."""
    if isinstance(value, str):
        return tuple(one.strip() for one in value.split(",") if one.strip())
    return tuple(value) if isinstance(value, list) else value


class Columns(SettingsSection):
    """Which column holds what. `id` and `group` may be absent from the data. `slices` are further columns, kept with
    the rows so that scores can be told by their values: `customer`, `language`."""

    id: str = "id"
    sequence: str = "sequence"
    label: str = "label"
    group: str = "group"
    slices: Annotated[tuple[str, ...], BeforeValidator(_split_names)] = ()


def columns_of(given: Mapping[str, str] | None) -> Columns:
    """The columns of `{"sequence": "text"}`; what is not named keeps its own name. Raises InputError."""
    roles = {role: name for role, name in (given or {}).items() if role != "slices"}
    if problems := role_problems(roles, DATA_ROLES, "--columns"):
        raise InputError(problems)
    return Columns.model_validate(given or {})


class DataSettings(SettingsSection):
    """Where the splits are, how a row becomes tokens, and the transform that an ablation variant applies to every
    split.

    `tokens`: `whitespace`, `characters`, `list`, or `regex:PATTERN` (every match is one token).
    `factors`: one regular expression with named groups, matched against the whole token; a group that is missing or
    a token that does not match has no value of that factor.
    `order: permuted` permutes the tokens of each row once; `factor: NAME` keeps only that factor's values;
    `spelling: characters` splits each token into its characters. Labels and factor weights stay those of the row.
    `train_rows` keeps so many rows of train. `train_without: leaks` takes out those whose tokens stand in another
    split, too, `conflicts` those that lack the most frequent label of their tokens.
    """

    path: str | None = None
    splits: dict[str, str] = Field(default_factory=dict)
    columns: Columns = Columns()
    tokens: Annotated[str, Field(pattern=r"^(whitespace|characters|list|regex:.+)$")] = "whitespace"
    factors: str | None = None
    order: Literal["kept", "permuted"] = "kept"
    factor: str | None = None
    spelling: Literal["tokens", "characters"] = "tokens"
    train_rows: Positive | None = None
    train_without: Literal["none", "leaks", "conflicts"] = "none"


DATA_KEYS = ("tokens", "factors", "order", "factor", "spelling", "train_rows", "train_without")
"""Settings of data that say which rows and tokens a variant reads."""
LATER = {
    "data.train_without": "none",
    "model.abstain": None,
    "model.initial_scale": 1.0,
    "model.batch_statistics": "batch",
}
"""Settings that came after the first cells were named, with the values that leave a cell as it was."""


class EmbeddingSettings(SettingsSection):
    """`mode`: trained from random; frozen at random; a table frozen; a table trained further. `table`: a text file
    (`token v1 … vd` a line) or a safetensors file with `embedding` and a `tokens` list in its metadata.
    `composition`: one vector per joint token, or the sum or concatenation of one vector per factor value. `scale`: the
    standard deviation of vectors drawn at random; 1 is PyTorch's, a small one helps where many tokens are rare."""

    dim: Positive = 32
    mode: Literal["trained", "frozen-random", "frozen-pretrained", "fine-tuned"] = "trained"
    scale: Annotated[float, Field(gt=0)] = 1.0
    table: str | None = None
    composition: Literal["joint", "factor-sum", "factor-concat"] = "joint"


class DropoutSettings(SettingsSection):
    """Dropout on embeddings, between layers of the encoder, and before the classifier head."""

    embedding: Rate = 0.0
    encoder: Rate = 0.2
    head: Rate = 0.2


class ModelSettings(SettingsSection):
    """The built-in families, or one own model.

    `own` names `package.module:name`: a factory, a fit function or a scikit-learn estimator; `kind` says which, and
    is found out when it is `auto`. `params` go to a factory or a fit function as keywords, and to
    an estimator as its settings. `predictions` are files of given predictions,
    `predictions_columns` says what their columns are called: `prediction: pred`, and `abstain` is a label that stands
    for no answer, and counts as wrong. `initial_scale` multiplies the matrices that a network starts with, of vectors
    of tokens, too. With `batch_statistics: stored`, batch normalisation uses the means and variances that it keeps
    while it trains, too.
    """

    family: Literal["lstm", "gru", "transformer", "mean", "bag"] = "lstm"
    own: Annotated[str, Field(pattern=r"^[\w.]+:[\w.]+$")] | None = None
    kind: Literal["auto", "factory", "fit", "estimator"] = "auto"
    params: dict[str, Any] = Field(default_factory=dict)
    predictions: tuple[str, ...] = ()
    predictions_columns: dict[str, str] = Field(default_factory=dict)
    abstain: Annotated[str, Field(min_length=1)] | None = None
    variant: str | None = None
    embedding: EmbeddingSettings = EmbeddingSettings()
    hidden: Positive = 64
    layers: Positive = 2
    bidirectional: bool = False
    heads: Positive = 4
    positions: bool = True
    pooling: Literal["last", "mean", "max", "attention"] = "mean"
    dropout: DropoutSettings = DropoutSettings()
    initial_scale: Annotated[float, Field(gt=0)] = 1.0
    batch_statistics: Literal["batch", "stored"] = "batch"


class ScheduleSettings(SettingsSection):
    """Learning rate over epochs: constant, cosine to zero, or `step` (times `gamma` every `every` epochs); each may
    start with a linear warm-up over `warmup` epochs (fractions allowed)."""

    kind: Literal["constant", "cosine", "step"] = "constant"
    warmup: Annotated[float, Field(ge=0)] = 0.0
    every: Positive = 10
    gamma: Annotated[float, Field(gt=0, le=1)] = 0.1


class EarlyStoppingSettings(SettingsSection):
    """Stop when `metric` on `split` has not improved for `patience` epochs."""

    split: str = "dev"
    metric: Metric = "log_loss"
    patience: Positive = 5


class SelectionSettings(SettingsSection):
    """Which epoch is the best checkpoint: the best `metric` on `split`, the first on ties."""

    split: str = "dev"
    metric: Metric = "log_loss"


class TrainingSettings(SettingsSection):
    """The training loop. `clip` is the maximum gradient norm, null for none."""

    epochs: Annotated[int, Field(ge=0)] = 20
    batch_size: Positive = 64
    optimiser: Literal["adam", "adamw", "sgd"] = "adam"
    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    momentum: Rate = 0.0
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: ScheduleSettings = ScheduleSettings()
    label_smoothing: Rate = 0.0
    class_weights: Literal["none", "balanced"] | dict[str, Annotated[float, Field(gt=0)]] = "none"
    clip: Annotated[float, Field(gt=0)] | None = 1.0
    early_stopping: EarlyStoppingSettings | None = None
    selection: SelectionSettings = SelectionSettings()
    precision: Literal["fp32", "bf16"] = "fp32"
    device: Literal["cpu", "cuda"] = "cpu"


Mode = Literal["varied", "fixed", "crossed"]
StreamMode = Literal["varied", "fixed", "crossed", "off"]


class StreamSettings(SettingsSection):
    """What each stream does from seed to seed. `split` pools and redraws train and dev; `sampling` resamples train.
    Streams that are `crossed` meet in every combination: with two of them, 4 seeds make 16 cells a variant."""

    init: Mode = "varied"
    order: Mode = "varied"
    dropout: Mode = "varied"
    split: StreamMode = "off"
    sampling: StreamMode = "off"


Reference = Annotated[str, Field(pattern=r"^[\w.]+:[\w.]+$")]


def _switch(value: Any) -> Any:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


class TrivialSettings(SettingsSection):
    """Which trivial baselines there are: `linear: off` leaves out the one that takes longest."""

    linear: Annotated[Literal["on", "off"], BeforeValidator(_switch)] = "on"


class ReportSettings(SettingsSection):
    """`metric` is the headline metric (default: hwa where factors are named shape and colour, else accuracy), `metrics`
    are others that are computed beside it, of baselines too, so that claims may name them; `best_of` is how many
    candidates were tried on the rows that are scored, where this one was kept for being the best there: claims share
    their error among all; `title` heads the page; `checks` names checks of your own, of whatever kind."""

    metric: AskedMetric | None = None
    metrics: tuple[AskedMetric, ...] = ()
    best_of: Candidates = 1
    title: str | None = None
    checks: tuple[Reference, ...] = ()


def _expectation(text: str) -> str:
    if not is_expectation(text):
        raise ValueError(f"an expectation is one of {', '.join(EXPECTATIONS)}")
    return text


Expectation = Annotated[str, AfterValidator(_expectation)]


class ProbeSettings(SettingsSection):
    """Which probes are run on every finished cell, and what is known of the task.

    `suite`: `default`, or `none`. `split` is the split that is probed (default: test, else dev), `rows` how many of its
    rows: `auto`, one for each 150 that training reads (train rows times epochs), 150 at least and 2,000 at most, or
    2,000 of a model that fits itself; null for all. `only` and `skip` name probes or families; `strengths` sets those
    of single probes; `expect` says what should hold where no rule is known. `rule` is a rule of the founding task,
    `relabel` a function from token lists to labels; `pairs` is a file of minimal contrasts; `own` names probes of your
    own.
    """

    suite: Literal["default", "none"] = "default"
    split: str | None = None
    rows: Positive | Literal["auto"] | None = "auto"
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    strengths: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    expect: dict[str, Expectation] = Field(default_factory=dict)
    rule: str | None = None
    relabel: Reference | None = None
    pairs: str | None = None
    own: tuple[Reference, ...] = ()


class ExecutionSettings(SettingsSection):
    """How runs are carried out, which changes no result. `cells_per_gpu` is how many may train on one GPU at once."""

    cells_per_gpu: Annotated[int, Field(ge=1, le=64)] = 1


class VariantSettings(BaseModel):
    """A named variant: overrides by path, the `title` that people see (None: made from its settings), and
    `unequal_budget`, the reason why its budget may differ from main's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set: dict[str, Any] = Field(default_factory=dict)
    title: str | None = None
    unequal_budget: str | None = None


class Study(SettingsSection):
    """A whole study file."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    data: DataSettings
    model: ModelSettings = ModelSettings()
    training: TrainingSettings = TrainingSettings()
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] = (0, 1, 2, 3, 4)
    streams: StreamSettings = StreamSettings()
    variants: dict[str, VariantSettings] = Field(default_factory=dict)
    claims: tuple[Any, ...] = ()
    trivial: TrivialSettings = TrivialSettings()
    probes: ProbeSettings = ProbeSettings()
    report: ReportSettings = ReportSettings()
    execution: ExecutionSettings = ExecutionSettings()
