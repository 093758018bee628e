"""Public text and test sets from the network: fetched, verified by checksum, resumed."""
