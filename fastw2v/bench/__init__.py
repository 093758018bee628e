"""How fast and how good training is, beside its peers: what `fastw2v bench` and the scripts in `benchmarks` share.

    machine, tables, sections   machine and versions; plain tables; parts of a Markdown file
    rounds, results             timing in alternation; rows that survive an interruption
    peers, gensim_program       other trainers; what someone would run to train gensim on raw text
    flops, end_to_end           one core's matrix product; whole programs from raw text to vectors
    candidates                  all that is timed on a text
    promises, report            what is promised, kept, lost; the account in words
    comparison, run             a comparison from reading to report

Comes after the trainer: may import all of `fastw2v` but the command line.
"""
