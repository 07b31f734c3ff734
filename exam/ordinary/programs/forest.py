from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

model = make_pipeline(
    CountVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), max_features=2000),
    RandomForestClassifier(n_estimators=200, class_weight="balanced"),
)
