"""`shopper load`: read files and database tables into the raw tables of the input contract, as a mapping describes."""
