"""What the columns of given predictions are called, and what their classes are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from brittlestar.study.names import PREDICTION_ROLES
from brittlestar.study.settings import Columns


@dataclass(frozen=True)
class Header:
    """What the columns of predictions are called: `given` by role as somebody said it, `data` those of the data, and
    the `classes` that may have a column of probabilities. `numbered` are the names of classes by their number, of data
    that number them; rows that name no split belong to `split`."""

    classes: tuple[str, ...]
    given: Mapping[str, str] = field(default_factory=dict[str, str])
    data: Columns = field(default_factory=Columns)
    numbered: tuple[str, ...] = ()
    split: str = "test"

    @property
    def probabilities(self) -> tuple[str, ...]:
        """The roles of the columns of probabilities, in the order of the classes."""
        return tuple(f"p_{name}" for name in self.classes)

    def chosen(self, names: Sequence[str]) -> dict[str, str]:
        """The column for each role that a table with these names has: as somebody said, else of the role's own name,
        else of the name that the data have for it."""
        data = {"id": self.data.id, "sequence": self.data.sequence, "label": self.data.label}
        taken = set(self.given.values())
        found: dict[str, str] = {}
        for role in (*PREDICTION_ROLES, *self.probabilities):
            also = {"variant": ("variant", "arm")}.get(role, (role, data.get(role, role)))
            free = [name for name in also if name in names and name not in taken]
            name = self.given.get(role, free[0] if free else None)
            if name is not None:
                found[role] = name
                taken.add(name)
        return found
