"""The history of the tables, run by alembic at start."""
