"""Fuzzes the deployed API from its OpenAPI documents, with schemathesis."""
