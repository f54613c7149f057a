"""Which files of a DaFab water analysis are masks of water, and of which kind.

Its items tell by the key of an asset alone: no asset has a role. There are four
masks of observed water, by the network and by a spectral index, each raw and
cleaned. In all 5,154 items that were compared, ``observed_water`` is the network's
share in ``ai_scl``, so the network's mask stands for the analysis, cleaned if there.
"""

from collections.abc import Iterable
from dataclasses import replace

from ontology import terms
from ontology.identifiers import owned_iri
from ontology.records import Asset

_MASKS = {
    "dafab-GFM-reference-water-mask": terms.REFERENCE_WATER_MASK,
    "dafab-AI-postprocessed-observed-water": terms.OBSERVED_WATER_MASK,
    "dafab-AI-observed-water": terms.OBSERVED_WATER_MASK,
    "dafab-no-AI-postprocessed-observed-water": terms.OBSERVED_WATER_MASK,
    "dafab-no-AI-observed-water": terms.OBSERVED_WATER_MASK,
}
"""Class of the asset by its key; of several of one class, the first stands for the analysis."""


def with_mask_kinds(assets: Iterable[Asset]) -> tuple[Asset, ...]:
    """The assets in their order, the masks among them with their class."""
    return tuple(replace(one, kind=_MASKS[one.key]) if one.key in _MASKS else one for one in assets)


def mask_of(kind: str, assets: Iterable[Asset], *, owner: str) -> str | None:
    """The IRI of the asset that is the mask of a class; None where there is none.

    Args:
        kind: ReferenceWaterMask or ObservedWaterMask.
        assets: of the analysis.
        owner: IRI of the analysis.
    """
    keys = {one.key for one in assets}
    found = next((key for key, mask in _MASKS.items() if mask == kind and key in keys), None)
    return None if found is None else owned_iri(owner, "asset", found)
