"""Use cases, one a module: load, decide, save. Writes go through ``unit_of_work``."""
