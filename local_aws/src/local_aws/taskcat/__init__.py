"""Runs taskcat: every component's stack in every region, as its `.taskcat.yml` says."""
