"""A simulation that crashes everywhere: real use cases and entry points, virtual time, faults at every I/O call.

`faults` names what can go wrong and `tap` stands at every call of every port; `queue`, `stream` and `world` are what
AWS does around our functions; `stories` are scripts; `expected` says, without asking the product, what a customer is
owed; `verdict` compares it with what was heard.
"""
