"""The API's methods, grouped as in its paths: a module per group, sync and async classes side by side."""
