"""What a run leaves behind: reports, passes, pinned manifests and pages."""
