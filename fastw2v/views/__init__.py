"""What people look at: plots, maps, notebook tables, progress."""
