"""The command line: commands parse, call one function and print; they hold no logic.

    app       the commands' list, errors and exit codes
    options   settings as options, from `Settings`
    train, verify, bench, download, queries   the commands
    show      tables, progress bars, the loss curve

Nothing here imports NumPy or numba before a command runs, so that `--help` and `--version` answer at once.
"""
