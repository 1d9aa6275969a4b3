"""Calls ImageLabeller as its users do, on AWS and on the embedded cloud alike."""
