"""A web shop's tables from bronze to silver to gold.

Each cleaning step is a function from frame to frame that keeps the index of the rows it keeps, so
that a row of silver can be traced to the row of bronze it came from.
"""
