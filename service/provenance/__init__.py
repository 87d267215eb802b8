"""Provenance: the graph from origins to mentions, its table, and its pictures. Pure.

Face: ``provenance_graph``, ``table_rows``, ``picture``, ``mermaid``, ``dot``, ``prov_document``, ``badge``.
"""
