"""Where the components are, and which of them are repositories of their own."""

from pathlib import Path

from local_aws.project.facts import Facts

PROJECT = Path(__file__).parents[1]
COMPONENTS = Facts.read(PROJECT).repositories
