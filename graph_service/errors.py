"""What can go wrong between a request and the stores."""

from ontology.errors import CatalogueError


class StoreInUse(CatalogueError):
    """Another process holds the data directory."""


class StorageFailed(CatalogueError):
    """The disk is full, or a store cannot be read or written."""


class EngineFailed(StorageFailed):
    """The engine that holds the graph cannot be reached, or answers with an error."""


class EngineTooSlow(EngineFailed):
    """The engine that holds the graph gave no answer in time."""


class EngineRefused(EngineFailed):
    """The engine that holds the graph says that it cannot do what it is asked."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"the engine answers {status}: {said}")
        self.status = status
        """HTTP status."""
        self.said = said
        """Its message, in one line."""


class StatementsInvalid(CatalogueError):
    """A record gives statements that are not RDF, such as an IRI with a blank in it."""


class NotFound(CatalogueError):
    """No record, document or collection has this name, or the caller may not see it."""


class QueryInvalid(CatalogueError):
    """A query that does not parse, or that asks for something that is refused."""


class EngineLacks(QueryInvalid):
    """The engine that holds the graph does not have what a query, or a restricted data set, needs."""


class RequestInvalid(CatalogueError):
    """A parameter of a request is missing, of the wrong type or out of range."""


class NotAuthorised(CatalogueError):
    """The request needs a token that it does not carry, or carries one without the right."""


class QueryTooLarge(CatalogueError):
    """A query needs more memory than one may take, or its result is longer than one may be."""


class QueryTimedOut(CatalogueError):
    """A query was not answered before its deadline."""


class QueryInterrupted(QueryTimedOut):
    """The process that worked on a query was ended from outside; asking again may help."""


class EndpointFailed(CatalogueError):
    """An endpoint that a SERVICE clause names cannot be asked, or gives no answer that can be used."""


class NotAcceptable(CatalogueError):
    """An answer cannot be written in any of the media types that the request accepts."""


class RequestTooLarge(CatalogueError):
    """The body of a request is longer than it may be."""


class RequestTimedOut(CatalogueError):
    """The body of a request came too slowly."""


class EditRefused(CatalogueError):
    """An update would break a record, or change what cannot be edited; nothing was changed."""


class ChangeNotReached(CatalogueError):
    """A request is to see a change that the catalogue has not come to."""


class MediaTypeUnsupported(CatalogueError):
    """The body of a request is of a media type that the route does not read."""


class RecordExists(CatalogueError):
    """A record that is to be new is there already; nothing was changed."""


class ChangedMeanwhile(CatalogueError):
    """A record is not, or no longer, what a request takes it to be; nothing was changed."""


class CollectionInUse(CatalogueError):
    """A collection that is to be deleted has items."""


class PatchFailed(CatalogueError):
    """An operation of a patch does not fit the document; nothing was changed."""
