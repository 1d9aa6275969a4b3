"""The table of figures on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

MET = {True: "met", False: "missed", None: ""}
NARROWEST = 100


def show(results: Mapping[str, Any], console: Console) -> None:
    """Print the machine and the table."""
    for line in described(results):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    # From the oldest to the working tree.
    names = list(reversed(results["commits"]))
    table = Table("figure", *names, "goal", "")
    for by_name in rows(results):
        last = by_name.get(names[-1], {})
        shown = [by_name[name]["shown"] if name in by_name else "-" for name in names]
        first = next(iter(by_name.values()))
        table.add_row(first["title"], *shown, first["goal"], MET[last.get("met")])
    console.print(table)


def rows(results: Mapping[str, Any]) -> list[dict[str, Mapping[str, Any]]]:
    """Return the figures that were measured, each by the name of the application."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for each in results["figures"]:
        found.setdefault(each["name"], {})[each["of"]] = each
    return list(found.values())


def described(results: Mapping[str, Any]) -> tuple[str, ...]:
    """Return lines that name the machine, the versions and the commits."""
    machine = results["machine"]
    load = ", ".join(f"{each:.2f}" for each in machine["load_before"])
    commits = ", ".join(f"{name}: {commit}" for name, commit in results["commits"].items())
    return (
        f"{machine['taken']}: {machine['processors']} × {machine['processor']}, "
        f"{machine['memory_gb']:.0f} GB, {machine['system']}; load before: {load}",
        ", ".join(f"{name} {version}" for name, version in machine["versions"].items()),
        f"commits: {commits}",
        f"{len(results['rounds'])} rounds in {results['minutes']:.1f} minutes; medians (quartiles)",
    )
