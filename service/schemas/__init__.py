"""marshmallow shapes of what comes in and goes out. No database and no request: values in, values out."""
