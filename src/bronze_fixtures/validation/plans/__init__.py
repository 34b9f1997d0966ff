"""What suites and views are made of: plans, from the contracts and from rule files."""
