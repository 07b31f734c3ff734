"""The exam of answers: each scenario is mended and measured, and what was said of it is held against that."""
