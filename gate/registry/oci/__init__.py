"""OCI documents: descriptors, manifests, image configurations, and what gate writes itself."""
