"""The client. Its names are offered by `martlet` itself; see `martlet.client.client`."""
