"""Where the components are deployed, and what the roles' and stacks' names are."""

from dataclasses import dataclass

from local_aws.project.facts import FUNCTION, Facts

from tests.project import PROJECT

ACCOUNT = "123456789012"
FACTS = Facts.read(PROJECT)
STACKS = FACTS.stacks
SYSTEM_TESTS = "SystemTests"
# Those whose pipelines run the system tests.
TESTED = FACTS.tested
# Those whose packages go to the code bucket.
FUNCTIONS = FACTS.of(FUNCTION)
ENDPOINT = "open-devops-image-labeller"


@dataclass(frozen=True)
class Place:
    """A deployment environment.

    Attributes:
        environment: Name of its parameter file.
        region: AWS region.
    """

    environment: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something in this region and account."""
        return f"arn:aws:{service}:{self.region}:{ACCOUNT}:{resource}"

    def bucket(self, kind: str) -> str:
        """Return the ARN of one of the buckets: `images`, `code` or `website`."""
        return f"arn:aws:s3:::open-devops-{kind}-{self.region}-{ACCOUNT}"

    @property
    def pseudo_parameters(self) -> dict[str, str]:
        return {
            "AWS::Partition": "aws",
            "AWS::AccountId": ACCOUNT,
            "AWS::Region": self.region,
            "AWS::URLSuffix": "amazonaws.com",
        }


PLACES = tuple(Place(*each) for each in FACTS.places)
# One region of each environment: the others of Production differ from theirs in the name alone.
OF_EACH = tuple({place.environment: place for place in reversed(PLACES)}.values())


def made_up(stack: str, logical_id: str) -> str:
    """Return a physical name as CloudFormation makes it up."""
    return f"{stack}-{logical_id}-1A2B3C4D5E6F7"
