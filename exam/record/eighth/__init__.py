"""The eighth set of cases: reports as people hand them in, of six studies, written without a look at the tool."""
