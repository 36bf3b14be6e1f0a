"""Sets up and runs Fechatter on one machine for development and tests: environment, servers, processes."""
