from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

model = make_pipeline(
    HashingVectorizer(n_features=2**16, token_pattern=r"\S+", ngram_range=(1, 3)),
    SGDClassifier(loss="modified_huber", early_stopping=True),
)
