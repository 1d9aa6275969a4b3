"""How much some stacks take of each quota."""

from collections.abc import Callable, Iterable
from math import ceil, floor
from typing import Any

from local_aws.project.expansion import Stack
from local_aws.project.places import COMPONENTS

# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
UNTHROTTLED = {"ThrottlingRateLimit": 10_000, "ThrottlingBurstLimit": 5_000}
ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
type Measure = Callable[[Iterable[Stack]], int]

# A new on-demand table serves 4,000 writes a second and a partition 1,000, and each has a shard.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
SHARDS = 4
# How long a request takes: costs.md has the same assumptions.
SECONDS = {"submit_image": 1.0, "get_image_label": 0.05}


def _count(*kinds: str) -> Measure:
    return lambda stacks: sum(stack.count(*kinds) for stack in stacks)


def _serverless(name: str, combine: Callable[[Iterable[int]], int]) -> Measure:
    """Combine a property of all serverless variants."""

    def measure(stacks: Iterable[Stack]) -> int:
        return combine(
            [
                stack.whole(variant["ServerlessConfig"][name])
                for stack in stacks
                for config in stack.of("AWS::SageMaker::EndpointConfig")
                for variant in stack.resolve(config["ProductionVariants"])
                if "ServerlessConfig" in variant
            ]
            or [0]
        )

    return measure


def _executions(stacks: Iterable[Stack]) -> int:
    """Count the functions' executions at once, when everything comes at once."""
    return sum(
        _of_api(stack) + _of_mappings(stack) + stack.count("AWS::Scheduler::Schedule")
        for stack in stacks
    )


def _of_api(stack: Stack) -> int:
    """Count the requests that an API lets in while the first of them is answered.

    The token bucket holds a burst, and gets as many more as the rate gives in that time.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
    """
    return sum(
        floor(
            stack.number(setting["ThrottlingBurstLimit"])
            + stack.number(setting["ThrottlingRateLimit"]) * SECONDS[stack.name]
        )
        for setting in _throttles(stack)
    )


def _throttles(stack: Stack) -> Iterable[Any]:
    """Yield the throttles of a stack's APIs; an API without one takes what the account allows."""
    for stage in (*stack.of("AWS::ApiGateway::Stage"), *stack.of("AWS::Serverless::Api")):
        yield from stage.get("MethodSettings") or [UNTHROTTLED]


def _of_mappings(stack: Stack) -> int:
    return sum(
        SHARDS * stack.whole(mapping.get("ParallelizationFactor", 1))
        for mapping in stack.of("AWS::Lambda::EventSourceMapping")
    )


def _reserved(stacks: Iterable[Stack]) -> int:
    return sum(
        stack.whole(stack.resolve(function)["ReservedConcurrentExecutions"])
        for stack in stacks
        for function in stack.of("AWS::Serverless::Function")
        if "ReservedConcurrentExecutions" in stack.resolve(function)
    )


def _memory(stacks: Iterable[Stack]) -> int:
    return max(
        stack.whole(function.get("MemorySize", 128))
        for stack in stacks
        for function in stack.of("AWS::Serverless::Function")
    )


def _rate(stacks: Iterable[Stack]) -> int:
    return ceil(
        sum(
            stack.number(setting["ThrottlingRateLimit"])
            for stack in stacks
            for setting in _throttles(stack)
        )
    )


def _most(section: str) -> Measure:
    """Count the entries of a section in the template that has the most."""
    return lambda stacks: max(len(stack.template.get(section) or {}) for stack in stacks)


def _alarm_actions(stacks: Iterable[Stack]) -> int:
    """Count all of an alarm together: more than AWS counts, if it counts those of each state."""
    return max(
        (
            sum(len(stack.resolve(alarm.get(name, []))) for name in ACTIONS)
            for stack in stacks
            for kind in ALARMS
            for alarm in stack.of(kind)
        ),
        default=0,
    )


REGIONAL: "dict[str, Measure]" = {
    "serverless-memory": _serverless("MemorySizeInMB", max),
    "serverless-concurrency": _serverless("MaxConcurrency", sum),
    "serverless-endpoints": lambda stacks: len(
        [1 for s in stacks if _serverless("MaxConcurrency", sum)([s])]
    ),
    "lambda-concurrency": _executions,
    "lambda-reserved": _reserved,
    "lambda-memory": _memory,
    "api-rate": _rate,
    "apis": _count("AWS::ApiGateway::RestApi"),
    "api-keys": _count("AWS::ApiGateway::ApiKey"),
    "usage-plans": _count("AWS::ApiGateway::UsagePlan"),
    "tables": _count("AWS::DynamoDB::Table"),
    # In addition to each component's, the role's of each repository, and the account's.
    "stacks": lambda stacks: len(list(stacks)) + len(COMPONENTS) + 1,
    "template-resources": lambda stacks: max(len(list(stack.kinds())) for stack in stacks),
    "topics": _count("AWS::SNS::Topic"),
    "keys": _count("AWS::KMS::Key"),
    "log-groups": _count("AWS::Logs::LogGroup"),
    "schedules": _count("AWS::Scheduler::Schedule"),
}
# Of these AWS limits a single template or resource.
EACH: "dict[str, Measure]" = {
    "template-parameters": _most("Parameters"),
    "template-outputs": _most("Outputs"),
    "alarm-actions": _alarm_actions,
}
ACCOUNT: "dict[str, Measure]" = {
    "buckets": _count("AWS::S3::Bucket"),
    "roles": _count("AWS::IAM::Role"),
    "managed-policies": _count("AWS::IAM::ManagedPolicy"),
    "identity-providers": _count("AWS::IAM::OIDCProvider"),
}
