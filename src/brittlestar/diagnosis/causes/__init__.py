"""From symptoms to causes: what to change in training, and whether the symptom goes away where that is changed."""
