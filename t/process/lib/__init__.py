"""What the process tests stand on: servers to start and hurt, clients to ask, a runner."""
