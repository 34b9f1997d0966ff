"""The plugin that ours is compared with."""
