"""Text without spaces between words is named as such, other text never."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastw2v import Settings
from fastw2v.cli.app import run
from fastw2v.corpus import reading
from fastw2v.text.tokenise import words
from fastw2v.text.unsegmented import mostly_unsegmented

RUNS = {
    "Chinese": "今天天气很好,我们一起去公园散步。那里的花都开了,孩子们在草地上玩耍。2026年我想去iPhone总部看看。",
    "Japanese": "昨日は友達と一緒に映画を見に行きました。とても面白かったので、また行きたいと思います。",
    "Thai": "วันนี้อากาศดีมากเราจะไปเดินเล่นที่สวนสาธารณะ เด็กๆกำลังเล่นน้ำอยู่ริมแม่น้ำ กับเพื่อน 3 คน",
    "Lao": "ມື້ນີ້ອາກາດດີຫຼາຍພວກເຮົາຈະໄປຍ່າງຫຼິ້ນຢູ່ສວນສາທາລະນະ",
    "Khmer": "ថ្ងៃនេះអាកាសធាតុល្អណាស់ យើងនឹងទៅដើរលេងនៅសួនច្បារ",
    "Burmese": "ဒီနေ့ရာသီဥတုကောင်းလို့ ကျွန်တော်တို့ပန်းခြံကိုလမ်းလျှောက်သွားကြမယ်",
}
ENGLISH = "The weather is fine today, so we walk to the park, and the children play on the grass. "
WORDS = {
    "English": ENGLISH,
    "cut Chinese": "今天 天气 很 好 , 我们 一起 去 公园 散步 。 中华人民共和国 的 人工智能",
    "cut Japanese": "昨日 は 友達 と 一緒 に 映画 を 見 に 行き まし た ソフトウェア エンジニア",
    "cut Thai": "วันนี้ อากาศ ดี มาก เรา จะ ไป เดินเล่น ที่ สวนสาธารณะ ของ มหาวิทยาลัย",
    "Khmer cut by zero-width spaces": "ថ្ងៃនេះ\u200bអាកាសធាតុ\u200bល្អ\u200bណាស់",
    "Korean": "오늘은 날씨가 좋아서 공원에 갔습니다",
    "Finnish": "lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas",
    "mixed": ENGLISH + RUNS["Chinese"][:20] + ENGLISH,
    "nothing": "",
}


def test_long_runs_are_told_from_words_in_each_script() -> None:
    for name, text in RUNS.items():
        assert mostly_unsegmented(words(text)) in words(text), name
        assert mostly_unsegmented(text.split()) is not None, name
    assert [name for name, text in WORDS.items() if mostly_unsegmented(words(text)) is not None] == []


def test_a_corpus_of_long_runs_is_named_in_one_line_for_who_reads_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text, encoded = tmp_path / "text.txt", str(tmp_path / "encoded")
    text.write_text(f"{RUNS['Chinese']}\n" * 50, encoding="utf-8")
    cut = "cut the text with a segmenter (jieba for Chinese, MeCab or fugashi for Japanese, PyThaiNLP for Thai)"
    assert run(["encode", str(text), "-o", encoded]) == 0
    train = ["train", str(text), "-o", str(tmp_path / "model"), "--engine", "numpy", "--epochs", "1", "--sample", "0"]
    assert run([*train, "--vector-size", "8", "--no-cache"]) == 0
    reading.read(text, Settings())
    reading.read(encoded, Settings())
    reading.read(text, Settings(tokenizer="whitespace"))
    messages = [
        message for message in caplog.messages if ": most words are long runs of letters such as 今天" in message
    ]
    assert [message.partition(cut)[2] for message in messages] == [
        *[", then train with --tokenizer whitespace"] * 2, *[", then train with tokenizer='whitespace'"] * 2, ""
    ]  # fmt: skip
    assert not any("\n" in message for message in messages)


def test_no_other_corpus_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = tmp_path / "text.txt"
    # At its end only, where the blocks that are looked at must find that there is little.
    text.write_text(f"{ENGLISH}\n" * 500 + f"{RUNS['Chinese']}\n" * 20, encoding="utf-8")
    reading.read(text, Settings())
    reading.read(None, Settings(limit="200kB"))
    reading.read([[RUNS["Chinese"]] * 5] * 5, Settings())
    assert caplog.messages == []
    # And the other way round: whatever language it begins in.
    text.write_text(f"{ENGLISH}\n" * 5 + f"{RUNS['Chinese']}\n" * 500, encoding="utf-8")
    reading.read(text, Settings())
    assert len(caplog.messages) == 1
