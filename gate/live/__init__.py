"""What the cluster stores, held against what was declared and judged."""
