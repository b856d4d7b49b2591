"""Writing to a registry: what is attached to an image, and the tags that others write too."""
