"""The sixth set of cases: changes of a record, and programs, written without a look at the tool."""
