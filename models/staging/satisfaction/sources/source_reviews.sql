{{ raw_table('reviews') }}
