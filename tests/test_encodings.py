"""Names of encodings, byte order marks, and which encoding bytes are likely in."""

from __future__ import annotations

import pytest

from fastw2v.errors import UsageError
from fastw2v.files.encodings import canonical, did_you_mean, known_encoding, marked
from fastw2v.files.likely_encoding import likely_encoding

TEXTS = {
    "cp1252": [
        "Der Löwe läuft über die Brücke – „und“ schläft früh.",
        "Où est la bibliothèque ? L'été dernier, j'ai mangé à la plage avec ma sœur.",
        "El niño comió una manzana. ¿Dónde está el baño?",
        "Não há nada como um coração são; a lição de amanhã.",
        "It\u2019s a dog\u2019s life \u2013 isn\u2019t it?",
    ],
    "cp1250": [
        "Zażółć gęślą jaźń. Wczoraj byłem w sklepie, a później poszedłem do domu.",
        "Příliš žluťoučký kůň úpěl ďábelské ódy.",
        "Árvíztűrő tükörfúrógép. A kutya szereti a csontot és később aludt.",
    ],
    "iso8859-2": ["Zażółć gęślą jaźń. Wczoraj byłem w sklepie, a później poszedłem do domu."],
    "cp1254": ["Bugün hava çok güzel. Kedi ağacın altında uyuyor, çocuklar dışarıda şarkı söylüyor."],
    "mac-roman": ["Der Löwe läuft über die Brücke und schläft früh"],
    "cp850": ["Der Löwe läuft über die Brücke und schläft früh"],
    "cp1251": ["Собака бежит через мост и спит рано. Привет, мир!", "Собака біжить через міст і їсть."],
    "koi8-r": ["Собака бежит через мост и спит рано. Привет, мир!"],
    "cp866": ["Собака бежит через мост и спит рано. Привет, мир!"],
    "cp1253": ["Ο σκύλος τρέχει πάνω από τη γέφυρα και κοιμάται νωρίς."],
    "cp1255": ["הכלב רץ מעל הגשר וישן מוקדם. שלום עולם"],
    "cp1256": ["الكلب يجري فوق الجسر وينام مبكرا. مرحبا بالعالم"],
    "cp874": ["สุนัขวิ่งข้ามสะพานและนอนหลับเร็ว"],
    "cp932": ["犬が橋の上を走って、早く寝ます。カタカナも使います。"],
    "euc_jp": ["犬が橋の上を走って、早く寝ます。今日はとても良い天気です。"],
    "cp949": ["개가 다리 위로 달려가고 일찍 잡니다. 오늘은 날씨가 좋습니다."],
    "gb18030": ["狗跑过桥，很早就睡了。今天天气很好，我们去公园玩。", "中国人民的生活水平不断提高，经济发展很快。"],
    "big5": ["狗跑過橋，很早就睡了。今天天氣很好，我們去公園玩。"],
    "utf-16-le": ["The dog runs over the bridge", "Der Löwe läuft über die Brücke"],
    "utf-16-be": ["The dog runs over the bridge"],
    "utf-32-le": ["The dog runs over the bridge"],
    "utf-32-be": ["The dog runs over the bridge"],
}


def test_the_likely_encoding_of_a_sentence_is_the_one_it_is_in() -> None:
    for name, texts in TEXTS.items():
        for text in texts:
            data = f"{text}\n".encode(name)
            assert likely_encoding(data) == name, text
            assert likely_encoding(data * 40) == name, text
            assert likely_encoding(data * 40 + text.encode(name)[:-1]) == name, text


def test_what_is_no_text_or_too_little_has_no_likely_encoding_and_damaged_utf8_is_that() -> None:
    for data in (bytes(range(256)), b"ab\xff", b"a\0\0\0\x01bc\xff" * 9, b"\x80\x81\x8d"):
        assert likely_encoding(data) is None
    assert likely_encoding("Der Löwe läuft".encode() + b"\xff") == "utf-8"


def test_names_are_pythons_own_and_wrong_ones_get_the_name_that_was_meant() -> None:
    for given, name in (("UTF8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin1", "iso8859-1"), ("utf-16", "utf-16")):
        assert canonical(given) == known_encoding(given) == name
    for wrong in ("hex", "rot13", "no-such", "a\0b", "é", ""):
        assert canonical(wrong) is None
    meant = {"cp125": "cp1252", "utf88": "utf-8", "winows-1252": "windows-1252", "shift jiss": "shift-jis"}
    for wrong, right in meant.items():
        assert did_you_mean(wrong) == f" (did you mean {right!r}?)"
    for none in ("zzzz", 5, None):
        assert did_you_mean(none) == ""
    with pytest.raises(
        UsageError, match=r"^encoding must be .*\. Got 'cp125' \(did you mean 'cp1252'\?\); the default"
    ):
        known_encoding("cp125")


def test_marks_name_the_encoding() -> None:
    for name in ("utf-16", "utf-32", "utf-8-sig"):
        assert marked("a".encode(name)) == name.removesuffix("-sig")
    assert marked(b"\xfe\xff\0a") == "utf-16"
    assert marked(b"abcd") is None
