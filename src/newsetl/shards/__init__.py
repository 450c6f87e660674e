"""Shards: addresses that are worked on together, by one process, by many, or by many machines."""
