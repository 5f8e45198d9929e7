"""Where requests may go: our token to Graph alone, a file's content to SharePoint alone, neither in clear text."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True, slots=True)
class Hosts:
    """`graph` is Graph's address with its version, `sites` the hosts of the sites: `contoso.sharepoint.com`."""

    graph: str
    sites: frozenset[str] = frozenset()

    def is_graph(self, link: str) -> bool:
        """Whether a link leads to Graph's own host, the only one that gets our token."""
        return _split(link)[:2] == _split(self.graph)[:2]

    def is_sharepoint(self, url: str) -> bool:
        """Whether a pre-authenticated URL leads to Graph's host, to a site's, or to one beside a site's.

        SharePoint's upload URLs are on the tenant's host (driveitem-createuploadsession).
        """
        host = _split(url).hostname or ""
        beside = [each.partition(".")[2] for each in self.sites]
        is_beside = host in self.sites or any("." in each and host.endswith(f".{each}") for each in beside)
        return self.is_graph(url) or (is_beside and self.is_safe(url))

    def is_safe(self, url: str) -> bool:
        """Whether it is as well protected as Graph itself: https, but for a local SharePoint."""
        scheme = _split(url).scheme
        return scheme == "https" or (scheme == "http" and _split(self.graph).scheme == "http")


def _split(address: str) -> SplitResult:
    """Its parts, all of them empty for what is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
