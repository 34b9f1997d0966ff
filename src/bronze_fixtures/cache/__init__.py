"""The fixture cache: one entry per (data version, contracts, seed, scale, defects).

An entry is a lake, and the same tables as memory-mapped Arrow files beside it. It appears whole or
not at all, is built once however many processes ask, and is looked at before it is served. Nothing
is imported here: the path of an entry must be known without reading any.
"""
