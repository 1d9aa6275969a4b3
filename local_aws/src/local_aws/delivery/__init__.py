"""Delivery: the tree as separate repositories, and their pipelines run against the embedded cloud.

* `repos` splits the tree into a git repository for each component, its history kept.
* `deliver` runs those repositories' own `bitbucket-pipelines.yml`, in the order of deployment.

`filtering` rewrites one component's history, `runner` runs one pipeline, `cloud` is what the
pipelines deploy to, and `matrix` shows what is deployed there in the end.
"""
