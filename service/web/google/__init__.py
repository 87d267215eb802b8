"""The Google Fact Check Tools API, v1alpha1: its addresses, parameters, shapes and errors, over our store."""

PREFIX = "/v1alpha1"
