"""The seventh set of cases: reports alone, as they are handed in with code, exports and papers."""
