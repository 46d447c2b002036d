"""`python -m shopper`."""

from shopper.cli import app

app()
