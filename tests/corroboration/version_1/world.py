"""The builders of the kernel's input, for version 1 of the policy."""

from __future__ import annotations

import datetime as dt
from functools import partial

from hypothesis import strategies as st

from service.corroboration.results import Corroboration
from service.model.entities import Independence, Policy
from tests.corroboration import factories, strategies

VERSION_1 = Policy(version=1)

policy = partial(Policy, version=1)
compute = partial(factories.compute, policy=VERSION_1)
policies = st.builds(policy, quorum=st.integers(2, 4), independence=st.sampled_from(Independence))


class World(strategies.World):
    """Everything that the kernel is given; the default policy is version 1."""

    def compute(self, policy: Policy = VERSION_1, as_of: dt.date | None = None) -> Corroboration:
        return super().compute(policy, as_of)


worlds = partial(strategies.worlds, World)
