"""What any generator needs: streams, quotas, permutations, days, and the shard itself."""
