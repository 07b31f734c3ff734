from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

pipeline = Pipeline([("tfidf", TfidfVectorizer()), ("clf", LogisticRegression(max_iter=1000))])
model = GridSearchCV(pipeline, {"tfidf__ngram_range": [(1, 1), (1, 2)], "clf__C": [0.3, 1, 3, 10]}, cv=3)
