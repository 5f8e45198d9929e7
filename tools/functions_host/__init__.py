"""A local Azure Functions host: runs a `function_app.py` through Microsoft's own Python worker library.

Everything about how user code is indexed, decoded, called and encoded is Microsoft's `azure-functions-runtime`;
everything about when it is called is this package. Reading order: `__main__`, `host`, `instance`, then one file per
trigger.
"""
