"""Addresses of PostgreSQL databases, read as libpq reads them."""
