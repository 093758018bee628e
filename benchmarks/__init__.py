"""What the project claims, measured: programs that anyone can run, and that print how they were run.

    python -m benchmarks.report    the report's findings, reproduced or not
    python -m benchmarks.engines   how fast each engine is, once it is shown to be right
    python -m benchmarks.compare   how fast training is beside other trainers: RESULTS.md and docs/performance.md

    python -m benchmarks.quality   how good vectors are beside gensim's, over seeds
    python -m benchmarks.scaling   speed against size, dimensions, window, noise words, vocabulary and batch
    python -m benchmarks.columns   what limits two deterministic threads
    python -m benchmarks.footprint memory, compilation, start-up

    runs, finding        texts, training runs, the form of a finding
    learning, filtering  the report's findings
    pictures             how they are drawn
    quality_rows, judging           finished runs and their statistics
    sweeps, zipf                    what scaling varies, and its synthetic text
    memory, process, start_up       what footprint measures
    test_engines         small pieces under pytest-benchmark

Not part of the installed package. May import all of `fastw2v`.
"""
