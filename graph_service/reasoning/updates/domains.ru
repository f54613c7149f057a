# What follows of the domain and the range of a property.
# Source: OWL 2 Profiles, section 4.3, table 5: prp-dom, prp-rng.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { ?x a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?p rdfs:domain ?c }
  ?x ?p ?y
  FILTER NOT EXISTS { ?x a ?c }
} ;
INSERT { ?y a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?p rdfs:range ?c }
  ?x ?p ?y
  FILTER(isIRI(?y))
  FILTER NOT EXISTS { ?y a ?c }
}
