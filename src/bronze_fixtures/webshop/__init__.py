"""The seven datasets of a web shop: contracts, generators, words, rules and tables."""
