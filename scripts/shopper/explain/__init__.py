"""`shopper explain`: one number of a mart, taken apart into its formula, its parts, and what was left out of them."""
