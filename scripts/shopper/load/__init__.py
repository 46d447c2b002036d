"""`shopper load`: files through a mapping into the raw tables of the input contract."""
