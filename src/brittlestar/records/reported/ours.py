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
    r"^.{0,25}\bpilot (?:study|experiment|run|phase)|\bfor the pilot\b",
    r"^(?:in |with |for |whereas )?(?:an? |the |our |their )?"
    r"(?:previous|earlier|prior|preliminary|former|original)(?:ly)? (?:\w+ )?(?:work|versions?|study|studies|"
    r"experiments?|papers?|submission|manuscript|runs?|draft|implementation|code|authors?|setup|model)\b",
    r"^.{0,25}\bin experiment \d|\bsupplementary experiment",
    r"\balso (?:report|show|ran|tried)\b.*\bin the (?:appendix|suppl)",
    r"^for (?:a )?comparison\b|^even with\b.*\b(?:stays?|remains?)\b|^initially,? we\b",
    r"\b(?:layer|batch) ?norm\w*\b[^.;]*\b(?:eps|momentum)",
)
"""Words of clauses that are about something else, whoever did it."""
_OTHER_MODELS = compile_any(
    r"\bbaselines?\b", r"\b(?:Ro|Distil|Al)?BERTa?(?:-\w+)?\b", r"\bGPT\b|\bELMo\b|\bSVMs?\b|\brandom forests?\b"
)
"""Models that are none of ours, where a page speaks of another one besides."""
_OUR_MODEL = compile_any(r"\b(?:our|ours|proposed)\b", r"\b(?:bi-?)?(?:lstm|gru)s?\b", r"\btransformer\b")
_THEIRS = compile_any(
    r"\btheirs\b",
    r"\b(?:et al\.?|they|[A-Z][a-z]+(?= \((?:19|20)))(?: \((?:19|20)\d\d[a-z]?\))?,?(?: who)? "
    r"(?:use|train|report|set|appl|employ|run|ran|propose|cho[os]|fine-tun)\w*",
    cased=True,
)
"""Words of clauses that are about others, where they do not speak of us."""
_THEIRS_NAMED = re.compile(r"\bet al\b|\b(?:19|20)\d\d\b|\b(?:prior|previous|earlier) work\b|\boriginal\b")
_FOLLOWED = re.compile(r"^(?:following|as in|like in|like|as|according to)\b[^,]*,\s*", re.IGNORECASE)
"""Words that say whom somebody followed."""
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
    rf"(?<!seeds )(?<!betas ){_N}(?:(?:,| or|,? and) {_N})*(?:,| or|, and) {_N}"
    r"(?! (?:epochs?|layers?|steps|seeds|heads|units|sequences)\b)",
)
_FAILED = compile_any(
    r"\btried\b|\bexplored\b|\bdiverge\w*|\bhurts?\b|\bTODO\b|^ablations?:",
    r"\btoo (?:slow|large|small|high|low)\b|\bsimilar results\b|\bresults? (?:did|do|does) not change",
    r"\b(?:accuracy|results?|scores?|it) (?:is|are|was|were|stays?|remains?) unchanged\b",
    r"(?:not|n't|no|little|never) (?:\w+ )?(?:improve\w*|help|matter|difference|effect|gain)\b"
    r"(?![^,;]*\bepochs?\b)(?!\w)",
)
"""Words of what was tried and not kept; that nothing improved for some epochs is how training ends."""
_PART = re.compile(r",\s+(?:and\s+)?|\s(?=because\b|since\b|so\b)")
_BEGINS = re.compile(
    r"^(?:an? |the |we (?:found|find) that )?(?:with|using|more|fewer|larger|smaller|higher|lower|increasing|"
    r"decreasing|raising|lowering|doubling|even)\b",
    re.IGNORECASE,
)
"""How clauses begin that say of what the result is told behind a comma."""
_TAKEN = re.compile(r"\b(?:settled|and use|ended up)\b", re.IGNORECASE)
"""Words that say what was taken in the end."""


def speaks_of_ours(text: str) -> bool:
    """Whether a page speaks of a model beside those that are baselines."""
    clauses = (one for part in " ".join(text.split()).split(". ") for one in _CLAUSE.split(part))
    return any(_OUR_MODEL.search(one) for one in clauses if not _OTHER_MODELS.search(one))


def keep_ours(sentence: str, beside: bool) -> str:
    """A sentence without clauses about other work or trials, and about baselines where they are `beside` a model."""
    plain = (
        _FOLLOWED.sub("", _BESIDE.sub("", sentence)) if _THEIRS_NAMED.search(sentence) else _BESIDE.sub("", sentence)
    )
    if _SEARCHED.search(plain):
        plain = _RANGE.sub("", plain)
    return "; ".join(part for one in _CLAUSE.split(plain) if (part := _keep_clause(one, beside)))


def _keep_clause(clause: str, beside: bool) -> str:
    other = beside and _OTHER_MODELS.search(clause)
    if other or _ELSEWHERE.search(clause) or (_THEIRS.search(clause) and not _OURS.search(clause)):
        return ""
    return _leave_out_trials(clause) if _FAILED.search(clause) else clause


def _leave_out_trials(clause: str) -> str:
    """A clause without its parts about what was not kept, and without what these are about."""
    parts = _PART.split(clause)
    wrong = [place for place, one in enumerate(parts) if _FAILED.search(one)]
    if not wrong:
        return ""
    whole = _BEGINS.search(clause) is not None
    kept = [one for place, one in enumerate(parts) if place not in wrong and not (whole and place < wrong[-1])]
    taken = [one[found.start() :] for place in wrong if (found := _TAKEN.search(one := parts[place]))]
    return ", ".join([*kept, *taken])
