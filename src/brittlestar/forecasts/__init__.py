"""What a score will be on rows that nobody has labelled: signals, their combination, and what labels add."""
