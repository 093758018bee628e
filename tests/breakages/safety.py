"""Breakages of what keeps files, runs and users safe: files, checkpoints, models, settings, commands."""

from __future__ import annotations

from .breakage import Breakage

BREAKAGES = [
    # Files
    Breakage(
        "atomic: data is not on disk before the rename",
        "                writer(file)\n                file.flush()\n                os.fsync(file.fileno())",
        "                writer(file)\n                file.flush()",
        ("tests/test_formats.py::test_data_is_on_disk_before_the_rename_and_the_folder_after",),
    ),
    Breakage(
        "atomic: temporary files of a process that lives are removed",
        "        if number.isdecimal() and not _is_alive(int(number)):",
        "        if number.isdecimal():",
        ("tests/test_formats.py::test_temporary_files_go_only_when_the_process_that_wrote_them_is_no_more",),
    ),
    Breakage(
        "locks: two processes hold one at once",
        "_fcntl.LOCK_EX | (0 if wait else _fcntl.LOCK_NB)",
        "_fcntl.LOCK_SH | (0 if wait else _fcntl.LOCK_NB)",
        ("tests/test_encoding_store.py::test_a_second_encode_to_the_same_output_is_refused_while_the_first_one_runs",),
    ),
    Breakage(
        "locks: one on a file that was removed meanwhile counts",
        "path.stat())\n    except FileNotFoundError:\n        return False",
        "path.stat())\n    except FileNotFoundError:\n        return True",
        ("tests/test_encoding_store.py::test_a_lock_on_a_file_that_its_holder_removed_meanwhile_does_not_count",),
    ),
    Breakage(
        "replacing: a move that was cut off is not ended by the next",
        "    _move_up(directory, names)\n    draft = directory / _DRAFT",
        "    draft = directory / _DRAFT",
        ("tests/test_storage.py::test_after_a_crash_at_any_step_the_old_model_or_the_new_one_is_whole",),
    ),
    Breakage(
        "replacing: what stands in goes before the names that moved up are on disk",
        "    sync_folder(directory)\n    shutil.rmtree(whole)",
        "    shutil.rmtree(whole)\n    sync_folder(directory)",
        ("tests/test_storage.py::test_files_that_moved_up_are_on_disk_before_what_stood_in_for_them_goes",),
    ),
    Breakage(
        "folders: the folder that the user chose for caches is passed over",
        'os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")',
        'os.environ.get("LOCALAPPDATA")',
        ("tests/test_encoding_cache.py::test_without_a_home_the_folder_s_setting_is_named",),
    ),
    # Signals and threads
    Breakage(
        "signals: one that was kept waiting is swallowed",
        "    if signals.heard is not None:\n        signal.raise_signal(signals.heard)",
        "    signals.heard = None",
        ("tests/test_signals.py::test_a_signal_waits_for_a_block_that_must_not_be_cut_off",),
    ),
    Breakage(
        "signals: those that the process ignores are heard",
        "if handler not in (signal.SIG_IGN, None)}",
        "if handler is not None}",
        ("tests/test_resume_processes.py::test_a_hang_up_that_the_process_ignores_stays_ignored",),
    ),
    Breakage(
        "threads: what fails in another one is not raised",
        "                done.result()",
        "                done.exception()",
        ("tests/test_engine_parts.py::test_no_thread_works_any_more_however_a_block_ends",),
    ),
    Breakage(
        "cores: a quota of one and a half counts as one",
        "math.ceil(quota)",
        "math.floor(quota)",
        ("tests/test_cores.py",),
    ),
    Breakage(
        "memory: the peak is in kilobytes",
        '    return most if sys.platform == "darwin" else most * 1024',
        "    return most",
        ("tests/test_cli.py::test_json_leaves_one_line_on_stdout_and_the_rest_on_stderr",),
    ),
    # Checkpoints
    Breakage(
        "checkpoints: a number and its digits make one corpus",
        "digest.update(repr(word).encode(",
        "digest.update(str(word).encode(",
        ("tests/test_resume.py::test_numbers_and_their_digits_are_two_corpora",),
    ),
    Breakage(
        "checkpoints: a run that goes on counts its words from the beginning",
        "            self._last_words = self._trained(state)\n            return weights, state",
        "            return weights, state",
        ("tests/test_resume.py::test_a_run_that_goes_on_counts_words_from_the_checkpoint_that_it_goes_on_from",),
    ),
    Breakage(
        "checkpoint files: weights that are not those that were saved are gone on with",
        "    if digest(all_rows(weights)) != texts.get(_WEIGHTS) or not weights.finite():",
        "    if not weights.finite():",
        (
            (
                "tests/test_resume.py::"
                "test_where_a_byte_of_the_newest_checkpoint_is_flipped_the_one_before_is_used_and_named"
            ),
        ),
    ),
    Breakage(
        "intervals: every 0 seconds is taken",
        "float(form[1]) <= 0",
        "float(form[1]) < 0",
        ("tests/test_resume.py::test_any_other_form_is_refused_with_some_that_work",),
    ),
    Breakage(
        "resuming: files that judge epochs are not found from another working directory",
        "            evaluate=tuple(str(folder / path) for path in self.evaluate),\n",
        "",
        ("tests/test_resume_command.py::test_each_epoch_is_judged_by_the_same_files_from_any_working_directory",),
    ),
    Breakage(
        "recorded: a text edited to the same size is taken for the same",
        "    return now is not None and now.summary() == files",
        "    return now is not None",
        ("tests/test_continuing.py::test_a_corpus_that_is_gone_or_has_changed_is_refused_with_what_to_type",),
    ),
    Breakage(
        "runs: what compiled the kernels is no part of the versions",
        "    return found | engines.versions(engine)\n",
        "    return found\n",
        ("tests/test_resume.py::test_what_compiled_the_kernels_is_among_the_versions",),
    ),
    Breakage(
        "history: a model that moves up between two looks is missed",
        "    for _ in range(2):\n        content = _content(live)",
        "    for _ in range(1):\n        content = _content(live)",
        ("tests/test_history.py::test_a_model_that_moves_up_between_two_looks_is_read",),
    ),
    # Models
    Breakage(
        "storage: a model's number is how many there are",
        "        number = max(numbers, default=0)",
        "        number = len(list(numbers))",
        ("tests/test_storage.py::test_the_next_number_follows_the_highest_and_other_names_do_not_count",),
    ),
    Breakage(
        "storage: a link in place of a model's file is followed",
        "            _check_file(_no_link(places[name]), manifest)",
        "            _check_file(places[name], manifest)",
        ("tests/test_storage.py::test_a_link_in_place_of_a_file_is_not_followed",),
    ),
    Breakage(
        "model files: a word twice is only seen in two lines that follow each other",
        "    hashes.sort()\n",
        "",
        ("tests/test_storage.py::test_what_could_not_be_loaded_again_is_not_saved",),
    ),
    Breakage(
        "model: input vectors are saved as output vectors",
        "            w_out=self._output_vectors,\n            settings=",
        "            w_out=wv.vectors,\n            settings=",
        ("tests/test_starting.py::test_words_of_a_model_start_with_its_output_vectors_too",),
    ),
    Breakage(
        "model: a folder of the machine is given away with it",
        'corpus = {**description, "name": Path(description["name"]).name, **known}',
        "corpus = {**description, **known}",
        ("tests/test_continuing.py::test_no_folder_of_the_machine_is_in_a_model_beside_its_corpus",),
    ),
    Breakage(
        "sklearn: words without a vector count in the mean",
        "weights[rows] @ words[rows] / len(rows)",
        "weights[rows] @ words[rows] / len(document)",
        ("tests/test_sklearn.py::test_the_mean_counts_a_repeated_word_twice_and_leaves_unknown_ones_out",),
    ),
    # Settings
    Breakage(
        "settings: how many words are counted at a time is no part of the cache's key",
        "    max_vocab_size: int | None = _setting(\n        None,\n        _READ,",
        "    max_vocab_size: int | None = _setting(\n        None,\n        _WORDS,",
        ("tests/test_encoding_cache.py::test_settings_that_are_not_reading_s_are_not_in_the_key",),
    ),
    Breakage(
        "setting attributes: min_alpha follows an alpha that is higher",
        "and 0 < number < model.settings.min_alpha:",
        "and number > 0:",
        (
            (
                "tests/test_gensim_methods.py::"
                "test_settings_are_read_under_their_names_and_those_of_the_next_run_can_be_set"
            ),
        ),
    ),
    Breakage(
        "keywords: editors do not know shrink_windows",
        "    shrink_windows: bool\n    negative: int\n",
        "    negative: int\n",
        ("tests/test_settings.py::test_editors_and_help_know_each_setting",),
    ),
    Breakage(
        "scalars: an array of one number is taken for the number",
        'hasattr(value, "dtype") and getattr(value, "ndim", None) == 0',
        'hasattr(value, "dtype")',
        ("tests/test_settings.py::test_numpy_scalars_and_paths_become_plain_values",),
    ),
    # Messages
    Breakage(
        "hints: of words that differ in case only the rarest is offered",
        "for candidate in reversed(candidates)}",
        "for candidate in candidates}",
        ("tests/test_vectors.py::test_close_words_forgive_case_and_a_wrong_first_letter",),
    ),
    Breakage(
        "spelling: negative integers are not found by their digits",
        '_NUMBER = re.compile(r"-?[0-9]{1,18}")',
        '_NUMBER = re.compile(r"[0-9]{1,18}")',
        ("tests/test_spelling.py::test_forms_are_tried_in_order",),
    ),
    Breakage(
        "callers: after a command Python's messages name options",
        "    try:\n        yield\n    finally:\n        _command_line.reset(token)",
        "    yield",
        ("tests/test_callers.py::test_a_command_that_fails_leaves_python_s_way_to_write_settings",),
    ),
    Breakage(
        "shown: a carriage return in text of several lines is passed on",
        '_LINES = "\\n\\t"',
        '_LINES = "\\r\\n\\t"',
        ("tests/test_shown.py::test_what_works_on_a_terminal_is_replaced",),
    ),
    Breakage(
        "display: a duration is cut and not rounded",
        "    whole = max(0, round(seconds))",
        "    whole = max(0, int(seconds))",
        ("tests/test_cli_watching.py::test_durations",),
    ),
    # Downloads
    Breakage(
        "hub: a file of another commit is taken",
        "    if metadata.commit_hash != dataset.commit or metadata.size is None or",
        "    if metadata.size is None or",
        ("tests/test_download.py::test_a_hub_that_answers_for_another_commit_is_refused",),
    ),
    Breakage(
        "fetching: room is wanted also for what has arrived",
        "            _check_space(path.parent, record.size - out.tell())",
        "            _check_space(path.parent, record.size)",
        ("tests/test_download.py::test_room_for_what_is_missing_of_a_part_is_enough",),
    ),
    Breakage(
        "fetching: what arrived is not on disk before it gets its name",
        "            out.flush()\n            os.fsync(out.fileno())",
        "            out.flush()",
        ("tests/test_download_sets.py::test_what_arrived_is_on_disk_before_it_gets_its_name",),
    ),
    Breakage(
        "published sets: what a host without ranges sends is added to a part",
        "        if have and answer.status != 206:  # a host without ranges sends all of it\n            _empty(out)\n",
        "",
        ("tests/test_download_sets.py::test_after_a_break_only_the_rest_is_fetched",),
    ),
    # Commands
    Breakage(
        "command: wrong usage has the exit code of a failure",
        "        return _fail(str(error), error.exit_code, debug)",
        "        return _fail(str(error), 1, debug)",
        ("tests/test_callers.py::test_a_command_that_fails_leaves_python_s_way_to_write_settings",),
    ),
    Breakage(
        "command: of piped questions only the last one makes the exit code",
        "                failed |= not _answer(asker, question, json)",
        "                failed = not _answer(asker, question, json)",
        ("tests/test_asking.py::test_lines_of_standard_input_are_questions_and_one_that_fails_does_not_end_them",),
    ),
    Breakage(
        "command: a check that fails has exit code 0",
        "    if failed:\n        raise typer.Exit(1)\n",
        "",
        ("tests/test_verify.py::test_a_check_that_fails_is_in_the_json_and_exits_1",),
    ),
    Breakage(
        "command: a file of settings wins over options",
        "Settings.from_mapping({**read, **given}, origin)",
        "Settings.from_mapping({**given, **read}, origin)",
        ("tests/test_settings.py::test_an_option_given_at_its_default_wins_over_the_file",),
    ),
    Breakage(
        "command: the output may be the model that goes on, by another path",
        "output is not None and start.resolve() == output.resolve():",
        "output is not None and start == output:",
        ("tests/test_starting.py::test_the_model_to_begin_with_cannot_be_the_output",),
    ),
    Breakage(
        "command: a name with a space breaks the line that goes on",
        '        return f"Go on with: {shlex.join(words)}"',
        "        return f\"Go on with: {' '.join(words)}\"",
        ("tests/test_resume_processes.py::test_the_command_shown_works_as_it_is_printed",),
    ),
    Breakage(
        "command: any part of a key clears an entry of the cache",
        'entry.key.startswith(key or "")',
        '(key or "") in entry.key',
        ("tests/test_encoding_cache.py::test_the_list_and_clear_commands_show_and_remove_all_or_one",),
    ),
    Breakage(
        "command: control characters in a model's words reach the terminal as JSON",
        "    if shown(text) != text:  # JSON itself",
        '    if encoding != "utf8":  # JSON itself',
        ("tests/test_cli.py::test_words_in_json_are_true_and_nothing_in_it_works_on_a_terminal",),
    ),
    Breakage(
        "command: what a killed run has half written stays in its output",
        "        remove_abandoned(directory)\n        yield directory",
        "        yield directory",
        ("tests/test_resume_command.py::test_what_a_killed_process_has_half_written_goes",),
    ),
    # Stories
    Breakage(
        "stories: a story's last word is not counted",
        '        told += story.count(" ") + 1',
        '        told += story.count(" ")',
        ("tests/test_stories.py::test_the_size_is_reached_and_overshot_by_less_than_the_last_story",),
    ),
    Breakage(
        "stories: a word that is its own plural is in two classes",
        ' and (attribute != "plural" or variant["plural"] != variant[""])',
        "",
        ("tests/test_stories.py::test_no_word_is_in_two_classes",),
    ),
]
