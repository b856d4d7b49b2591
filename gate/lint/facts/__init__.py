"""What rules look at: pods, containers, grants, mounts, selectors, and the whole set of objects."""
