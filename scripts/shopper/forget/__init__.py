"""`shopper forget`: erase customers from raw rows, marts and published generations; keep them out of later loads."""
