"""Arrow tables: columns from NumPy buffers, schemas from contracts, files, frames."""
