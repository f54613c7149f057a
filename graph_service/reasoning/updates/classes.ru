# What follows of a class by its axioms and by the classes that it is built from; expressions are classes too.
# Source: OWL 2 Profiles, section 4.3, tables 6 and 7: cls-int1, cls-int2, cls-uni, cls-oo, cax-sco, cax-eqc1, cax-eqc2.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# cax-sco, cax-eqc1, cax-eqc2
INSERT { ?x a ?d } WHERE {
  GRAPH <urn:orrery:axioms> { ?c rdfs:subClassOf|owl:equivalentClass|^owl:equivalentClass ?d }
  ?x a ?c
  FILTER NOT EXISTS { ?x a ?d }
} ;

# cls-oo
INSERT { ?x a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:oneOf/rdf:rest*/rdf:first ?x }
  FILTER(isIRI(?x))
  FILTER NOT EXISTS { ?x a ?c }
} ;

# cls-uni
INSERT { ?x a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:unionOf/rdf:rest*/rdf:first ?part }
  ?x a ?part
  FILTER NOT EXISTS { ?x a ?c }
} ;

# cls-int2
INSERT { ?x a ?part } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:intersectionOf/rdf:rest*/rdf:first ?part }
  ?x a ?c
  FILTER NOT EXISTS { ?x a ?part }
} ;

# cls-int1, by a walk over the list: a cell is made the class of what has all parts so far.
INSERT { ?x a ?cell } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:intersectionOf ?cell . ?cell rdf:first ?part }
  ?x a ?part
  FILTER NOT EXISTS { ?x a ?cell }
} ;
INSERT { ?x a ?cell } WHERE {
  GRAPH <urn:orrery:axioms> {
    ?c owl:intersectionOf/rdf:rest* ?before .
    ?before rdf:rest ?cell .
    ?cell rdf:first ?part
  }
  ?x a ?before .
  ?x a ?part
  FILTER NOT EXISTS { ?x a ?cell }
} ;
INSERT { ?x a ?c } WHERE {
  GRAPH <urn:orrery:axioms> { ?c owl:intersectionOf/rdf:rest* ?cell . ?cell rdf:rest rdf:nil }
  ?x a ?cell
  FILTER NOT EXISTS { ?x a ?c }
}
