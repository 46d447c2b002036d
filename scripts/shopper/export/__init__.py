"""`shopper export`: lists of customers for other systems, from the published data."""
