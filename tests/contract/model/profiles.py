"""How long the machine tries, by `HYPOTHESIS_PROFILE`.

Without one: the same few seconds in each run, and a failure as it was found. `shrink`: the same,
and the shortest way to that failure, which takes minutes. `long`: other ways in each run, for an
hour or two.
"""

import os

from hypothesis import HealthCheck, Phase, settings

SHORT = settings(
    max_examples=12,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEW = settings(SHORT, max_examples=5, stateful_step_count=20)
FOUND = settings(SHORT, max_examples=400)
"""For faults that were put in: it ends with the first one found."""
SHRINK = settings(SHORT, phases=[Phase.generate, Phase.shrink])
LONG = settings(SHRINK, max_examples=5000, stateful_step_count=60, derandomize=False)

PROFILE = {"shrink": SHRINK, "long": LONG}.get(os.environ.get("HYPOTHESIS_PROFILE", ""), SHORT)
APART = settings(PROFILE, max_examples=PROFILE.max_examples // 3)
"""For a subject alone: more comes of it in each session."""
