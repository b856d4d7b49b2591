"""One question to one host over HTTP: bounded, retried, redirected by hand."""
