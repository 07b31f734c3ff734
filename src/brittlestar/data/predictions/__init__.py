"""Given predictions: from files and objects in memory to the probabilities of runs, matched to the rows of the data."""
