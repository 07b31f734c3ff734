"""The fourteenth set of cases: reports of six studies, written without a look at how the tool decides."""
