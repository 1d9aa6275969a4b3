"""Reads the components: their templates, parameters, order and model, without asking any cloud."""
