"""Names that only the proxy of the tests knows: every host below .test is this machine."""

from proxy.http.proxy import HttpProxyBasePlugin


class Loopback(HttpProxyBasePlugin):
    def resolve_dns(self, host, port):
        return ("127.0.0.1" if host.endswith(".test") else None), None
