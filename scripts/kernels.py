"""Kernels that start side by side: each process takes their ports from a range of its own.

A manager otherwise asks the system for any free port, lets it go and tells the kernel to open it. In between
another kernel can be given it; with a dozen starting at once that happened now and then, and the kernel died.
"""

import os
import socket

from jupyter_client.connect import LocalPortCache

PORTS = 50  # of one process: ten kernels at a time
RANGES = 400  # from port 10,000 on, all below those that Linux hands out by itself


def find_available_port(cache, ip):
    """Return a free port from this process's range."""
    first = 10_000 + PORTS * (os.getpid() % RANGES)
    for port in range(first, first + PORTS):
        if port in cache.currently_used_ports:
            continue
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the kernel will
            try:
                tried.bind((ip, port))
            except OSError:
                continue
        cache.currently_used_ports.add(port)
        return port
    raise RuntimeError(f"no free port for a kernel between {first} and {first + PORTS - 1}")


LocalPortCache.find_available_port = find_available_port
