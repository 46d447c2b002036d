"""`shopper doctor`: problems of the input data before a run, each with the line that fixes it."""
