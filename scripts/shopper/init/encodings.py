"""The encoding of a text file, found from its bytes."""

from __future__ import annotations

import codecs
import zlib
from dataclasses import dataclass
from pathlib import Path

from shopper.errors import BadInput
from shopper.load.text_files import BLOCK, open_binary

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Share of signs of a text in Chinese that are in the common set; misread Latin text has hardly any.
_COMMON_SHARE = 0.9
# Share of kana in a text in Japanese: names and addresses may be mostly kanji.
_KANA_SHARE = 0.05


@dataclass(frozen=True)
class BrokenBytes:
    """Bytes that are not UTF-8: their number, the line (from 1) of the first, that byte, and the lines around it."""

    number: int
    line: int
    byte: int
    around: bytes


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file. `broken`: None if all its bytes are of it. `is_guess`: nothing but the bytes tells."""

    name: str
    broken: BrokenBytes | None = None
    is_guess: bool = False


def encoding_of(path: Path, beginning: bytes) -> Encoding:
    """The encoding of a file with this beginning. Raises BadInput if it can't be read."""
    if beginning[:2] in _MARKS:
        return Encoding(_MARKS[beginning[:2]])
    if b"\0" in beginning[:1000]:
        is_little = beginning[1:1000:2].count(0) >= beginning[:1000:2].count(0)
        return Encoding("utf-16-le" if is_little else "utf-16-be")
    letters, broken = _utf8_letters(path)
    if broken is None:
        return Encoding("utf-8")
    # Text in another encoding is hardly ever UTF-8 by chance: where most letters are, the others are damage.
    if letters > broken.number:
        return Encoding("utf-8", broken)
    lines = broken.around
    name = "gb18030" if _is_chinese(lines) else "cp932" if _is_japanese(lines) else "cp1252"
    return Encoding(name, is_guess=True)


def _utf8_letters(path: Path) -> tuple[int, BrokenBytes | None]:
    """The number of letters beyond ASCII in UTF-8, and the bytes that are not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    letters, number, lines, first = 0, 0, 0, None
    try:
        with open_binary(path) as handle:
            while True:
                block = handle.read(BLOCK)
                text = decoder.decode(block, final=not block)
                if not text.isascii():
                    others = [sign for sign in text if sign > "\x7f"]
                    bad = [sign for sign in others if "\udc80" <= sign <= "\udcff"]
                    letters += len(others) - len(bad)
                    if bad and first is None:
                        line = lines + text[: text.index(bad[0])].count("\n") + 1
                        first = line, ord(bad[0]) - 0xDC00, _whole_lines(block, is_first=lines == 0)
                    number += len(bad)
                lines += text.count("\n")
                if not block:
                    break
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{path} can't be read: {error}") from error
    return letters, BrokenBytes(number, *first) if first else None


def _whole_lines(block: bytes, is_first: bool) -> bytes:
    """The whole lines of a part of a file; all of it if it has none."""
    start = 0 if is_first else block.find(b"\n") + 1
    return block[start : block.rfind(b"\n")] or block


def _is_chinese(beginning: bytes) -> bool:
    """Whether bytes are Chinese text in GB 18030, not Latin text: its signs are in the common set of GB 2312."""
    try:
        signs = [sign for sign in beginning.decode("gb18030") if sign > "\x7f"]
    except UnicodeDecodeError:
        return False
    common = sum(_is_common(sign) for sign in signs)
    return common >= _COMMON_SHARE * len(signs)


def _is_japanese(beginning: bytes) -> bool:
    """Whether bytes are Japanese text in Shift JIS, not Latin text, whose accented letters would be read as kanji."""
    try:
        signs = [sign for sign in beginning.decode("cp932") if sign > "\x7f"]
    except UnicodeDecodeError:
        return False
    kana = sum("\u3040" <= sign <= "\u30ff" for sign in signs)
    others = sum("\u4e00" <= sign <= "\u9fff" or "\u3000" <= sign <= "\u303f" or sign >= "\uff01" for sign in signs)
    half_width = sum("\uff61" <= sign <= "\uff9f" for sign in signs)
    return kana >= _KANA_SHARE * len(signs) and kana + others - half_width >= _COMMON_SHARE * len(signs)


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
