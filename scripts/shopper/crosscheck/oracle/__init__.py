"""The second computation: the marts' numbers from the raw tables, in plain Python, sharing no code with the models.

Clear rather than fast: rows are dictionaries, rules are functions, money is `Decimal`. What each rule means is written
in the project's definitions of its marts; nothing here was read off the models.
"""
