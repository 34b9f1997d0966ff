"""The pytest plugin: its options and fixtures, and what one pytest session has."""
