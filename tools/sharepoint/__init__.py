"""A local SharePoint: a server that speaks the slice of Microsoft Graph v1.0 that the product uses.

Three rings: ``state`` knows no HTTP, ``resources`` turns requests into changes of state, and ``server`` with
``__main__`` puts them on a socket. It shares no code with the product, so that both cannot be wrong together.
"""
