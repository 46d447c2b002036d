"""`shopper publish`: what is built, as a new generation that BI reads through one link."""
