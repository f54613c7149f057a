"""The vocabulary of GeoSPARQL as a schema of RDFS.

Classes and properties of the core and of the geometry extension (OGC 22-047r1, clauses 6 and 8), the
topological properties (clause 7), and the classes of geometries that the RDFS entailment extension
(clause 12) asks for: those of Simple Features (OGC 06-103r4) and those of GML 3.2 (OGC 07-036), where an
element that may stand for another is a subclass of it. Curve segments and surface patches of GML are
parts of geometries, and no geometries themselves (ISO 19107).
"""

from collections.abc import Iterator, Mapping

from graph_service.geosparql.schema import DOMAIN, RANGE, SUBCLASS, SUBPROPERTY, Axiom, Schema
from ontology import terms

SF = "http://www.opengis.net/ont/sf#"
GML = "http://www.opengis.net/ont/gml#"
NAMESPACES = (terms.GEO, SF, GML)

_CORE_CLASSES = {
    "SpatialObject": "Feature Geometry",
    "SpatialObjectCollection": "FeatureCollection GeometryCollection",
}
_PROPERTIES = {
    # defaultGeometry is what the ontology of GeoSPARQL 1.0 had.
    "hasGeometry": "hasDefaultGeometry defaultGeometry hasBoundingBox hasCentroid",
    "hasSerialization": "asWKT asGML asGeoJSON asKML asDGGS",
    "hasSize": "hasLength hasPerimeterLength hasArea hasVolume",
    "hasMetricSize": "hasMetricLength hasMetricPerimeterLength hasMetricArea hasMetricVolume",
}
_TOPOLOGICAL = (
    "sfEquals sfDisjoint sfIntersects sfTouches sfCrosses sfWithin sfContains sfOverlaps "
    "ehEquals ehDisjoint ehMeet ehOverlap ehCovers ehCoveredBy ehInside ehContains "
    "rcc8eq rcc8dc rcc8ec rcc8po rcc8tppi rcc8tpp rcc8ntpp rcc8ntppi"
)
_DOMAINS = {
    "SpatialObject": f"hasSize hasMetricSize {_TOPOLOGICAL}",
    "Feature": "hasGeometry",
    "Geometry": (
        "hasSerialization dimension coordinateDimension spatialDimension isEmpty isSimple hasSpatialResolution "
        "hasMetricSpatialResolution hasSpatialAccuracy hasMetricSpatialAccuracy"
    ),
}
_RANGES = {"SpatialObject": _TOPOLOGICAL, "Geometry": "hasGeometry"}
_SIMPLE_FEATURES = {
    "Geometry": "Point Curve Surface GeometryCollection",
    "Curve": "LineString",
    "LineString": "Line LinearRing",
    "Surface": "Polygon PolyhedralSurface",
    "Polygon": "Triangle Envelope",
    "PolyhedralSurface": "TIN",
    "GeometryCollection": "MultiPoint MultiCurve MultiSurface",
    "MultiCurve": "MultiLineString",
    "MultiSurface": "MultiPolygon",
}
_GML = {
    "AbstractGeometry": "AbstractGeometricPrimitive MultiGeometry GeometricComplex AbstractGeometricAggregate",
    "AbstractGeometricPrimitive": "Point AbstractCurve AbstractSurface AbstractSolid OrientableCurve OrientableSurface",
    "AbstractCurve": "Curve OrientableCurve",
    "OrientableCurve": "Curve CompositeCurve",
    "Curve": "LineString",
    "LineString": "LinearRing",
    "CompositeCurve": "Ring",
    "Ring": "LinearRing",
    "AbstractSurface": "Surface OrientableSurface",
    "OrientableSurface": "Surface CompositeSurface",
    "Surface": "Polygon PolyhedralSurface",
    "CompositeSurface": "Shell",
    "PolyhedralSurface": "TriangulatedSurface",
    "TriangulatedSurface": "Tin",
    "AbstractSolid": "Solid CompositeSolid",
    "GeometricComplex": "Composite",
    "Composite": "CompositeCurve CompositeSurface CompositeSolid",
    "AbstractGeometricAggregate": "MultiGeometry",
    "MultiGeometry": "MultiPoint MultiCurve MultiSurface MultiSolid MultiLineString MultiPolygon",
    "MultiCurve": "MultiLineString",
    "MultiSurface": "MultiPolygon",
    "AbstractCurveSegment": (
        "LineStringSegment ArcString ArcStringByBulge ArcByCenterPoint OffsetCurve Clothoid GeodesicString SplineCurve"
    ),
    "ArcString": "Arc",
    "Arc": "Circle",
    "ArcStringByBulge": "ArcByBulge",
    "ArcByCenterPoint": "CircleByCenterPoint",
    "GeodesicString": "Geodesic",
    "SplineCurve": "PolynomialSpline BSpline",
    "PolynomialSpline": "CubicSpline",
    "BSpline": "Bezier",
    "AbstractSurfacePatch": "PolygonPatch Triangle Rectangle AbstractParametricCurveSurface",
    "AbstractParametricCurveSurface": "AbstractGriddedSurface",
    "AbstractGriddedSurface": "Cone Cylinder Sphere",
}


def _axioms() -> Iterator[Axiom]:
    yield from _each(_CORE_CLASSES, SUBCLASS, terms.GEO)
    yield from _each(_PROPERTIES, SUBPROPERTY, terms.GEO)
    yield from _each(_DOMAINS, DOMAIN, terms.GEO)
    yield from _each(_RANGES, RANGE, terms.GEO)
    yield from _each(_SIMPLE_FEATURES, SUBCLASS, SF)
    yield from _each(_GML, SUBCLASS, GML)
    yield SF + "Geometry", SUBCLASS, terms.GEOMETRY
    yield GML + "AbstractGeometry", SUBCLASS, terms.GEOMETRY


def _each(table: Mapping[str, str], kind: str, namespace: str) -> Iterator[Axiom]:
    """The axioms of a table that has what implies each term beside it."""
    for term, others in table.items():
        yield from ((namespace + one, kind, namespace + term) for one in others.split())


VOCABULARY: tuple[Axiom, ...] = tuple(_axioms())
SCHEMA = Schema.of(VOCABULARY)
