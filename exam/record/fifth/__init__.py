"""The fifth set of cases: reports alone, over five studies, written without a look at the tool."""
