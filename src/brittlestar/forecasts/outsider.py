"""An outsider: a bag of tokens, fitted on train, that answers the same rows. Runs of one model may err together."""

from collections.abc import Callable

import numpy as np

from brittlestar.baselines.bayes import BayesModel
from brittlestar.baselines.readings import tokens
from brittlestar.core.answers import Rows
from brittlestar.core.splits import EncodedSplit
from brittlestar.core.token_rows import TokenRows

OUTSIDER = "outsider"
"""The column of its answers, in rows without tokens."""
Outsider = Callable[[EncodedSplit], np.ndarray]
"""What somebody else answers to the rows of a split: int32 (n_rows,)."""


def fit_outsider(train: EncodedSplit, n_tokens: int, n_classes: int) -> Outsider:
    """Multinomial naive Bayes on the tokens of train's rows."""
    read, known = tokens(n_tokens), np.flatnonzero(np.asarray(train.labels) >= 0)
    model = BayesModel.fit(read(_rows(train).take_tokens(known)), np.asarray(train.labels)[known], n_classes)

    def answer(split: EncodedSplit) -> np.ndarray:
        nobody = Rows(labels=np.full(split.n_rows, -1), n_classes=n_classes)
        return model.answers(read(_rows(split)), nobody).predicted[0]

    return answer


def _rows(split: EncodedSplit) -> TokenRows:
    return TokenRows(np.asarray(split.codes), np.asarray(split.offsets))
