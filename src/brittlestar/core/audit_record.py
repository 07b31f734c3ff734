"""What an audit leaves behind: its findings, and what pages show beside them; all of it can be stored as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.commands import OF_AUDITS, link_commands
from brittlestar.core.findings import Finding
from brittlestar.core.plain import order_keys, plain, read_record, round_floats
from brittlestar.core.trivial_baselines import TrivialBaselines


@dataclass(frozen=True)
class Drifted:
    """One token with its share of all tokens of train, and of the split."""

    token: str
    train: float
    here: float


@dataclass(frozen=True)
class Profile:
    """One split as figures draw it. `classes` are rows by label; `lengths` are rows by length in bins `width` tokens
    wide, the first from `shortest`, the last one open; bins are the same in all splits of an audit. `drifted` are the
    tokens whose shares differ most from train's (by the square roots of the shares; empty for train)."""

    rows: int
    classes: Mapping[str, int]
    shortest: int
    width: int
    lengths: tuple[int, ...]
    drifted: tuple[Drifted, ...]


@dataclass(frozen=True)
class PairSide:
    """One row of a pair, for people: the text is cut where it is long."""

    split: str
    id: str
    label: str
    text: str


@dataclass(frozen=True)
class RowPair:
    """Two rows that a finding of `code` says should not both be there."""

    code: str
    left: PairSide
    right: PairSide


@dataclass(frozen=True, repr=False)
class Audit:
    """Everything of one audit. `trivial_baselines` is None where no trivial baseline was fitted; `failed` says that the
    audit, or a part of it, failed, and why; None where it did not; `limits` is what it would have seen in these rows,
    as `audits.limits` has it, None where nobody measured that."""

    __repr__ = brief_repr

    findings: tuple[Finding, ...] = ()
    trivial_baselines: TrivialBaselines | None = None
    profiles: Mapping[str, Profile] = field(default_factory=dict[str, Profile])
    pairs: tuple[RowPair, ...] = ()
    failed: str | None = None
    limits: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """All of it as plain JSON values, numbers to ten digits."""
        return round_floats(self.exact)

    @property
    def exact(self) -> dict[str, Any]:
        """The same with all digits."""
        return {
            "findings": [plain(finding.as_json()) for finding in self.findings],
            "ladder": None if self.trivial_baselines is None else plain(self.trivial_baselines.as_json()),
            "profiles": {name: plain(asdict(profile)) for name, profile in self.profiles.items()},
            "pairs": [plain(asdict(pair)) for pair in self.pairs],
            "failed": self.failed,
            "limits": plain(self.limits),
        }

    @staticmethod
    def from_json(fields: Mapping[str, Any]) -> "Audit":
        """The audit of its JSON values."""
        scored = fields.get("ladder") or {}
        named = {**scored, "members": scored["rungs"]} if scored else None
        return read_record(Audit, {**fields, "trivial_baselines": named}).linked

    @property
    def linked(self) -> "Audit":
        """The same with evidence as plain values, and commands in the text of remedies."""
        told = ((one, plain(one.evidence), link_commands(str(one.remedy), OF_AUDITS)) for one in self.findings)
        return replace(self, findings=tuple(replace(one, evidence=seen, remedy=do) for one, seen, do in told))

    @property
    def rounded(self) -> "Audit":
        """The same as a file of it is read again: numbers to ten digits, and keys in order."""
        return Audit.from_json(order_keys(self.as_json()))
