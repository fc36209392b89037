"""What the tests of several folders share: fixed hypothesis runs and a real PostgreSQL."""

from hypothesis import HealthCheck, settings

# The same examples on every run and machine: a red test is a finding, not luck.
settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")
