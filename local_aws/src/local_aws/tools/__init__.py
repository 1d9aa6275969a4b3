"""Runs commands and concurrent work, shows progress, explains failures and reads variables."""
