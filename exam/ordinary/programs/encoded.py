import re

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import LabelEncoder


def clean(row):
    text = " ".join(row).lower()
    text = re.sub(r"\d+", "0", text)
    return re.sub(r"\s+", " ", text)


def fit(train, dev, seed):
    labels = LabelEncoder()
    y = labels.fit_transform(train.labels)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, token_pattern=r"\S+")
    X = vectorizer.fit_transform([clean(row) for row in train.tokens])
    model = LogisticRegression(C=10, max_iter=1000, random_state=seed)
    model.fit(X, y)

    def predict_proba(tokens):
        X = vectorizer.transform([clean(row) for row in tokens])
        return np.asarray(model.predict_proba(X))

    return predict_proba
