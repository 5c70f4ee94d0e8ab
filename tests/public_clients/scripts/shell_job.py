"""A Python shell job: prints its argument, fails on demand."""

import sys

word = sys.argv[sys.argv.index("--word") + 1]
print(f"the word is {word}")
if word == "fail":
    raise ValueError("failing on request")
