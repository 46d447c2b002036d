"""The warehouse against a second computation in plain Python and against the sample's planted truths."""
