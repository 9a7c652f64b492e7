"""Settings of the test run: those of the product's tests, and an app that exists for the contract kit only."""

from __future__ import annotations

from jingtu.config.testing import *  # noqa: F403
from jingtu.config.testing import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.contract.sample_app"]
