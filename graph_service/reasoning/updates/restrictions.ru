# What follows of a restriction, and what a restriction follows from.
# Source: OWL 2 Profiles, section 4.3, table 6: cls-svf1, cls-svf2, cls-avf, cls-hv1, cls-hv2.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

# cls-svf1
INSERT { ?x a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:someValuesFrom ?filler ; owl:onProperty ?p }
  ?x ?p ?y .
  ?y a ?filler
  FILTER NOT EXISTS { ?x a ?c }
} ;

# cls-svf2
INSERT { ?x a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:someValuesFrom owl:Thing ; owl:onProperty ?p }
  ?x ?p ?y
  FILTER NOT EXISTS { ?x a ?c }
} ;

# cls-avf
INSERT { ?y a ?filler } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:allValuesFrom ?filler ; owl:onProperty ?p }
  ?x a ?c .
  ?x ?p ?y
  FILTER(isIRI(?y))
  FILTER NOT EXISTS { ?y a ?filler }
} ;

# cls-hv1
INSERT { ?x ?p ?y } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:hasValue ?y ; owl:onProperty ?p }
  ?x a ?c
  FILTER NOT EXISTS { ?x ?p ?y }
} ;

# cls-hv2
INSERT { ?x a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:hasValue ?y ; owl:onProperty ?p }
  ?x ?p ?y
  FILTER NOT EXISTS { ?x a ?c }
}
