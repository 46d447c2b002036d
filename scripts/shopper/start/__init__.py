"""`shopper start`: from a folder of exports to published marts in one go, and the figures to check them by."""
