"""Names that studies and claims reserve, and other names that are read as these."""

from __future__ import annotations

MAIN = "main"
"""The variant under test: the study unchanged."""
BEST_TRIVIAL = "best-trivial"
"""The trivial baseline that is best on dev, as claims name it."""
CLAIM_ALIASES = {"shortcut-ladder": BEST_TRIVIAL}
"""Other names in any claim."""
VARIANT_ALIASES = {"baseline": MAIN}
"""Other names of variants in a study: under `variants`, in `--set variants.NAME` and in predictions."""
STUDY_ALIASES = {**CLAIM_ALIASES, **VARIANT_ALIASES}
"""Other names in the claims of a study."""
