"""Prefixes that a query uses without declaring them, of which the engine says no more than where it stopped."""

from difflib import get_close_matches
from itertools import zip_longest

from graph_service.store.sparql_tokens import place_of, tokens
from ontology import terms

_BLANK = "_"


def undeclared_prefix(text: str) -> str | None:
    """What is wrong with the first prefix that neither the query nor the catalogue declares; None where all are.

    Args:
        text: a query that does not parse; only then is a name with a colon surely one.
    """
    found = [token for token in tokens(text) if token.kind != "comment"]
    declared = {*terms.PREFIXES, _BLANK}
    for token, following in zip_longest(found, found[1:]):
        if token.kind != "prefixed":
            continue
        prefix = token.text.partition(":")[0]
        if following is not None and following.kind == "iri" and token.text.endswith(":"):
            declared.add(prefix)
        elif prefix not in declared:
            return f"{place_of(text, token)}: the prefix {prefix}: of {token.text[:60]} is not declared{_hint(prefix)}"
    return None


def _hint(prefix: str) -> str:
    near = get_close_matches(prefix.lower(), terms.PREFIXES, n=2)
    if near:
        return f"; {' and '.join(f'{name}:' for name in near)} would need no declaration"
    return f"; {', '.join(f'{name}:' for name in sorted(terms.PREFIXES))} alone need no declaration"
