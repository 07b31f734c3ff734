"""Quick models as people bring them: estimators of scikit-learn on texts, among them a small bag of embeddings."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

TOKENS = r"\S+"
EPOCHS, WIDTH = 60, 32


class Softmax(ClassifierMixin, BaseEstimator):
    """What answers by margins, which go through a softmax."""

    classes_: np.ndarray

    def margins(self, features: Any) -> np.ndarray:
        """float64 (n, classes)."""
        raise NotImplementedError

    def predict_proba(self, features: Any) -> np.ndarray:
        """Probabilities (n, classes)."""
        margins = self.margins(features)
        raised = np.exp(margins - margins.max(axis=-1, keepdims=True))
        return raised / raised.sum(axis=-1, keepdims=True)

    def predict(self, features: Any) -> np.ndarray:
        """Classes (n,)."""
        return self.classes_[self.predict_proba(features).argmax(axis=1)]


class Machine(Softmax):
    """A linear support vector machine."""

    def fit(self, features: Any, labels: Any) -> "Machine":
        """Fit on features (n, k) and labels (n,)."""
        self.inner_ = LinearSVC(random_state=0).fit(features, labels)
        self.classes_ = self.inner_.classes_
        return self

    def margins(self, features: Any) -> np.ndarray:
        """As the machine has them, of both classes where there are two."""
        margins = np.asarray(self.inner_.decision_function(features))
        return np.stack([-margins, margins], axis=1) / 2 if margins.ndim == 1 else margins


class Bag(Softmax):
    """The sum of learned embeddings and a linear layer, in PyTorch, on counts of tokens."""

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, features: Any, labels: Any) -> "Bag":
        """Fit on features (n, k) and labels (n,)."""
        import torch

        self.classes_, targets = np.unique(np.asarray(labels), return_inverse=True)
        inputs, wanted = torch.as_tensor(features.toarray(), dtype=torch.float32), torch.as_tensor(targets)
        with torch.random.fork_rng():
            torch.manual_seed(self.random_state)
            embed = torch.nn.Linear(features.shape[1], WIDTH, bias=False)
            self.inner_ = torch.nn.Sequential(embed, torch.nn.Linear(WIDTH, len(self.classes_)))
        optimiser = torch.optim.Adam(self.inner_.parameters(), 0.01)
        for _ in range(EPOCHS):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(self.inner_(inputs), wanted).backward()
            optimiser.step()
        return self

    def margins(self, features: Any) -> np.ndarray:
        """What the last layer gives."""
        import torch

        with torch.no_grad():
            return self.inner_(torch.as_tensor(features.toarray(), dtype=torch.float32)).numpy().astype(np.float64)


def _words(classifier: Any, **options: Any) -> Any:
    return make_pipeline(TfidfVectorizer(token_pattern=TOKENS, lowercase=False, **options), classifier)


MODELS: Mapping[str, Callable[[int], Any]] = {
    "majority-prone": lambda seed: _words(LogisticRegression(C=0.01)),
    "naive-bayes": lambda seed: make_pipeline(CountVectorizer(token_pattern=TOKENS, lowercase=False), MultinomialNB()),
    "complement-bayes": lambda seed: _words(ComplementNB()),
    "logistic": lambda seed: _words(LogisticRegression(C=10.0)),
    "bigrams": lambda seed: _words(LogisticRegression(C=10.0), ngram_range=(1, 2), sublinear_tf=True),
    "balanced": lambda seed: _words(LogisticRegression(class_weight="balanced")),
    "perceptron": lambda seed: _words(
        MLPClassifier((32,), max_iter=400, tol=1e-3, random_state=seed), max_features=1_500
    ),
    "neighbours": lambda seed: _words(KNeighborsClassifier(7)),
    "characters": lambda seed: make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 4)), Machine()),
    "trees": lambda seed: _words(ExtraTreesClassifier(40, random_state=seed), max_features=1_000),
    "tree": lambda seed: _words(DecisionTreeClassifier(max_depth=12, random_state=seed)),
    "bag": lambda seed: make_pipeline(
        CountVectorizer(token_pattern=TOKENS, lowercase=False, max_features=2_000), Bag(random_state=seed)
    ),
}
"""{name: an unfitted estimator on texts, of a seed}. `characters` reads upper and lower case as one, as many do."""
