"""Region codes, document numbers, unified social credit codes."""

from __future__ import annotations

import pytest

from jingtu.plain.identifiers import USCC_ALPHABET, document_number, region_prefix, uscc_is_valid


@pytest.mark.parametrize(
    ("code", "prefix"), [("140000", "14"), ("140100", "1401"), ("141000", "1410"), ("140105", "140105")]
)
def test_region_prefix(code: str, prefix: str) -> None:
    assert region_prefix(code) == prefix


@pytest.mark.parametrize("code", ["", "1401", "14010O", "1401000", "１４０１００x"])
def test_what_is_no_region_code(code: str) -> None:
    with pytest.raises(ValueError, match="六位"):
        region_prefix(code)


@pytest.mark.parametrize(
    "text",
    [
        "晋环发〔2021〕24号",
        "晋环发[2021]24号",
        "晋环发（2021）24号",
        "晋环发【2021】 24 号",
        "晋环发(２０２１)２４号",
        "晋环发［2021］第24号",
    ],
)
def test_one_number_in_many_brackets(text: str) -> None:
    assert document_number(text) == "晋环发〔2021〕24号"


@pytest.mark.parametrize("text", ["生态环境部令第3号", "公告2021年第1号", "国务院令第736号"])
def test_decrees_and_notices_keep_their_form(text: str) -> None:
    assert document_number(text) == text


@pytest.mark.parametrize(
    "text", ["", "晋环发24号", "〔2021〕24号", "晋环发〔21〕24号", "晋环发〔2021〕号", "晋环发〔2021〕024号"]
)
def test_what_is_no_document_number_is_never_completed(text: str) -> None:
    with pytest.raises(ValueError, match="不是文号"):
        document_number(text)


def test_the_check_character_catches_every_single_slip() -> None:
    good = "91350100M000100Y43"
    assert uscc_is_valid(good)
    for place in range(len(good)):
        for other in USCC_ALPHABET:
            if other != good[place]:
                assert not uscc_is_valid(good[:place] + other + good[place + 1 :])


@pytest.mark.parametrize("code", ["", "91350100M000100Y4", "91350100M000100Y4I", "91350100m000100y43"])
def test_malformed_credit_codes(code: str) -> None:
    assert not uscc_is_valid(code)
