"""Memory of large blocks, which goes back to the operating system as soon as it is free."""

import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE = 128 * 1024


def return_large_blocks() -> None:
    """Let glibc return every free block above 128 KiB to the operating system; no effect with another C library.

    By default glibc raises that size to the largest block it has freed (up to 32 MiB) and keeps smaller ones for the
    thread that freed them, so each of many threads would keep the memory of its largest request.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
