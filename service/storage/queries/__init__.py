"""The SQL, one concern a module. Only ``service.store`` uses it."""
