"""Names that studies, claims and predictions reserve, and other names for them. It loads nothing heavy."""

from collections import Counter
from collections.abc import Collection, Mapping

from brittlestar.core.errors import Problem
from brittlestar.core.texts import suggest

MAIN = "main"  # the variant under test: the study unchanged
BEST_TRIVIAL = "best-trivial"  # the trivial baseline that is best on dev, as claims name it
CLAIM_ALIASES = {"shortcut-ladder": BEST_TRIVIAL}  # other names in any claim
VARIANT_ALIASES = {"baseline": MAIN}
"""Other names of variants in a study: under `variants`, in `--set variants.NAME` and in predictions."""


def find_main(names: Collection[str]) -> str | None:
    """Of the variants of a table, the one under test, by its name; None where none has it."""
    return next((name for name in (MAIN, *VARIANT_ALIASES) if name in names), None)


STUDY_ALIASES = {**CLAIM_ALIASES, **VARIANT_ALIASES}  # other names in the claims of a study

DEV_ALIASES = ("validation", "valid", "val", "development", "eval")
"""Other names of the split dev, in any case: of files, of splits in memory, and in a study file."""


def canonical_split(name: str) -> str:
    """`dev` for its other names; any other name as it is."""
    return "dev" if name.lower() in DEV_ALIASES else name


SESSION = "__session__"
"""What stands for a module in the reference of a model that is an object of this session: `__session__:build`; no
file has this name."""


def is_session(reference: str | None) -> bool:
    """Whether a reference stands for an object of a session."""
    return reference is not None and reference.startswith(f"{SESSION}:")


def show_reference(reference: str | None) -> str | None:
    """A reference as readers see it: nobody can import what was an object of a session."""
    name = (reference or "").removeprefix(f"{SESSION}:")
    return f"{name}, defined in the session" if is_session(reference) else reference


DATA_ROLES = ("id", "sequence", "label", "group")
SLICE = "slice_"
"""How the name of a column begins that is kept with the rows so that scores can be told by its values."""
PREDICTION_ROLES = ("id", "split", "variant", "seed", "prediction", "sequence", "label")
"""What a column of given predictions can mean; beside these there is `p_CLASS` for every class."""


def is_prediction_role(name: str) -> bool:
    """Whether a column of predictions can mean this."""
    return name in PREDICTION_ROLES or (name.startswith("p_") and len(name) > 2)


def role_problems(given: Mapping[str, str], roles: Collection[str], where: str) -> list[Problem]:
    """What is wrong with `{role: column}`, before any table is read; `p_CLASS` among `roles` is any class."""
    known, found = f"roles are {', '.join(roles)}", list[Problem]()
    for role, name in given.items():
        if role not in roles and not ("p_CLASS" in roles and is_prediction_role(role)):
            swapped = f"write it the other way round: {name}={role}" if name in roles else ""
            found.append(Problem(f"unknown role {role!r}", where, swapped or suggest(role, roles) or known))
        if name == "":
            found.append(Problem(f"the column for {role} is {name!r}", where, "give the name of a column"))
    return found


def prediction_column_problems(given: Mapping[str, str], where: str) -> list[Problem]:
    """What is wrong with `{"prediction": "pred"}`, before any file is read."""
    twice = [name for name, times in Counter(given.values()).items() if times > 1]
    problems = [Problem(f"column {name!r} has two roles", where, "one column has one role") for name in twice]
    return [*role_problems(given, (*PREDICTION_ROLES, "p_CLASS"), where), *problems]
