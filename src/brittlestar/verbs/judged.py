"""What `judge` found: verdicts in the order of the claims, the headline of a study, and what settles open claims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import polars as pl

from brittlestar.claims.aa import SelfTest
from brittlestar.claims.judgement import Judgement
from brittlestar.core.headline import Headline
from brittlestar.reports.export_tables import pick_frame
from brittlestar.reports.headline_text import headline_lines
from brittlestar.reports.showing import result_html, result_text
from brittlestar.study.claims import format_claim


@dataclass(frozen=True)
class Settling:
    """What settles an open claim: a sentence, and the command that does it, None where no command can."""

    claim: str
    words: str
    command: str | None


@dataclass(frozen=True, repr=False)
class Judged(Sequence[Judgement]):
    """Judgements in the order of the claims, as a sequence; what a variant held against itself gave; of a study its
    headline, with commands that can be pasted here; whether the claims were `written` for this call, and not those of
    the study; and what settles open claims. Shown as text or in a notebook it is the headline with every verdict
    below."""

    judgements: tuple[Judgement, ...]
    against_itself: SelfTest | None = None
    headline: Headline | None = None
    written: bool = True
    settling: tuple[Settling, ...] = ()

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

    def __repr__(self) -> str:
        return result_text(self._lines)

    def _repr_html_(self) -> str:
        return result_html(self._lines)

    def to_frame(self, what: str = "claims", library: str | None = None) -> Any:
        """`claims` with their verdicts as a frame: of pandas or Polars as `library` says, else of pandas where it is
        loaded. Raises InputError."""
        return pick_frame({"claims": self._make_table}, what, library)

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
        return [*headline, *claims]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        itself = None if self.against_itself is None else self.against_itself.as_json()
        headline = {} if self.headline is None else {"headline": self.headline.as_json()}
        return {**headline, "claims": [one.as_json() for one in self.judgements], "against_itself": itself}
