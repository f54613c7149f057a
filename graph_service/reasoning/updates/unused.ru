# Axioms that lead to somebody else's term, of which no other axiom makes any use, are not worth following.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE { GRAPH <urn:orrery:axioms> { ?term ?leads ?head } } WHERE {
  VALUES ?leads { rdfs:subPropertyOf rdfs:subClassOf rdfs:domain rdfs:range }
  GRAPH <urn:orrery:axioms> { ?term ?leads ?head }
  FILTER NOT EXISTS { GRAPH <urn:orrery:axioms> { ?head ?property ?value } }
  FILTER NOT EXISTS {
    GRAPH <urn:orrery:axioms> { ?other ?use ?head }
    FILTER(?use NOT IN (rdfs:subPropertyOf, rdfs:subClassOf, rdfs:domain, rdfs:range))
  }
}
