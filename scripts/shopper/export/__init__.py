"""`shopper export`: lists of customers for other systems, from what is published."""
