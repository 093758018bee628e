"""Deliberate breakages of the code, and a runner that tells which of them no test notices.

    python -m tests.breakages                   all of them
    python -m tests.breakages windows seed      those whose name contains one of these
    python -m tests.breakages --list            names, files and tests

Run from the root of the repository. A breakage is one small edit. It names the text that it replaces, which stands once
in the package, and not the file: it holds when code moves. The tests named with it are run on a copy of the repository
until one fails; where none does, the breakage survives, and a test is missing.
"""
