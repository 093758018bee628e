"""How fast and how good training is, beside its peers: what `fastw2v bench` and the scripts in `benchmarks` share."""
