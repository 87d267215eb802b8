"""The Google Fact Check Tools API, version v1alpha1: the same addresses, parameters, shapes and errors, over our store."""

PREFIX = "/v1alpha1"
