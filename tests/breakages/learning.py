"""Breakages of the arithmetic of training: draws, windows, gradients, engines, schedule, trainer."""

from __future__ import annotations

from .breakage import Breakage

BREAKAGES = [
    # ------------------------------------------------------------------------------------------ draws and the plan
    Breakage(
        "randomness: seeds that differ above 32 bits draw the same",
        "        np.uint64(seed >> 32),\n",
        "        np.uint64(0),\n",
        ("tests/test_randomness.py::test_a_draw_splits_seed_and_counter_into_low_and_high_words",),
    ),
    Breakage(
        "draws: the radius is the remainder of the draw",
        "        return (1 + (drawn * np.uint64(self.settings.window) >> np.uint64(32))).astype(np.int32)\n",
        "        return (1 + drawn % np.uint64(self.settings.window)).astype(np.int32)\n",
        ("tests/test_sampling.py::test_every_draw_has_the_oracle_s_counter",),
    ),
    Breakage(
        "negative sampling: windows that share noise reach over the end of a batch",
        "    place = np.arange(centres) % batch_size\n",
        "    place = np.arange(centres)\n",
        ("tests/test_windows.py::test_grouped_noise_is_one_row_for_eight_centres_of_a_batch_eight_apart",),
    ),
    Breakage(
        "plan: a run that goes on looks back for its windows by one step only",
        "        while low > 0 and len(kept) < self.settings.window:\n",
        "        if low > 0 and len(kept) < self.settings.window:\n",
        ("tests/test_resume.py::test_the_blocks_after_any_batch_are_the_rest_of_the_epoch",),
    ),
    Breakage(
        "vocabulary: words of equal count stand in the order of their last appearance",
        '    order = np.argsort(-both, kind="stable")\n',
        '    order = np.argsort(both, kind="stable")[::-1]\n',
        ("tests/test_vocabulary.py::test_words_stand_by_count_then_by_first_appearance",),
    ),
    Breakage(
        "preparation: a run of many epochs is refused for the few pairs of one",
        "    if pairs * settings.epochs < words:\n",
        "    if pairs < words:\n",
        ("tests/test_preparation.py::test_few_pairs_an_epoch_are_enough_in_more_epochs",),
    ),
    Breakage(
        "schedule: the exponential rate has fallen once before the first epoch",
        "settings.alpha * settings.decay**epoch),\n",
        "settings.alpha * settings.decay ** (epoch + 1)),\n",
        ("tests/test_schedule.py::test_exponential_falls_once_an_epoch",),
    ),
    # ---------------------------------------------------------------------------------------- weights, start, state
    Breakage(
        "weights: only the first rows are looked at for NaN",
        "yield matrix[low : low + ROWS_AT_ONCE]\n",
        "yield matrix[low:ROWS_AT_ONCE]\n",
        ("tests/test_weights.py::test_a_value_that_is_not_finite_is_seen_in_whatever_rows_are_looked_at_together",),
    ),
    Breakage(
        "starting: of every 4,096 words given the last one's vector is left out",
        "            part = slice(low, low + ROWS_AT_ONCE)\n",
        "            part = slice(low, low + ROWS_AT_ONCE - 1)\n",
        ("tests/test_starting.py::test_more_rows_than_are_copied_at_once_all_start_there",),
    ),
    Breakage(
        "continuing: the largest seed has none after it",
        "    return replace(settings, seed=(settings.seed + 1) % 2**64)\n",
        "    return replace(settings, seed=settings.seed + 1)\n",
        ("tests/test_continuing.py::test_the_largest_seed_is_followed_by_the_smallest",),
    ),
    Breakage(
        "state: a history with a negative correlation is taken for malformed",
        "                _check_number({name: value}, name, float, least=-(2**63))\n",
        "                _check_number({name: value}, name, float)\n",
        ("tests/test_epoch_scores.py::test_records_with_and_without_figures_are_read_back",),
    ),
    # ---------------------------------------------------------------------------------------------------- the loop
    Breakage(
        "trainer: callbacks after one that stops do not hear of the epoch",
        "        answers = [callback.on_epoch_end(record, model.weights) for callback in self._callbacks]\n",
        "        answers = (callback.on_epoch_end(record, model.weights) for callback in self._callbacks)\n",
        ("tests/test_trainer.py::test_a_callback_s_true_stops_training_and_every_callback_still_hears_of_that_epoch",),
    ),
    Breakage(
        "trainer: the speed shown meanwhile is of the words of the epoch begun alone",
        "        words = self._data.corpus_tokens * done / max(state.train_seconds, 1e-9)\n",
        "        words = self._data.corpus_tokens * share / max(state.train_seconds, 1e-9)\n",
        ("tests/test_trainer.py::test_speed_and_time_left_are_those_of_the_whole_run",),
    ),
    Breakage(
        "callbacks: an equal validation loss counts as a lower one",
        "        better = record.validation_loss < self._best\n",
        "        better = record.validation_loss <= self._best\n",
        ("tests/test_trainer.py::test_a_validation_loss_that_stays_equal_is_no_lower_one",),
    ),
    Breakage(
        "validation: the pairs are the first ones held out",
        "        chosen = np.arange(most) * ends[-1] // max(most, 1)\n",
        "        chosen = np.arange(most)\n",
        ("tests/test_whole_runs.py::test_validation_takes_as_many_pairs_as_asked_from_all_that_is_held_out",),
    ),
    # --------------------------------------------------------------------------------------- what judges the engines
    Breakage(
        "verify: both engines step on the same weights",
        "        other = weights.copy()\n        reference.step(weights, batch, rate)\n",
        "        other = weights\n        reference.step(weights, batch, rate)\n",
        ("tests/test_verify.py::test_a_wrong_step_of_the_numba_engine_fails",),
    ),
    Breakage(
        "trials: one noise word of the first centre is its output, not all",
        "    noise[0, :] = tokens[0]\n",
        "    noise[0, 0] = tokens[0]\n",
        ("tests/test_verify.py::test_the_batch_of_duplicates_has_every_kind_of_them",),
    ),
    Breakage(
        "tolerances: float64 is allowed the rounding of float32",
        "    return 4 * length * float(np.finfo(dtype).eps)\n",
        "    return 4 * length * float(np.finfo(np.float32).eps)\n",
        ("tests/test_verify.py::test_each_dtype_is_judged_by_its_own_rounding",),
    ),
    # ----------------------------------------------------------------------------------- engines, without compiling
    Breakage(
        "negative sampling: a noise word equal to the first context is skipped",
        "        labels[:, 1:][noise == outputs] = np.nan\n",
        "        labels[:, 1:][noise == windows.tokens[windows.first + centre - 1, None]] = np.nan\n",
        ("tests/test_engines.py::test_a_noise_word_equal_to_the_input_counts",),
    ),
    Breakage(
        "numpy: of equal rows in a batch one gradient is kept",
        "    np.add.at(sums.ravel(), flat.ravel(), vectors.ravel())\n",
        "    sums.ravel()[flat.ravel()] += vectors.ravel()\n",
        ("tests/test_engines.py::test_a_repeated_context_sums",),
    ),
    Breakage(
        "threads: an interrupt that comes while they are waited for is swallowed",
        "        raise interrupted\n",
        "        return\n",
        (
            "tests/test_engine_parts.py::test_an_interrupt_that_comes_while_the_other_threads_are_waited_for_is_not_lost",
        ),
    ),
    Breakage(
        "jit: kernels that were kept are used after an edit of the random draws",
        '    "draws/randomness.py",\n',
        "",
        ("tests/test_engine_parts.py::test_every_file_that_kernels_are_compiled_from_counts",),
    ),
    # ------------------------------------------------------------------------------------ engines, compiled for each
    Breakage(
        "objective: a racing thread counts its own noise words among those of the others",
        "    return (racing - 1) * expected\n",
        "    return racing * expected\n",
        ("tests/test_racing.py::test_racing_threads_count_the_terms_of_all_their_batches",),
    ),
    Breakage(
        "numbering: a noise word equal to the output counts among the terms of its row",
        "            terms[slot] += 0 if slot == output else pairs\n",
        "            terms[slot] += pairs\n",
        ("tests/test_engines.py::test_any_number_of_noise_words_gives_the_reference_s_bits",),
    ),
    Breakage(
        "terms: what does not count adds to the loss",
        "            chance *= certain if counts else one\n",
        "            chance *= certain\n",
        ("tests/test_engines.py::test_gradients_agree_with_the_reference_at_any_weights",),
    ),
    Breakage(
        "rows: clipping measures the step and not the gradient",
        "            norm = np.sqrt(norm) / rate\n",
        "            norm = np.sqrt(norm)\n",
        ("tests/test_engines.py::test_a_step_caps_each_row_by_its_own_terms_and_then_clips",),
    ),
    Breakage(
        "kernels: a thread that shares batches takes its own half of a score for the other's",
        "            factors[i] = halves[0, i] + halves[1, i]\n",
        "            factors[i] = halves[share.mine, i] + halves[share.mine, i]\n",
        ("tests/test_engines.py::test_deterministic_workers_give_the_bits_of_one",),
    ),
    Breakage(
        "sharing: a thread goes on once all batches are taken, not numbered",
        "    wait_for(progress + 8, batches)\n",
        "    wait_for(progress, batches)\n",
        ("tests/test_engine_parts.py::test_numbering_ends_when_the_last_batch_is_numbered_by_whatever_thread",),
    ),
    Breakage(
        "workspace: of vectors that fill their last line its second half is left alone",
        "half=int(high * LINE_BYTES == row_bytes and 0 < weights.size * item % LINE_BYTES <= LINE_BYTES // 2),\n",
        "half=int(high * LINE_BYTES == row_bytes and weights.size * item % LINE_BYTES <= LINE_BYTES // 2),\n",
        ("tests/test_engines.py::test_gradients_equal_the_reference_s_in_every_bit",),
    ),
    Breakage(
        "compiled draws: a block that begins between two multiples of four takes its neighbours' draws",
        "        return kept[: select_kept(drawn[start - first :], self._keep, ids, start, kept)]\n",
        "        return kept[: select_kept(drawn, self._keep, ids, start, kept)]\n",
        ("tests/test_sampling.py::test_every_draw_has_the_oracle_s_counter",),
    ),
    Breakage(
        "vectors: the longest rest of a row is not pulled",
        "        for number in range(1, 2 * most):\n",
        "        for number in range(1, 2 * most - 1):\n",
        ("tests/test_engine_parts.py::test_a_row_of_any_length_is_pulled_by_any_number_of_others",),
    ),
    Breakage(
        "engines: rows are saved in parts that cut through those laid out together",
        "# A multiple of the rows that are laid out together; see `split_rows`.\nROWS_AT_ONCE = 4096\n",
        "# A multiple of the rows that are laid out together; see `split_rows`.\nROWS_AT_ONCE = 1000\n",
        (
            "tests/test_resume.py::test_rows_are_saved_as_they_are_when_a_vocabulary_is_larger_than_what_is_laid_out_together",
        ),
    ),
    Breakage(
        "compiled: the two ways of adding are judged by blocks of different sizes",
        "        self._adding.took(way, (time.perf_counter() - begun) / max(1, int(job.block.pair_start[-1])))\n",
        "        self._adding.took(way, time.perf_counter() - begun)\n",
        ("tests/test_faster.py::test_racy_threads_are_judged_by_the_time_of_a_pair",),
    ),
    # --------------------------------------------------------------------------------------------------- the bench
    Breakage(
        "bench: a whole program is beaten by training alone",
        "            if other is mine or other.kind != mine.kind or other.workers > mine.workers:\n",
        "            if other is mine or other.workers > mine.workers:\n",
        ("tests/test_bench_report.py::test_slower_modes_of_ours_and_promises_not_kept_are_losing_cases",),
    ),
    Breakage(
        "bench: a row is not on the disk before the next is timed",
        "            file.flush()\n            os.fsync(file.fileno())\n\n    def _read(",
        "            file.flush()\n\n    def _read(",
        ("tests/test_bench_results.py::test_each_row_is_on_the_disk_before_the_next_is_timed",),
    ),
    Breakage(
        "bench: rows of before and after an edit of an engine are mixed",
        '    for path in sorted(package.rglob("*.py")):\n',
        '    for path in sorted(package.glob("*.py")):\n',
        ("tests/test_bench_results.py::test_every_file_of_the_package_counts_to_the_source_that_rows_are_of",),
    ),
    Breakage(
        "bench: after an interrupt a program that is timed goes on to its end",
        "            with process:\n                process.kill()\n",
        "            with process:\n                process.wait()\n",
        ("tests/test_bench_rounds.py::test_a_program_is_ended_where_we_are_interrupted",),
    ),
]
