"""What runs endure: kills, readers and faults, on real processes, with figures."""
