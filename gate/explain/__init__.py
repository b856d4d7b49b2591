"""What gate says of itself: codes, pages, schemas, and the pages of rules and policy keys."""
