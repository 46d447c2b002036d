"""`shopper init`: draft a mapping from the headers of a shop's files."""
