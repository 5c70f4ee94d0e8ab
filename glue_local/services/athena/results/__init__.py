"""Result objects of queries: paging and reuse."""
