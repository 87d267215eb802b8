"""Routes of the API, one module a resource: parse the request, call one use case, answer in its schema."""
