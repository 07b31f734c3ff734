"""Names that studies, claims and predictions reserve, and other names for them. It loads nothing heavy."""

from collections.abc import Collection

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


PREDICTION_ROLES = ("id", "split", "variant", "seed", "prediction", "sequence", "label")
"""What a column of given predictions can mean; beside these there is `p_CLASS` for every class."""


def is_prediction_role(name: str) -> bool:
    """Whether a column of predictions can mean this."""
    return name in PREDICTION_ROLES or (name.startswith("p_") and len(name) > 2)
