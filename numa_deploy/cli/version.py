"""`numa-deploy version`."""

from __future__ import annotations


def version() -> None:
    """Print the version."""
    from numa_deploy import __version__

    print(f"numa-deploy {__version__}")
