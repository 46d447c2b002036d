"""Endurance tests of runs with real processes: kills, readers and faults."""
