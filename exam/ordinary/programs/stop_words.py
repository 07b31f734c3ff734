from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline

model = make_pipeline(CountVectorizer(stop_words="english", min_df=2), TfidfTransformer(), ComplementNB())
