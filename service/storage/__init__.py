"""Database: engines, connections, locks, backup, tables, queries and migrations. Public face: ``service.store``."""
