"""taskcat: every component's stack in all five regions, and a report of it.

Each component's `.taskcat.yml` says how, and is what taskcat reads on AWS, too. The stacks are made
in the order of deployment and stay until all are made, since each imports from those before it.

`projects` prepares what taskcat uploads, `run` tests component after component, `program` is what
taskcat's own environment runs, and `matrix` shows what came of it.
"""
