"""Deploys the role of one repository for one environment."""
