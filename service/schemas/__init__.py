"""marshmallow schemas of requests and answers. No database and no HTTP: values in, values out."""
