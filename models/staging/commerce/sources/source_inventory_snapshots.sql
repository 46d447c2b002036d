{{ raw_table('inventory_snapshots') }}
