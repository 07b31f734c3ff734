"""The sets that ordinary programs are trained on: four that this repository makes, and four real ones in a folder of
the user's, with what is true of each above information."""

import shutil
from pathlib import Path

from exam.training.grading import COMPARED
from exam.training.task_names import task_named
from exam.training.tasks import write

MADE = ("moods", "verdicts", "tickets", "commands")
"""Tasks of the exam of training whose tokens are words."""
REAL = ("uci_sentences", "customer_reviews", "sms_spam", "splice_junction")
"""Folders of train.csv, dev.csv and test.csv below the folder that is given."""
OF_SYMBOLS = "splice_junction"
"""The one whose tokens are single letters."""
TRUE_OF_SET: dict[str, dict[str, str]] = {
    "moods": {
        "position.missing": "'not' turns the word behind it: a model that counts words cannot know",
        "eval.below-trivial": "of the same models it is true",
    },
    "commands": {"position.missing": "'not' turns the verb behind it: a model that counts words cannot know"},
    "verdicts": {"eval.slice": "long rows have a 'but', after which a model that counts words errs"},
    "uci_sentences": {
        "leak.exact": "3 of 141 rows of test and 2 of 139 of dev are in train",
        "shift.": "reviews of films and of restaurants are another source",
        "label.": "the same",
    },
    "customer_reviews": {"shift.": "sentences about films are another source", "leak.exact": "4 of 567 rows of test"},
    "sms_spam": {
        "leak.": "96 of 837 rows of test are in train, and messages are sent again with small changes",
        "label.imbalance": "13 % of it is spam",
        "data.duplicates": "212 rows of train are copies",
    },
    "splice_junction": {
        "leak.": "36 of 479 rows of test are in train, and genes have near copies",
        "data.": "rare symbols for uncertain letters; copies in train",
        "shortcut.position": "two positions decide nearly all rows",
        "position.missing": "models that count letters lose half of the rows",
        "eval.below-trivial": "of the same models it is true",
    },
}
"""{set: {code or family: why it is true}}."""


def write_set(name: str, folder: Path, given: Path | None) -> None:
    """The splits of a set as `folder`."""
    if given is None:
        write(task_named(name), folder)
        return
    folder.mkdir(parents=True)
    for file in sorted((given / name).glob("*.csv")):
        shutil.copyfile(file, folder / file.name)


def is_true(name: str, code: str) -> bool:
    """Whether a warning or an error with this code is true of a set, whatever was trained on it; so is every comparison
    with a trivial baseline, which is of the very rows and models."""
    return code in COMPARED or any(
        code == one or (one.endswith(".") and code.startswith(one)) for one in TRUE_OF_SET.get(name, {})
    )
