"""What a call means: the files, folders, registries and keys that it names."""
