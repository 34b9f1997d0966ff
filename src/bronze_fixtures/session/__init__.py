"""What one pytest session has: its settings, its lakes, and how frames are handed out."""
