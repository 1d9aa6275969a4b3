"""No test asks how fast the machine is: it may be busy with something else.

What something costs is compared with a reference of the same run. How long somebody waits for what
hangs is compared with how long it hangs, and the line says so: `# deadline: it hangs for 30 s`.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.project import PROJECT, tracked

CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
CLOCKS |= {"process_time", "process_time_ns", "thread_time", "thread_time_ns"}
# These wait: by keyword, or with their first argument.
WAIT = {"wait", "join", "result", "communicate", "acquire", "wait_procs"}
# What a process needs to start on a busy machine, and more.
PATIENT = 20
# Seconds that each test has at least.
LIMIT = 300
REASON = re.compile(r"# deadline: \w")
# The tests, and what helps them.
SOURCES = tracked("tests/*.py", "*/tests/*.py", "*/suite/*.py")


def names(node: ast.AST) -> set[str]:
    """The names and attributes in an expression."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def assigned(target: ast.expr) -> set[str]:
    """The names that an assignment gives a value."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return {name}
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return set().union(*map(assigned, parts))
    return set()


def measured(tree: ast.Module) -> set[str]:
    """The names of what a clock was read for: variables, and functions that return it."""
    found = set(CLOCKS)
    while True:
        more = set[str]()
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    pass
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    targets = [target]
                case ast.FunctionDef(name=name):
                    returned = [
                        each.value
                        for each in ast.walk(node)
                        if isinstance(each, ast.Return) and each.value
                    ]
                    if any(names(each) & found for each in returned):
                        more.add(name)
                    continue
                case _:
                    continue
            if names(value) & found:
                more |= set().union(*map(assigned, targets))
        if more <= found:
            return found
        found |= more


def is_constant(node: ast.expr) -> bool:
    """Whether it is a number, a constant's name, or computed from such alone."""
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
        case ast.BinOp(left=left, right=right):
            return is_constant(left) and is_constant(right)
        case ast.UnaryOp(operand=operand):
            return is_constant(operand)
    return False


def upper_bounds(node: ast.Compare) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what is compared, and what it must be less than."""
    sides = [node.left, *node.comparators]
    for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
        if isinstance(operator, ast.Lt | ast.LtE):
            yield left, right
        if isinstance(operator, ast.Gt | ast.GtE):
            yield right, left


def is_short_wait(node: ast.Call) -> bool:
    """Whether a call waits for a few seconds only, in which something has to happen."""
    given = [each.value for each in node.keywords if each.arg and each.arg.endswith("timeout")]
    if isinstance(node.func, ast.Attribute) and node.func.attr in WAIT:
        given += node.args[:1]
    return any(
        isinstance(each, ast.Constant)
        and isinstance(each.value, int | float)
        and not isinstance(each.value, bool)
        and each.value < PATIENT
        for each in given
    )


def findings(text: str) -> list[int]:
    """Return the lines of a test that ask how fast the machine is, and have no reason for it."""
    tree, lines = ast.parse(text), text.splitlines()
    clocks = measured(tree)
    found: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            wrong = any(
                names(left) & clocks and is_constant(right) for left, right in upper_bounds(node)
            )
        else:
            wrong = isinstance(node, ast.Call) and is_short_wait(node)
        if wrong and isinstance(node, ast.expr):
            place = lines[node.lineno - 1 : node.end_lineno]
            if not any(map(REASON.search, place)):
                found.append(node.lineno)
    return sorted(found)


def test_no_test_asks_how_fast_the_machine_is() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{line}"
        for path in SOURCES
        for line in findings(path.read_text())
    ]

    assert not found


def test_no_test_is_ended_for_being_slow() -> None:
    """A time limit is for what hangs."""
    short = [
        f"{path.relative_to(PROJECT)}: {limit}"
        for path in [*PROJECT.glob("*/pyproject.toml"), PROJECT / "pyproject.toml", *SOURCES]
        for limit in re.findall(r"^timeout = (\d+)$|mark\.timeout\((\d+)\)", path.read_text(), re.M)
        if int("".join(limit)) < LIMIT
    ]

    assert not short


@pytest.mark.parametrize(
    "line",
    [
        "assert time.monotonic() - started < 3",
        "assert 3 > time.monotonic() - started",
        "assert LEAST <= perf_counter() - started < LEAST + 3",
        "took = time.process_time() - started\nassert took < clients.STORAGE_SECONDS / 2",
        "def took():\n    return time.process_time() - 1\nmore = 2 * took()\nassert more < 0.03",
        "until = time.monotonic()\nassert until - 7 <= -(2)",
        "process.wait(5)",
        "thread.join(timeout=0.5)",
        "requests.get(url, timeout=5)",
        "Config(read_timeout=0.2)",
        "assert time.monotonic() - started < 3  # deadline:",
    ],
)
def test_a_question_of_speed_is_found(line: str) -> None:
    assert findings(line)


@pytest.mark.parametrize(
    "line",
    [
        "assert time.monotonic() < deadline",
        "deadline = time.monotonic() + 3\nwhile time.monotonic() < deadline: pass",
        "def took(x):\n    return time.process_time() - 1\nassert took(a) < 3 * took(b)",
        "assert time.monotonic() - started >= 0.4",
        "assert time.monotonic() - started < 15  # deadline: the server hangs for 30 s",
        "assert len(found) < 3",
        "process.wait(50)",
        "','.join(names)",
        "thread.join(timeout=0.5)  # deadline: it waits for ever",
        "requests.get(url, timeout=TIMEOUT)",
    ],
)
def test_what_says_nothing_of_speed_is_left_alone(line: str) -> None:
    assert not findings(line)
