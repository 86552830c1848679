"""The ways in: each reads its raw input, verifies, parses, calls one use case, and maps the result."""
