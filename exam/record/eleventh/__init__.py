"""The eleventh set of cases: reports of four more studies, written without a look at how the tool decides."""
