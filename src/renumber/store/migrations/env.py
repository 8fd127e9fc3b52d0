"""Alembic's entry: it runs on the connection that store/schema/migrate.py hands over."""

from alembic import context

from renumber.store.schema.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
