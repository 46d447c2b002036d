"""`shopper forget`: a customer's erasure, from raw rows to the last generation, and for all loads to come."""
