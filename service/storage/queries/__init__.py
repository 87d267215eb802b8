"""The queries, one concern a module. Only ``service.store`` uses them."""
