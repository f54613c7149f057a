"""What a media type tells of a file."""

_PROFILE = "profile=cloud-optimized"


def is_cloud_optimized(media_type: str | None) -> bool:
    """Whether a media type is that of a Cloud Optimized GeoTIFF (OGC 21-026, section 8), however it is spaced."""
    if media_type is None or "profile" not in media_type:
        return False
    return _PROFILE in media_type.replace(" ", "").lower()
