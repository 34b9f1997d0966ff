"""What is validated: lakes, folders, frames, and their part files."""
