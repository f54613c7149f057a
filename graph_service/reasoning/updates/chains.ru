# What follows of a property chain of any length, by a walk over its list: the cell of a link is made a property
# that holds from where the chain starts to where the link ends.
# Source: OWL 2 Profiles, section 4.3, table 5: prp-spo2.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

# The first link.
INSERT { ?x ?cell ?y } WHERE {
  GRAPH <urn:orrery:axioms> { ?chained owl:propertyChainAxiom ?cell . ?cell rdf:first ?link }
  ?x ?link ?y
  FILTER NOT EXISTS { ?x ?cell ?y }
} ;

# Each further link.
INSERT { ?x ?cell ?z } WHERE {
  GRAPH <urn:orrery:axioms> {
    ?chained owl:propertyChainAxiom/rdf:rest* ?before .
    ?before rdf:rest ?cell .
    ?cell rdf:first ?link
  }
  ?x ?before ?y .
  ?y ?link ?z
  FILTER NOT EXISTS { ?x ?cell ?z }
} ;

# The end.
INSERT { ?x ?chained ?y } WHERE {
  GRAPH <urn:orrery:axioms> { ?chained owl:propertyChainAxiom/rdf:rest* ?cell . ?cell rdf:rest rdf:nil }
  ?x ?cell ?y
  FILTER NOT EXISTS { ?x ?chained ?y }
}
