"""Sentences without what they say of other models, other work, and of what was searched or tried."""

from __future__ import annotations

import re

from brittlestar.records.reported.alternatives import compile_any

_N = r"\d[\d.,]*(?:e[-−+]?\d+)?(?:\s*[×·x]\s*10\^?\{?[-−]?\d+\}?)?\s?%?"
_CLAUSE = compile_any(
    r";\s+",
    r",?\s+(?:whereas|while)\s+",
    r",\s+(?:but\s+|so\s+)?(?=(?:we|our|ours)\b)",
    r"\s(?=in the (?:main|final|present) (?:experiment|study|version))",
)
"""What separates a part of a sentence that may be about somebody else."""
_OURS = compile_any(r"\b(?:we|our|ours|the (?:proposed|present|final|main) \w+|in this (?:work|paper|study))\b")
_ELSEWHERE = compile_any(
    r"\bpilot\b",
    r"\b(?:previous|earlier|prior|preliminary|former|original)(?:ly)? (?:\w+ )?"
    r"(?:work|versions?|study|studies|experiments?|papers?|submission|manuscript|runs?|draft)\b",
    r"\b(?:previous|earlier|former|original)(?:ly)? (?:\w+ )?(?:implementation|code|authors?|setup|model)\b",
    r"\bin experiment \d|\bsupplementary experiment|\bin the (?:appendix|supplement\w*)",
    r"\bfor (?:a )?comparison\b|\beven with\b|^initially,? we\b",
    r"\b(?:layer|batch) ?norm\w*\b[^.;]*\b(?:eps|momentum)",
)
"""Words of clauses that are about something else, whoever did it."""
_OTHER_MODELS = compile_any(
    r"\bbaselines?\b", r"\b(?:Ro|Distil|Al)?BERTa?(?:-\w+)?\b", r"\bGPT\b|\bELMo\b|\bSVMs?\b|\brandom forests?\b"
)
"""Models that are none of ours, where a page speaks of another one besides."""
_OUR_MODEL = compile_any(r"\b(?:our|ours|proposed)\b", r"\b(?:bi-?)?(?:lstm|gru)s?\b", r"\btransformer\b")
_THEIRS = compile_any(
    r"\bet al\b|\btheirs\b",
    r"\bthey (?:use|used|train\w*|report\w*|set)\b",
    r"\b[A-Z][a-z]+ (?:(?:and|&) [A-Z][a-z]+ )?\((?:19|20)\d\d[a-z]?\)",
    cased=True,
)
"""Words of clauses that are about others, where they do not speak of us."""
_BESIDE = compile_any(
    rf"(?:\b(?:was|were|is|are|of|to)\s+)?{_N} (?:for|in|with) (?:the |our |all )?(?:[\w-]+ )?baselines?"
    r"(?:,? (?:and|but|versus|vs\.?)|,)?",
    r"^.*\b(?:perform\w*|is|was|are|were|does|did) (?:on par|worse|better|similar\w*|comparabl\w*|as well)\b"
    r"[\w ]*?\b(?=(?:with |than |to )?our\b)",
    r"\bno (?=(?:lstm|gru|transformer)s?\b)",
)
"""What is said of another model in one clause with ours."""
_SEARCHED = compile_any(
    r"(?<!fine-)(?<!fine )\btun(?:ed|ing)\b",
    r"\bgrid|\bsweep|\bswept\b|\bsearch",
    r"\bvar(?:y|ied)\b|\bcandidates?\b|\blog-uniform|\bexperimented with\b",
)
_RANGE = compile_any(
    rf"(?:\b(?:in|over|between|from|among|within)\s+)?[\[({{]\s*{_N}(?:\s*(?:,|to|and|–|-)\s*{_N})+\s*[\])}}]",
    rf"\bbetween {_N} and {_N}",
    rf"\b(?:from )?{_N} (?:to|–) {_N}",
    rf"{_N}(?:,| or) {_N}",
)
_FAILED = compile_any(
    r"\btried\b|\bexplored\b|\bdiverge\w*|\bhurts?\b|\bTODO\b|\brobustness\b|\bablations?\b|\bunchanged\b",
    r"\btoo (?:slow|large|small|high|low)\b|\bsimilar results\b|\bresults? (?:did|do|does) not change",
    r"(?:not|n't|no|little|never) (?:\w+ )?(?:improve\w*|help|matter|difference|effect|gain)\b"
    r"(?! (?:for|(?:in|within|over) (?:the )?(?:last )?[\w-]+(?: \w+){0,2} (?:epoch|evaluation)|"
    r"of (?:the )?(?:dev|val)))(?!\w)",
)
"""Words of what was tried and not kept; that nothing improved for some epochs is how training ends."""
_TAKEN = compile_any(
    r"\b(?:final(?:ly)?|best|chosen|choose|chose|select(?:ed)?|settled|optimal|fixed|result(?:ed|ing)?)\b",
    r"\b(?:ended up|in the end|and use)\b",
)
"""Words that say what was taken in the end."""


def speaks_of_ours(text: str) -> bool:
    """Whether a page speaks of a model beside those that are baselines."""
    clauses = (one for part in re.split(r"\.\s", text) for one in _CLAUSE.split(part))
    return any(_OUR_MODEL.search(one) for one in clauses if not _OTHER_MODELS.search(one))


def keep_ours(sentence: str, beside: bool) -> str:
    """A sentence without clauses about other work or trials, and about baselines where they are `beside` a model."""
    plain = _BESIDE.sub("", sentence)
    if (searched := _SEARCHED.search(plain)) and _RANGE.search(plain):
        plain = _keep_taken(plain, searched.end())
    return "; ".join(part for one in _CLAUSE.split(plain) if (part := _keep_clause(one, beside)))


def _keep_clause(clause: str, beside: bool) -> str:
    other = beside and _OTHER_MODELS.search(clause)
    if other or _ELSEWHERE.search(clause) or (_THEIRS.search(clause) and not _OURS.search(clause)):
        return ""
    failed = [*_FAILED.finditer(clause)]
    return _keep_taken(clause, failed[-1].end()) if failed else clause


def _keep_taken(text: str, begun: int) -> str:
    """What was taken in the end, behind what was tried."""
    taken = _TAKEN.search(text, begun)
    return "" if taken is None else text[taken.start() :]
