"""The fifteenth set of cases, which its author wrote without a look at how the tool decides."""
