"""The processes that execute scripts: warm Spark drivers, Python shells, and the pool of them."""
