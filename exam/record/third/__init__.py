"""The third set of cases: reports alone, in layouts and names of other people, written without a look at the tool."""
