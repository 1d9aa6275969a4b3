"""A small project with a skeleton of its own."""

import subprocess
from pathlib import Path

import pytest

FACTS = """
environments:
  test: [us-west-1]
  production: [us-west-2]
components:
  storage: {kind: infrastructure, stack: Storage, carries: {shared: src}}
  tool: {kind: tool, carries: {shared: lib}}
"""
ENDPOINT = "Metadata: {Model: {Name: inception, Version: 1.0.0}}\n"
ROW = "attributes: {Id: {type: S}}\n"
FILES = {
    "git/attributes": "* text=auto\n",
    "component/Makefile.j2": "STACK := {{ component.stack }}\n",
    "stack/deploy/stack.py": '"""Deploys."""\nSTACK = 1\n',
    "stack/regions.j2": "{% for region in facts.regions %}\n{{ region }}\n{% endfor %}\n",
    "repository/pipeline": "steps\n",
    "deployed/taskcat": "tests\n",
    "shared/shared.py": "ONE = 1\nTWO = 2\n",
    "function/suite.py": "SUITE = 1\n",
    "licence/LICENSE": "MIT\n",
    "top/facts.mk.j2": "ALL := {{ facts.components|join(' ') }}\n",
}
BLOCKS = {
    "blocks/row.md.j2": "{{ row.attributes|join }}\n",
    "blocks/regions.md.j2": "{{ facts.regions|join(' ') }}\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The project, in a git repository, not yet rendered."""
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "facts.yml").write_text(FACTS)
    files = {f"files/{name}": text for name, text in FILES.items()} | BLOCKS
    for name in ("storage", "tool", "dynamodb_infra"):
        (tmp_path / name).mkdir()
    (tmp_path / "dynamodb_infra/row.yml").write_text(ROW)
    (tmp_path / "sagemaker_endpoint").mkdir()
    (tmp_path / "sagemaker_endpoint/template.yml").write_text(ENDPOINT)
    for name, text in files.items():
        path = tmp_path / "skeleton" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path
