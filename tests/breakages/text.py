"""Breakages of text to ids, vectors and their formats, evaluation."""

from __future__ import annotations

from .breakage import Breakage

BREAKAGES = [
    # ------------------------------------------------------------------------------------------------ text to documents
    Breakage(
        "tokeniser: letters other than i lose a dot above",
        '        word = _DOTTED_I.sub("i", word)\n',
        '        word = word.replace("\\u0307", "")\n',
        ("tests/test_text_tokenise.py::test_words_are_letters_digits_and_marks_joined_by_single_apostrophes",),
    ),
    Breakage(
        "pieces: a limit in documents counts parts",
        "                left -= len(documents)\n",
        "                left -= 1\n",
        ("tests/test_text_pieces.py::test_parts_make_the_same_documents_whole_and_in_pieces",),
    ),
    Breakage(
        "decoding: a character that the limit cuts is not left out",
        '        held = _cut_character(data) if block else b""\n',
        '        held = b""\n',
        ("tests/test_text_documents.py::test_a_byte_limit_reads_the_first_bytes_and_no_part_of_a_character",),
    ),
    Breakage(
        "transcoding: the first wrong byte is given with the text before it",
        "decoder.decode(block[: max(0, error.at - before)])",
        "decoder.decode(block[: max(0, error.at - before - 1)])",
        ("tests/test_text_transcoding.py::test_bytes_after_the_limit_are_not_complained_about_in_any_encoding",),
    ),
    Breakage(
        "decoding: a wrong byte's place counts what is held back twice",
        "([data[cut:]], len(data) - cut, 0, offset + cut)\n",
        "([data[cut:]], len(data) - cut, 0, offset + len(data))\n",
        ("tests/test_text_documents.py::test_bytes_that_are_not_utf8_are_an_error_with_their_offset",),
    ),
    Breakage(
        "compressed text: data that is cut off is taken for its end",
        "                if inside:\n                    raise self._damaged(",
        "                if inside and self._unread:\n                    raise self._damaged(",
        ("tests/test_text_compressed.py::test_frames_follow_each_other_and_damage_anywhere_is_one_line",),
    ),
    Breakage(
        "saved datasets: a data file may lie outside the folder",
        ' or not name.endswith(".arrow") or PureWindowsPath(name).name != name or "\\0" in name:\n',
        ' or not name.endswith(".arrow") or "\\0" in name:\n',
        ("tests/test_text_formats.py::test_a_state_that_names_files_elsewhere_is_refused",),
    ),
    Breakage(
        "records: JSON's NaN is no null text",
        "    return value is None or value != value  # NaN differs from itself\n",
        "    return value is None\n",
        ("tests/test_text_records.py::test_a_file_of_nulls_alone_and_json_s_nan_are_null_texts",),
    ),
    Breakage(
        "tables of text: rows are counted anew with each batch",
        "                row += len(found)\n",
        "                row = len(found)\n",
        ("tests/test_text_records.py::test_integers_are_tokens_and_other_items_are_refused_with_their_place",),
    ),
    Breakage(
        "tokens: one that holds the separator becomes two",
        '    return _BETWEEN.join(str(token).replace(_BETWEEN, " ") for token in tokens).replace("\\0", " ")\n',
        '    return _BETWEEN.join(str(token) for token in tokens).replace("\\0", " ")\n',
        ("tests/test_text_records.py::test_lists_of_tokens_are_words_as_they_are_and_it_is_said",),
    ),
    Breakage(
        "transcoding: a wrong byte's place leaves out what the decoder held back",
        "error.start, before - held + error.start, several)\n",
        "error.start, before + error.start, several)\n",
        ("tests/test_text_transcoding.py::test_what_is_not_in_the_encoding_is_refused_with_its_offset_or_counted",),
    ),
    Breakage(
        "notes: only the last block's replaced bytes are counted",
        "            self._replaced[PurePath(name).name] += number\n",
        "            self._replaced[PurePath(name).name] = number\n",
        ("tests/test_text_transcoding.py::test_replaced_bytes_are_counted_by_file_within_the_limit",),
    ),
    Breakage(
        "encodings: UTF-32 is taken for UTF-16, whose mark it begins with",
        '    (codecs.BOM_UTF32_LE, "utf-32"),\n'
        '    (codecs.BOM_UTF32_BE, "utf-32"),\n'
        '    (codecs.BOM_UTF16_LE, "utf-16"),\n',
        '    (codecs.BOM_UTF16_LE, "utf-16"),\n'
        '    (codecs.BOM_UTF32_LE, "utf-32"),\n'
        '    (codecs.BOM_UTF32_BE, "utf-32"),\n',
        ("tests/test_encodings.py::test_marks_name_the_encoding",),
    ),
    Breakage(
        "likely encoding: letters in impossible places do not count against it",
        "for character in beyond) - misplaced) / len(beyond)\n",
        "for character in beyond)) / len(beyond)\n",
        ("tests/test_encodings.py::test_the_likely_encoding_of_a_sentence_is_the_one_it_is_in",),
    ),
    Breakage(
        "likely encoding: a letter that is cut at the end of a sample is damage",
        "        text = codecs.getincrementaldecoder(candidate.name)().decode(data)\n",
        "        text = data.decode(candidate.name)\n",
        ("tests/test_encodings.py::test_the_likely_encoding_of_a_sentence_is_the_one_it_is_in",),
    ),
    Breakage(
        "content: a letter cut by the end of the first bytes makes a text binary",
        '        codecs.utf_8_decode(start, "strict", False)  # not the end: a cut character is fine\n',
        '        codecs.utf_8_decode(start, "strict", True)\n',
        ("tests/test_content.py::test_text_is_nothing_else",),
    ),
    # -------------------------------------------------------------------------------------------------- text to numbers
    Breakage(
        "encoding: the compiled scanner joins a word across two apostrophes",
        "        elif kind == HARD or apostrophes > 1:\n",
        "        elif kind == HARD or apostrophes > 2:\n",
        ("tests/test_encoding_twins.py::test_every_character_is_what_the_definition_says",),
    ),
    Breakage(
        "encoding: a word's last eight bytes are not filled up with zeros",
        "    store(address + at, np.uint64(0))\n    return i, length, at, is_hard\n",
        "    return i, length, at, is_hard\n",
        ("tests/test_encoding_twins.py::test_any_text_gives_the_definition_s_words",),
    ),
    Breakage(
        "encoding: the compiled scanner knows one small letter for a capital sigma",
        '.startswith("M") or code in _JAMO or code == _SIGMA:\n',
        '.startswith("M") or code in _JAMO:\n',
        ("tests/test_encoding_twins.py::test_every_character_is_what_the_definition_says",),
    ),
    Breakage(
        "encoding: counts stay where they were when words are forgotten",
        "        for array in (self._hashes, self._counts):\n",
        "        for array in (self._hashes,):\n",
        ("tests/test_encoding_twins.py::test_forgetting_is_its_plain_twin_s_in_memory_and_in_files",),
    ),
    Breakage(
        "encoding: how rare a word may be is begun anew with each piece",
        "    forgotten_below = 1\n    for piece in scanned:\n",
        "    for piece in scanned:\n        forgotten_below = 1\n",
        ("tests/test_encoding_twins.py::test_items_of_token_lists_are_forgotten_as_words_are",),
    ),
    Breakage(
        "encoding: renumberings of a file are applied in the wrong order",
        "                after = ids if after is None else renumbered(ids, after)\n",
        "                after = ids if after is None else renumbered(after, ids)\n",
        ("tests/test_encoding_twins.py::test_forgetting_is_its_plain_twin_s_in_memory_and_in_files",),
    ),
    Breakage(
        "encoding: the type of ids has no room for the one of forgotten words",
        "    return np.min_scalar_type(words)\n",
        "    return np.min_scalar_type(words - 1)\n",
        ("tests/test_encoding_store.py::test_the_highest_ids_survive_the_smallest_type",),
    ),
    Breakage(
        "encoding: documents without tokens are kept",
        "        if len(ids) > offsets[-1]:\n            offsets.append(len(ids))\n",
        "        offsets.append(len(ids))\n",
        ("tests/test_vocabulary.py",),
    ),
    Breakage(
        "store: an encoded corpus is renamed before it is on disk",
        '    for name in (*_FILES, MANIFEST):\n        with (draft / name).open("rb") as file:\n'
        "            os.fsync(file.fileno())\n",
        "",
        ("tests/test_encoding_store.py::test_a_corpus_is_on_disk_before_it_has_its_name",),
    ),
    Breakage(
        "store: two processes encode to one place at once",
        'with locked(beside(directory, "lock"), f"encodes to {directory}", wait), _draft(directory) as draft:\n',
        "with _draft(directory) as draft:\n",
        ("tests/test_encoding_store.py::test_a_second_encode_to_the_same_output_is_refused_while_the_first_one_runs",),
    ),
    Breakage(
        "store: ids beyond the words are let through",
        "        if highest > len(corpus.items):\n",
        "        if highest > len(corpus.items) + 1:\n",
        ("tests/test_encoding_store.py::test_ids_beyond_the_words_are_refused_whatever_the_checksum",),
    ),
    Breakage(
        "cache: the key does not tell lines of JSON from plain text",
        "    what = [(file.sha256, reads_as(file.path)) for file in snapshot.files]\n",
        "    what = [file.sha256 for file in snapshot.files]\n",
        ("tests/test_encoding_cache.py::test_an_entry_is_found_by_content_not_by_place_or_time",),
    ),
    Breakage(
        "cache: the key leaves out the version of Unicode's data",
        "tokenise.VERSION, unicodedata.unidata_version, how, what]\n",
        "tokenise.VERSION, how, what]\n",
        ("tests/test_encoding_cache.py::test_text_is_encoded_again_by_other_data_of_unicode_or_another_reader",),
    ),
    Breakage(
        "cache: a corpus that was given open is kept by the settings' key",
        " or not isinstance(opened, TextCorpus) or opened is corpus:\n",
        " or not isinstance(opened, TextCorpus):\n",
        ("tests/test_encoding_cache.py::test_a_corpus_that_was_opened_otherwise_than_by_the_settings_is_not_kept",),
    ),
    Breakage(
        "cache: using an entry does not make it the newest",
        "                os.utime(place)\n",
        "                place.stat()\n",
        ("tests/test_encoding_cache.py::test_the_least_recently_used_go_first_when_there_is_no_more_room",),
    ),
    Breakage(
        "snapshot: a file that changed and kept its size is taken for the same",
        "if (status.st_size, status.st_mtime_ns, status.st_ino) != (file.size, file.changed, file.number):\n",
        "if status.st_size != file.size:\n",
        ("tests/test_encoding_store.py::test_a_source_that_changes_while_it_is_read_is_refused",),
    ),
    Breakage(
        "reading: a file that changed while it was encoded is let through",
        "        if before is not None:\n            before.check_unchanged()\n",
        "",
        ("tests/test_encoding_store.py::test_an_encode_of_a_file_that_changes_meanwhile_leaves_nothing",),
    ),
    Breakage(
        "reading: the last word of a text's beginning is cut off",
        "corpus.items[: int(ids.max()) + 1])\n",
        "corpus.items[: int(ids.max())])\n",
        ("tests/test_preparation.py::test_the_beginning_of_a_text_is_whole_documents_and_their_words",),
    ),
    Breakage(
        "known words: ids of documents held out are not the model's rows",
        "        held_out=Stream(rows[data.held_out.ids], data.held_out.offsets),\n",
        "        held_out=data.held_out,\n",
        ("tests/test_gensim_methods.py::test_words_order_and_counts_stay_the_models_in_hand_worked_numbers",),
    ),
    # ------------------------------------------------------------------------------------------------- files of vectors
    Breakage(
        "GloVe: a limit reads a word too few",
        "    while line.strip() and (limit is None or number <= limit):\n",
        "    while line.strip() and (limit is None or number < limit):\n",
        ("tests/test_gensim_keyed.py::test_a_limit_reads_the_first_words_and_looks_no_further",),
    ),
    Breakage(
        "word2vec binary: what follows the last vector is not seen",
        "        if wanted == size:\n            stream.check_end(size)\n",
        "        if wanted > size:\n            stream.check_end(size)\n",
        ("tests/test_vector_files.py::test_a_damaged_binary_file_names_file_byte_and_fault",),
    ),
    Breakage(
        "files of vectors: places in the file leave out its byte order mark",
        "    return size, dimension, source.mark + len(line)\n",
        "    return size, dimension, len(line)\n",
        ("tests/test_vector_files.py::test_a_damaged_binary_file_names_file_byte_and_fault",),
    ),
    Breakage(
        "files of vectors: what is compressed holds the time",
        'mode="wb", fileobj=file, mtime=0) as compressed:\n',
        'mode="wb", fileobj=file) as compressed:\n',
        ("tests/test_vector_files.py::test_equal_vectors_make_equal_compressed_files",),
    ),
    Breakage(
        "word counts: one of more than 18 digits is read",
        "not fields[1].isdigit() or len(fields[1]) > 18:\n",
        "not fields[1].isdigit():\n",
        ("tests/test_gensim_keyed.py::test_counts_go_to_a_file_of_their_own_and_come_back_as_gensims_do",),
    ),
    Breakage(
        "words of files: white space other than a space is written",
        "    if text.split() != [text]:\n",
        '    if not text or " " in text:\n',
        ("tests/test_formats.py::test_words_the_format_cannot_hold_are_refused_before_writing",),
    ),
    Breakage(
        "files of vectors: a word that comes again is taken in silence",
        "        if self._places.setdefault(word, place) != place:\n",
        "        if self._places.setdefault(word, place) > place:\n",
        ("tests/test_formats.py::test_a_damaged_file_names_file_line_and_fault",),
    ),
    Breakage(
        "recognising: the number that the first bytes cut counts as one",
        "        return GLOVE if _numbers_in_row(first, cut=len(first) == _START) >= least else None\n",
        "        return GLOVE if _numbers_in_row(first, cut=False) >= least else None\n",
        ("tests/test_recognising.py::test_a_number_that_is_cut_where_looking_ends_counts_as_none",),
    ),
    Breakage(
        "npz: an array that stands by columns is read by rows",
        "    return array.reshape(shape[::-1]).T if by_columns else array.reshape(shape)\n",
        "    return array.reshape(shape)\n",
        ("tests/test_formats_arrays.py::test_rows_that_are_padded_or_stand_by_columns_are_written_as_they_are",),
    ),
    Breakage(
        "npz: a member that ends early is filled with what was in memory",
        "    if filled < len(room):  # a stored member may claim to be larger than what is there\n",
        "    if not filled:\n",
        ("tests/test_formats_arrays.py::test_a_member_that_claims_more_than_it_holds_is_refused",),
    ),
    Breakage(
        "safetensors: mapped vectors begin eight bytes too early",
        'np.memmap(file, native, "r", 8 + length + start, shape)',
        'np.memmap(file, native, "r", length + start, shape)',
        ("tests/test_saved_vectors.py::test_words_counts_and_bits_come_back_under_any_name",),
    ),
    Breakage(
        "Arrow: a part of a table gives vectors of the whole",
        "    numbers = np.concatenate([chunk.flatten().to_numpy(",
        "    numbers = np.concatenate([chunk.values.to_numpy(",
        ("tests/test_formats_tables.py::test_a_table_in_memory_becomes_vectors",),
    ),
    Breakage(
        "projector: counts are looked for in the last column, whatever its name",
        '                column = fields.index(b"count") if b"count" in fields else None\n',
        "                column = len(fields) - 1\n",
        ("tests/test_recognising.py::test_counts_of_a_projectors_folder_are_found_by_their_heading",),
    ),
    # ------------------------------------------------------------------------------------------------- evaluation files
    Breakage(
        "evaluation files: a byte order mark is part of the first word",
        '"utf-8-sig" if mark == UTF8 else mark',
        '"utf-8" if mark == UTF8 else mark',
        ("tests/test_evaluation_files.py::test_a_byte_order_mark_is_not_part_of_the_first_word",),
    ),
    Breakage(
        "evaluation files: a class that comes again forgets its words",
        "            words = classes.setdefault(line.strip()[1:].strip(), [])\n",
        "            words = classes[line.strip()[1:].strip()] = []\n",
        ("tests/test_evaluation_files.py::test_classes_are_words_one_a_line_below_their_class",),
    ),
    Breakage(
        "evaluation files: a section of analogies that comes again forgets its questions",
        "            sections.setdefault(section, [])\n",
        "            sections[section] = []\n",
        ("tests/test_evaluation_files.py::test_a_section_of_analogies_that_comes_again_goes_on",),
    ),
    Breakage(
        "BATS: a pair is put to those after it only",
        "for one, other in itertools.permutations(pairs, 2)]\n",
        "for one, other in itertools.combinations(pairs, 2)]\n",
        ("tests/test_evaluation_files.py::test_a_file_of_words_and_answers_is_read_as_bats_has_them",),
    ),
    Breakage(
        "word pairs: those without parts of speech are lost where others have them",
        "    if len(cut) < len(pairs):\n        return pairs\n",
        "    if not cut:\n        return pairs\n",
        ("tests/test_evaluation_files.py::test_files_of_pairs_are_read_as_they_are_published",),
    ),
    # --------------------------------------------------------------------------------------------------- asking vectors
    Breakage(
        "vectors: the words asked about take the places of answers",
        "        found = search.nearest(target[np.newaxis], topn + len(asked))[0]\n",
        "        found = search.nearest(target[np.newaxis], topn)[0]\n",
        ("tests/test_vectors.py",),
    ),
    Breakage(
        "lookup: unit vectors stay those of before a change",
        '        for name in ("unit_vectors", "norms", "_has_integers", "_kinds"):\n',
        '        for name in ("norms", "_has_integers", "_kinds"):\n',
        ("tests/test_editing.py::test_what_was_asked_before_is_answered_anew",),
    ),
    Breakage(
        "comparing: a long vector weighs more in finding the odd one out",
        "        units = unit_rows(self.vectors[self.rows(some)].astype(np.float64))\n"
        "        return some[int(np.argmin(units @ units.mean(axis=0)))]\n",
        "        units = self.vectors[self.rows(some)].astype(np.float64)\n"
        "        return some[int(np.argmin(units @ units.mean(axis=0)))]\n",
        ("tests/test_vectors_gensim.py::test_the_odd_one_out_and_closer_words_equal_gensims",),
    ),
    Breakage(
        "nearest: rounding's margin is left out for one question",
        "        rows = contenders(self.cosines(targets[0]), count, 2 * self._error)\n",
        "        rows = contenders(self.cosines(targets[0]), count, 0)\n",
        ("tests/test_nearest.py::test_near_equal_cosines_that_float32_confuses_come_in_the_order_of_float64",),
    ),
    Breakage(
        "questions: a word that is a pair is taken for a word and its weight",
        "    if isinstance(item, tuple) and len(item) == 2 and not _is_word(table, item):\n",
        "    if isinstance(item, tuple) and len(item) == 2:\n",
        ("tests/test_vectors.py::test_integer_and_tuple_words_are_words_and_not_rows",),
    ),
    Breakage(
        "expressions: a sign holds for all words that follow",
        "        found[-1].append((token.text, sign or 1))\n        sign = 0\n",
        "        found[-1].append((token.text, sign or 1))\n",
        ("tests/test_asking.py::test_what_is_typed_is_cut_into_questions",),
    ),
    Breakage(
        "index: vectors that changed are asked with the old graph",
        "        if self.vectors.exact_search is not self._search:\n",
        "        if len(self.vectors) != len(self._search):\n",
        ("tests/test_editing.py::test_an_index_of_vectors_that_changed_is_refused",),
    ),
    Breakage(
        "word movers: a word that comes twice weighs as one",
        "    return list(counts), np.array(list(counts.values()), dtype=np.float64) / len(rows)\n",
        "    return list(counts), np.full(len(counts), 1 / len(counts))\n",
        ("tests/test_gensim_keyed.py::test_documents_are_as_far_apart_as_their_words",),
    ),
    # -------------------------------------------------------------------------------------------------- in gensim's way
    Breakage(
        "gensim's sentences: an open file is empty when it is read again",
        "            self.source.seek(0)\n",
        "",
        ("tests/test_gensim_sentences.py",),
    ),
    Breakage(
        "gensim's evaluation: each section gets the first one's answers",
        "        start += len(own)\n",
        "",
        ("tests/test_gensim_keyed.py::test_each_section_has_its_own_analogies_and_the_last_those_of_all",),
    ),
    Breakage(
        "gensim's files: counts are written without the words' prefix",
        "            write_word_counts(fvocab, vectors.index_to_key, vectors.counts)\n",
        "            write_word_counts(fvocab, self.index_to_key, vectors.counts)\n",
        ("tests/test_gensim_keyed.py::test_counts_go_to_a_file_of_their_own_and_come_back_as_gensims_do",),
    ),
    Breakage(
        "gensim's models: output vectors are the input vectors",
        "    model.syn1neg[:] = output_vectors\n",
        "    model.syn1neg[:] = vectors.vectors\n",
        ("tests/test_gensim_vectors.py::test_our_model_becomes_gensims_which_trains_on_and_comes_back",),
    ),
    Breakage(
        "gensim's vocabulary: documents are held out though nobody asked",
        '        held_out = {} if self._holds_out else {"validation": 0}\n',
        "        held_out: dict[str, Any] = {}\n",
        ("tests/test_gensim_vocabulary.py::test_gensims_way_counts_every_document_and_fit_holds_some_out",),
    ),
    # ------------------------------------------------------------------------------------------------------- evaluation
    Breakage(
        "analogies: answers of later blocks get the numbers of the first",
        "        answers[start + better] = first + found[better]\n",
        "        answers[start + better] = found[better]\n",
        ("tests/test_evaluation.py::test_every_answer_equals_most_similar_however_it_is_cut_into_blocks",),
    ),
    Breakage(
        "classes: a word is its own nearest neighbour",
        "        scores[np.arange(len(own)), own] = -np.inf\n",
        "",
        ("tests/test_evaluation.py::test_class_share_by_hand",),
    ),
    Breakage(
        "correlation: values that tie share their highest rank",
        "    return ((last - sizes + 1 + last) / 2.0)[group]\n",
        "    return last.astype(np.float64)[group]\n",
        ("tests/test_evaluation_correlation.py::test_spearman_with_ties_by_hand",),
    ),
    Breakage(
        "intervals: the percentiles of a one-sided interval",
        "np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])\n",
        "np.quantile(defined, [1 - level, level])\n",
        (
            "tests/test_evaluation_intervals.py::test_percentiles_lie_between_neighbours_and_leave_undefined_samples_out",
        ),
    ),
    Breakage(
        "outliers: at equal compactness the outlier is detected",
        ".round(_DIGITS) > own).mean(axis=0)\n",
        ".round(_DIGITS) >= own).mean(axis=0)\n",
        ("tests/test_evaluation_outliers.py::test_at_equal_compactness_the_outlier_is_not_detected",),
    ),
    Breakage(
        "comparison: more models do not make intervals wider",
        "    comparisons = comparable * (len(models) - 1)\n",
        "    comparisons = comparable\n",
        ("tests/test_evaluation_comparison.py::test_more_comparisons_need_larger_differences",),
    ),
    Breakage(
        "comparison: a model that is worse never exceeds the noise",
        "exceeds_noise=low > 0 or high < 0)\n",
        "exceeds_noise=low > 0)\n",
        ("tests/test_evaluation_comparison.py::test_pairing_sees_what_separate_intervals_do_not",),
    ),
    Breakage(
        "evaluation words: one row beyond the restricted vocabulary is found",
        "        return row if row is None or row < self.limit else None\n",
        "        return row if row is None or row <= self.limit else None\n",
        ("tests/test_evaluation.py::test_upper_case_forms_stand_for_their_first_word_and_limits_hide_rows",),
    ),
    # --------------------------------------------------------------------------------------------------------- pictures
    Breakage(
        "plots: the chart in text stands upside down",
        "            row = round((high - loss) / (high - low) * (_TEXT_ROWS - 1))\n",
        "            row = round((loss - low) / (high - low) * (_TEXT_ROWS - 1))\n",
        ("tests/test_plots.py::test_the_text_chart_is_the_one_drawn_by_hand",),
    ),
    Breakage(
        "plots: names in two lines of cells may overlap",
        "        near = (span for step in (-1, 0, 1) for span in taken.get(line + step, []))\n",
        "        near = taken.get(line, [])\n",
        ("tests/test_plots.py::test_names_on_the_map_do_not_touch_and_the_first_goes_before",),
    ),
    Breakage(
        "notebook: words of strangers are HTML",
        '    return f"<bdi>{html.escape(shown(value, _LONGEST))}</bdi>"\n',
        '    return f"<bdi>{shown(value, _LONGEST)}</bdi>"\n',
        ("tests/test_notebook.py::test_hostile_words_are_text_and_nothing_else",),
    ),
    Breakage(
        "notebook: a long history is shown from its beginning",
        "    history = history[-_SHOWN_EPOCHS:]\n",
        "    history = history[:_SHOWN_EPOCHS]\n",
        ("tests/test_notebook.py::test_a_long_history_is_shown_from_its_end",),
    ),
    Breakage(
        "page: a word can end the element that it stands in",
        '    return text.replace("<", "\\\\u003c").replace(">", "\\\\u003e").replace("&", "\\\\u0026")\n',
        "    return text\n",
        ("tests/test_explore.py::test_hostile_words_and_titles_leave_the_elements_as_they_are",),
    ),
    Breakage(
        "page: neighbours that are not on the map are numbered from 0",
        "                number[word] = words + len(beyond)\n",
        "                number[word] = len(beyond)\n",
        ("tests/test_explore.py::test_neighbours_in_the_page_are_those_of_most_similar_over_all_words",),
    ),
    Breakage(
        "projection: the share is that of the two smallest variances",
        "    return plane, float(variances[-2:].sum()) / total if total > 0 else 1.0\n",
        "    return plane, float(variances[:2].sum()) / total if total > 0 else 1.0\n",
        ("tests/test_explore.py::test_pca_finds_the_two_directions_of_largest_variance",),
    ),
    Breakage(
        "projection: an axis points either way",
        "    two = two * np.where(two[largest, np.arange(two.shape[1])] < 0, -1, 1)\n",
        "",
        ("tests/test_explore.py::test_an_axis_points_to_where_its_largest_component_is_positive",),
    ),
    Breakage(
        "projection: a group's place is the group in its place",
        'np.argsort(np.argsort(-sizes, kind="stable"), kind="stable")\n',
        'np.argsort(-sizes, kind="stable")\n',
        ("tests/test_explore.py::test_groups_are_the_bundles_and_the_largest_comes_first",),
    ),
    Breakage(
        "control groups: limits of the groups above do not hold",
        "for folder in (place, *place.parents) if folder.is_relative_to(root))\n",
        "for folder in (place,) if folder.is_relative_to(root))\n",
        ("tests/test_cores.py::test_the_least_of_affinity_and_quotas_counts",),
    ),
]
