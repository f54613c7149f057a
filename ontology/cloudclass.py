"""How cloudy a scene is, in three classes."""

from ontology import terms

CLOUD_FREE_PERCENT = 5
PARTLY_CLOUDY_PERCENT = 50


def cloud_class(cloud_cover: float | None) -> str | None:
    """The IRI of the cloud class that a cover in percent falls in; None for an unknown cover.

    A class includes its upper limit: 5 percent is cloud-free, 50 percent partly cloudy.
    """
    if cloud_cover is None:
        return None
    if cloud_cover <= CLOUD_FREE_PERCENT:
        return terms.CLOUD_FREE
    return terms.PARTLY_CLOUDY if cloud_cover <= PARTLY_CLOUDY_PERCENT else terms.CLOUDY
