"""What is requested, how a scale falls into shards, and how one shard becomes its tables."""
