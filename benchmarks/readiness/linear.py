"""The linear model of the benchmark: logistic regression on tokens and bigrams by stochastic gradient."""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

model = make_pipeline(
    TfidfVectorizer(token_pattern=r"\S+", lowercase=False, ngram_range=(1, 2), sublinear_tf=True),
    SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=20),
)
