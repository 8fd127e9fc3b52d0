"""The keys that seal columns: rotating them, and retiring the previous one."""
