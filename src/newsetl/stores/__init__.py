"""Load: Arrow tables to storage, all of a run's tables or none. One module per format.

A store has `FORMAT` and `load(tables, to, …) -> Commit`.
"""
