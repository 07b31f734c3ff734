"""What `judge` found: verdicts in the order of the claims, the headline of a study, and what settles open claims."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, overload

import polars as pl

from brittlestar.claims.aa import SelfTest
from brittlestar.claims.judgement import Judgement
from brittlestar.core.documents import begin_document, offer_command
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.reports.export_tables import Tables
from brittlestar.reports.headline_text import headline_blocks
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.result_text import claim_line, count_claims, note_blocks
from brittlestar.reports.showing import Lines, Shown
from brittlestar.reports.study_view import StudyView
from brittlestar.study.claims import format_claim

MOST_CLAIMS, MOST_SHORT = 3, 10
"""Claims with their sentences, and claims with their verdicts alone, that are printed: the others are counted
(convention)."""


@dataclass(frozen=True)
class SettlingStep:
    """What settles an open claim: a sentence, and the command that does it, None where no command can."""

    claim: str
    words: str
    command: str | None

    @property
    def document(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {"claim": self.claim, "sentence": self.words, **offer_command(self.command, "command")}


class JudgedClaim(Judgement):
    """The verdict on the only claim that was asked about."""

    def to_frame(self, what: str = "", library: str | None = None) -> Any:
        """The claim with its verdict as a frame of one row, as `Judged` has them."""
        return Judged((self,)).to_frame(what, library)


@dataclass(frozen=True, repr=False)
class Judged(Shown, Sequence[Judgement]):
    """Judgements in the order of the claims, as a sequence; what a variant held against itself gave; whether the claims
    were `written` for this call, and not those of the study; what settles open claims; notes; and what assesses a
    study, when its `headline` or its `findings` are asked for. Shown as text or in a notebook it is every verdict,
    below the headline of a study where the claims are its own."""

    judgements: tuple[Judgement, ...]
    against_itself: SelfTest | None = None
    written: bool = True
    settling: tuple[SettlingStep, ...] = ()
    notes: tuple[str, ...] = ()
    assess: Callable[[], StudyView] | None = field(default=None, compare=False)

    @cached_property
    def _view(self) -> StudyView | None:
        return None if self.assess is None else self.assess()

    @property
    def headline(self) -> Headline | None:
        """The headline of a study, with commands that can be pasted here; None for a table."""
        return None if self._view is None else self._view.headline

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of a study."""
        return () if self._view is None else self._view.findings

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
            (format_claim(judgement.claim), judgement.verdict, judgement.relation, judgement.estimate,
             *(judgement.interval or (None, None)), judgement.population,
             judgement.seeds, judgement.rows, judgement.sentence)
            for judgement in self.judgements
        ]  # fmt: skip
        text, number, whole = pl.String, pl.Float64, pl.Int64
        columns = ("claim", "verdict", "relation", "estimate", "low", "high", "population", "seeds", "rows", "sentence")
        kinds = (text, text, text, number, number, number, text, whole, whole, text)
        return pl.DataFrame(rows, schema=dict(zip(columns, kinds, strict=True)), orient="row")

    @property
    def blocks(self) -> list[Paragraph]:
        """Every claim with its verdict and sentence, then what settles open ones. The headline of a study stands before
        its own claims alone."""
        headline = None if self.written else self.headline
        blocks = [*_headline_blocks(headline), *_claim_blocks(self.judgements, headline is not None)]
        if not self.written and headline is None:
            sentence = "no claim was given: these are default claims, and exploratory."
            blocks.append(Paragraph("Note", sentence, see=" --claim SENTENCE states your own."))
        blocks += [*self._settling_blocks, *note_blocks(self.notes)]
        if (itself := self.against_itself) is not None:
            sentence = f"{itself.variant} against itself: {itself.differences} of {itself.pairings} pairings of "
            sentence += f"{itself.seeds} seeds each were announced as a difference of {itself.metric} "
            sentence += f"({100 * itself.low:.1f} to {100 * itself.high:.1f} %; chance gives 5 %)."
            blocks.append(Paragraph("Itself", sentence))
        return blocks

    @property
    def _told(self) -> Lines:
        return ()  # notes are among the blocks

    @property
    def _settling_blocks(self) -> list[Paragraph]:
        """What settles open claims, each way once with the claims that it settles, and the commands that do it."""
        ways: dict[str, list[str]] = {}
        whole = self.judgements[:MOST_CLAIMS] if self.written or self.assess is None else ()
        shown = " ".join(judgement.sentence for judgement in whole)
        for step in self.settling:
            if step.words not in shown:
                ways.setdefault(step.words, []).append(step.claim)
        blocks: list[Paragraph] = []
        for words, claims in ways.items():
            which = "" if len(ways) == 1 else f"{claims[0]}: " if len(claims) == 1 else f"{len(claims):,} claims: "
            blocks.append(Paragraph("" if blocks else "Settle", f"{which}{words}", most=2))
        said = None if self.written else self.headline
        known = set() if said is None else {one.next for one in said.answers.values()}
        commands = dict.fromkeys(step.command for step in self.settling if step.command and step.command not in known)
        return [*blocks, *(Paragraph("", command, command=True) for command in commands)]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        itself = None if self.against_itself is None else self.against_itself.as_json()
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {
            **begin_document(None if self.headline is None else self.headline.as_json()),
            "claims": [judgement.as_json() for judgement in self.judgements],
            "settling": [step.document for step in self.settling],
            "against_itself": itself,
            **notes,
        }


def _headline_blocks(headline: Headline | None) -> list[Paragraph]:
    """The headline without what to act on first: the claims were asked about."""
    return [] if headline is None else headline_blocks(replace(headline, act_first=None))


def _claim_blocks(judged: Sequence[Judgement], brief: bool) -> list[Paragraph]:
    """Each verdict with its sentence; `brief`, below a headline, without it, and left out of what `-v` prints."""
    blocks: list[Paragraph] = []
    for number, judgement in enumerate(judged[:MOST_SHORT]):
        blocks.append(Paragraph("" if number else "Claims", claim_line(judgement), most=2, brief=brief))
        if number < MOST_CLAIMS and not brief:
            blocks.append(Paragraph("", judgement.sentence, brief=True))
    return [*blocks, *count_claims(judged[MOST_SHORT:])]
