"""What Lambda passes to a handler beside the event."""

from dataclasses import dataclass


@dataclass
class FakeContext:
    function_name: str = "OpenDevOpsSubmitImage-Function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-west-1:123456789012:function:f"
    aws_request_id: str = "4c8b2b0e-6a2f-4a5c-9f0e-0d3f9b1c2d3e"
    remaining_milliseconds: int = 28_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_milliseconds
