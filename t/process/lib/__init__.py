"""The tools of the process tests: servers to start and break, clients, a runner."""
