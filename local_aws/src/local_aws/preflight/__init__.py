"""What can be known before anything is deployed: the quotas that the project meets, and an account.

* `quotas.yml` is the table of the quotas, read by `quotas`.
* `usage` works out from templates, parameter files and packages how much of each quota the
  application uses.
* `checks` ask an account, by calls that only read, and `report` says what they found.
"""
