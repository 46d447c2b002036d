"""`shopper accept`: compares the marts with a second computation in Python, and with the sample's planted truths."""
