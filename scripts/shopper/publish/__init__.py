"""`shopper publish`: copy the built tables into a new generation, which BI reads through one symbolic link."""
