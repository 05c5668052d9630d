"""The bridge between AM's directory and Redis: import, follow, compare."""
