"""Signatures: of webhooks that come in, and of links and forms that go out. Pure; keys and now are passed in."""
