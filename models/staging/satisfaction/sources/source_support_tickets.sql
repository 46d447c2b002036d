{{ raw_table('support_tickets') }}
