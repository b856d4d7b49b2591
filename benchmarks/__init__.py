"""What is measured, and against what. Never a timed test."""
