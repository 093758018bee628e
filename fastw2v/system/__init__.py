"""The process and its machine: threads, memory, cores, signals, optional libraries."""
