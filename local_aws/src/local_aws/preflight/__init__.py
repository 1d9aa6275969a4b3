"""What can be known before anything is deployed: the quotas that the project meets, and an account.

* `quotas.yml` is the table of the quotas, read by `quotas`.
* `expansion` tells which resources a template makes under given parameters, and `usage` works out
  from templates, parameter files and packages what the application takes of each quota.
* `checks` ask an account, by calls that only read, and `report` says what they found.
"""
