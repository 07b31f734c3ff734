"""What `judge` found: verdicts in the order of the claims, the headline of a study, and what settles open claims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import polars as pl

from brittlestar.claims.aa import SelfTest
from brittlestar.claims.judgement import Judgement
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.reports.export_tables import Tables
from brittlestar.reports.headline_text import headline_lines
from brittlestar.reports.showing import Shown
from brittlestar.study.claims import format_claim


@dataclass(frozen=True)
class SettlingStep:
    """What settles an open claim: a sentence, and the command that does it, None where no command can."""

    claim: str
    words: str
    command: str | None


class JudgedClaim(Judgement):
    """The verdict on the only claim that was asked about."""

    def to_frame(self, what: str = "", library: str | None = None) -> Any:
        """The claim with its verdict as a frame of one row, as `Judged` has them."""
        return Judged((self,)).to_frame(what, library)


@dataclass(frozen=True, repr=False)
class Judged(Shown, Sequence[Judgement]):
    """Judgements in the order of the claims, as a sequence; what a variant held against itself gave; of a study its
    headline, with commands that can be pasted here; whether the claims were `written` for this call, and not those of
    the study; what settles open claims; of a study its findings; and notes. Shown as text or in a notebook it is the
    headline with every verdict below."""

    judgements: tuple[Judgement, ...]
    against_itself: SelfTest | None = None
    headline: Headline | None = None
    written: bool = True
    settling: tuple[SettlingStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Judgement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Judgement, ...]: ...
    def __getitem__(self, index: int | slice) -> Judgement | tuple[Judgement, ...]:
        return self.judgements[index]

    def __len__(self) -> int:
        return len(self.judgements)

    def __iter__(self) -> Iterator[Judgement]:
        return iter(self.judgements)

    @property
    def _tables(self) -> Tables:
        return {"claims": self._make_table}

    def _make_table(self) -> pl.DataFrame:
        rows = [
            (format_claim(one.claim), one.verdict, one.relation, one.estimate, *(one.interval or (None, None)),
             one.population, one.seeds, one.rows, one.sentence)
            for one in self.judgements
        ]  # fmt: skip
        text, number, whole = pl.String, pl.Float64, pl.Int64
        columns = ("claim", "verdict", "relation", "estimate", "low", "high", "population", "seeds", "rows", "sentence")
        kinds = (text, text, text, number, number, number, text, whole, whole, text)
        return pl.DataFrame(rows, schema=dict(zip(columns, kinds, strict=True)), orient="row")

    @property
    def _lines(self) -> list[tuple[str, str]]:
        headline = [] if self.headline is None else headline_lines(self.headline)
        claims = [
            line for one in self.judgements for line in ((one.verdict, format_claim(one.claim)), ("", one.sentence))
        ]
        return [*claims, *headline] if self.written else [*headline, *claims]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        itself = None if self.against_itself is None else self.against_itself.as_json()
        headline = {} if self.headline is None else {"headline": self.headline.as_json()}
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {**headline, "claims": [one.as_json() for one in self.judgements], "against_itself": itself, **notes}
