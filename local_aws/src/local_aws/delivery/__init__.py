"""Delivery: the tree as separate repositories, and their pipelines run against the embedded cloud.

* `repos` splits the tree into a git repository for each component, its history kept.
* `deliver` runs those repositories' own `bitbucket-pipelines.yml`, in the order of deployment.

`places` says where things are deployed, `runner` runs one pipeline, `stacks` asks the cloud what
serves, and `matrix` shows it.
"""
