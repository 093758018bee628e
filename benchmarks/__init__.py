"""What the project claims, measured: programs that anyone can run, and that print how they were run.

    python -m benchmarks.report    the report's findings, reproduced or not
    python -m benchmarks.engines   how fast each engine is, once it is shown to be right
    python -m benchmarks.compare   how fast training is beside other trainers: RESULTS.md and the README's table

    runs, finding        texts, training runs, the form of a finding
    learning, filtering  the report's findings
    pictures             how they are drawn
    test_engines         small pieces under pytest-benchmark

Not part of the installed package. May import all of `fastw2v`.
"""
