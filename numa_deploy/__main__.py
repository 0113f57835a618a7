"""`python -m numa_deploy` is `numa-deploy`."""

import sys

from numa_deploy.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
