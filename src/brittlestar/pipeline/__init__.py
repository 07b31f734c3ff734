"""The flow of a run: open, set up, train, assess, report; each stage is entered once."""
