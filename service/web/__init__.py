"""HTTP: one module a concern in ``http``, one blueprint a resource in ``resources``, Google's API in ``google``."""
