"""Certificates that change while the server runs."""

from __future__ import annotations

import logging
import os
import ssl

from martlet.server.settings import ServerSettings

logger = logging.getLogger("martlet.server")


class CertificateWatch:
    """Reads certificate and key again when their files have changed: new connections get the new ones."""

    def __init__(self, context: ssl.SSLContext, settings: ServerSettings) -> None:
        assert settings.ssl_certfile is not None
        self._context = context
        self._certificate, self._key = settings.ssl_certfile, settings.ssl_keyfile
        self._password = settings.ssl_keyfile_password
        self._authorities = settings.ssl_ca_certs
        self._seen = self._times()

    def look(self) -> None:
        """Look for changes. Files that don't fit together yet are left for the next time."""
        times = self._times()
        if times == self._seen:
            return
        self._seen = times
        try:
            self._context.load_cert_chain(self._certificate, self._key, self._password)
            if self._authorities is not None:
                self._context.load_verify_locations(self._authorities)
        except (OSError, ssl.SSLError) as error:
            logger.warning("the changed certificate %s cannot be used: %s", self._certificate, error)
        else:
            logger.warning("read the certificate %s again", self._certificate)

    def _times(self) -> list[int]:
        """Return when each file was changed last; 0 for one that is not there."""
        times = []
        for path in filter(None, (self._certificate, self._key, self._authorities)):
            try:
                times.append(os.stat(path).st_mtime_ns)
            except OSError:
                times.append(0)
        return times
