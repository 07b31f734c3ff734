"""The twelfth set of cases: reports of five studies, written without a look at how the tool reads them."""
