"""The desk: what people who are signed in do in a browser, by the use cases of the API. Face: ``routes.desk``."""
