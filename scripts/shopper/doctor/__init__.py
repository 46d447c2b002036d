"""What is wrong with landed data before a run, each finding with the line that mends it."""
