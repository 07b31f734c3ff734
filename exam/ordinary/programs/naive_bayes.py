from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

model = make_pipeline(CountVectorizer(token_pattern=r"\S+", ngram_range=(1, 2)), MultinomialNB(alpha=0.3))
