"""HTTP: one module a concern (problems, negotiation, paging, ...) and one blueprint a resource."""
