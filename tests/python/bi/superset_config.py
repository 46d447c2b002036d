"""Configuration of the Superset that the tests start: its own SQLite file, no forms, no background services."""

import os

SECRET_KEY = "of no other Superset than the one of this test"
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['SUPERSET_HOME']}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
