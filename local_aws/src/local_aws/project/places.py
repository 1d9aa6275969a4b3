"""The components in the order of their delivery, and the environments they are delivered to."""

from local_aws.project.facts import SUITE as SUITE_KIND
from local_aws.project.facts import Facts, Place
from local_aws.settings import ROOT

__all__ = ["COMPONENTS", "FACTS", "PLACES", "SUITE", "TESTED", "Place"]

FACTS = Facts.read(ROOT)
COMPONENTS = FACTS.repositories
(SUITE,) = FACTS.of(SUITE_KIND)
# Their pipelines run the system tests after each deployment.
TESTED = FACTS.tested
PLACES = FACTS.places
