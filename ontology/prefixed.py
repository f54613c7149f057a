"""IRIs as prefixed names, and back."""

from ontology import terms

_LONGEST_FIRST = sorted(terms.PREFIXES.items(), key=lambda item: len(item[1]), reverse=True)


def prefixed(iri: str) -> str:
    """An IRI as a prefixed name where one of our prefixes fits: ``orr:Scene``; else in angle brackets."""
    for prefix, namespace in _LONGEST_FIRST:
        local = iri.removeprefix(namespace)
        if iri.startswith(namespace) and local and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return f"<{iri}>"


def expanded(name: str) -> str | None:
    """The IRI of a prefixed name; None where its prefix is none of ours."""
    prefix, colon, local = name.partition(":")
    namespace = terms.PREFIXES.get(prefix)
    return namespace + local if colon and namespace is not None else None
