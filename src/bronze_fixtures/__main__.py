"""`python -m bronze_fixtures`: the command line."""

import sys

from bronze_fixtures.cli import main

if __name__ == "__main__":
    sys.exit(main())
