"""What no room owns: numbers as written, YAML, locks, files, texts for people."""
