"""Resources of the API, one a module."""
