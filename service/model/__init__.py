"""Domain model: entities, verdicts, records, filters, ids and errors. Pure; imports no other room."""
