"""Run by `python -m infra.deploy`."""

import sys

from infra.deploy.command import main

sys.exit(main())
