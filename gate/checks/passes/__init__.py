"""What makes a pass hold: its times, its release, and the reason where it does not."""
