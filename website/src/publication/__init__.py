"""The page's way into its bucket.

`release` names the page's files when it is packaged, and `upload` puts them into the bucket once
the stack is deployed.
"""
