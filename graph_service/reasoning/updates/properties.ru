# What follows of a property by its axioms. Facts stand in the default graph, axioms in their own.
# Source: OWL 2 Profiles, section 4.3, table 5: prp-spo1, prp-eqp1, prp-eqp2, prp-inv1, prp-inv2, prp-trp, prp-symp.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# prp-spo1, prp-eqp1, prp-eqp2
INSERT { ?x ?q ?y } WHERE {
  GRAPH <urn:orrery:axioms> { ?p rdfs:subPropertyOf|owl:equivalentProperty|^owl:equivalentProperty ?q }
  ?x ?p ?y
  FILTER NOT EXISTS { ?x ?q ?y }
} ;

# prp-inv1, prp-inv2
INSERT { ?y ?q ?x } WHERE {
  GRAPH <urn:orrery:axioms> { ?p owl:inverseOf|^owl:inverseOf ?q }
  ?x ?p ?y
  FILTER(isIRI(?y))
  FILTER NOT EXISTS { ?y ?q ?x }
} ;

# prp-symp
INSERT { ?y ?p ?x } WHERE {
  GRAPH <urn:orrery:axioms> { ?p a owl:SymmetricProperty }
  ?x ?p ?y
  FILTER NOT EXISTS { ?y ?p ?x }
} ;

# prp-trp
INSERT { ?x ?p ?z } WHERE {
  GRAPH <urn:orrery:axioms> { ?p a owl:TransitiveProperty }
  ?x ?p ?y .
  ?y ?p ?z
  FILTER NOT EXISTS { ?x ?p ?z }
}
