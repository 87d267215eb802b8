"""Pages for people: HTML made on the server from the same use cases as the API. Face: ``blueprint``."""
