"""Child processes: the server's supervisor, and code that all children share.

Standard library only, because the worker also runs inside the official image.
"""
