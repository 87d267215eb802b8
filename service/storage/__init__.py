"""Database: engines, connections, locks, backup, tables, queries and migrations. Face: ``service.store``."""
