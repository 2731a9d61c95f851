"""Helpers at the module paths where programs for the official package import them from."""
