"""Reports of vulnerability scanners: one module a scanner, and the table that knows them."""
