"""What came of the tests."""

from dataclasses import dataclass

GREEN = "CREATE_COMPLETE"
NOT_RUN = "NOT_RUN"
FAILED = "FAILED"


@dataclass(frozen=True)
class Record:
    """What came of one component in one region.

    Attributes:
        component: The component.
        region: The region.
        status: The stack's; NOT_RUN where something that it needs is missing; FAILED where there
            was nothing to test.
        stack: Name of the stack.
        events: Why it is not green, the first cause first.
    """

    component: str
    region: str
    status: str
    stack: str = ""
    events: tuple[str, ...] = ()

    @property
    def green(self) -> bool:
        """Whether the stack is complete."""
        return self.status == GREEN
