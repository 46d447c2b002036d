"""URLs and text without personal data and secrets, by the rules of the input contract."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SIGN: Final = r"(?:[\w.~\[\]-]|%(?:25)?5[BD])*"
_PART_OF_NAME: Final = (
    "token|secret|passw|pass_w|pwd|credential|session_?id|sess_?id|api_?key|access_?key|private_?key|signature|e-?mail"
    "|phone|mobile|jwt|oauth|passphrase|passcode|authori[sz]ation|bearer|csrf|xsrf|hmac|saml|(?:first|last|full|sur)_?name"
    "|birth_?da(?:y|te)"
)
_WHOLE_NAME: Final = (
    "mail|tel|auth|auth[_-]?(?:key|code|hash)|sid|key|sig|code|otp|hash|(?:otp|pin)[_-]?code|pin|pass|pw|login|user"
    "|user_?name|ticket|invite|invitation|magic|magic[_-]?link|nonce|sso|ssn|iban|dob|cvv|cvc|ip|cookie"
    "|address|street|cc|(?:credit|credit_|credit-|debit|debit_|debit-)?card(?:[_-]?(?:number|no))?"
)
_SECRET: Final = re.compile(
    rf"((?:^|[\"?&#;]|%(?:25)?(?:3F|26|23))(?:{_SIGN}(?:{_PART_OF_NAME}){_SIGN}|{_WHOLE_NAME})(?:=|%(?:25)?3D))"
    r"(?:\\.|[^&#;\"\s\\])*",
    re.IGNORECASE | re.ASCII,
)
_ANNOUNCED: Final = re.compile(
    r"(?P<unsure>/[\w.-]*(?:confirm|invit|recover|forgot|opt-?in|reset|activat)[\w.-]*/(?:[\w.~%-]{1,12}/)?)"
    r"(?=[\w.~%-]*(?:[0-9a-z]{20}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))[\w.~%-]+"
    r"|(?P<sure>/(?:[\w.-]*(?:passwo?r?d|verif(?:y|ication)|magic-?link|unsubscribe|token(?!s))[\w.-]*|reset"
    r"|activat(?:e|ion))/)(?=[\w.~%-]*\d|[\w.~%-]{20})[\w.~%-]+",
    re.IGNORECASE | re.ASCII,
)
_BEFORE: Final = "[/=]|%(?:25)?(?:2[Ff]|3[Dd])"
_SHAPED: Final = re.compile(
    rf"(^|[?&#\"\s]|{_BEFORE})eyJ[\w-]{{8,}}\.[\w-]+(?:\.[\w-]*)?"
    r"|((?:/|%(?:25)?2[Ff]|.(?<![iI][dD])(?:=|%(?:25)?3[Dd])))[0-9A-Za-z]{40,}",
    re.ASCII | re.DOTALL,
)
_EMAIL: Final = re.compile(r"[\w.+-]+(?:@|%40|%2540)(?:[^\W_]|-)+(?:\.(?:[^\W_]|-)+)+")
_GAP: Final = r"[ ()./-]{0,2}"
_KNOWN_TOKEN: Final = re.compile(
    r"(?<![\w-])(?:[sr]k_(?:live|test)_[^\W_]{8,}|gh[oprsu]_[^\W_]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|xox[abprs]-(?:[^\W_]|-){8,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w.-]+|[^\W_]{40,})",
    re.ASCII,
)
_SECRET_SAID: Final = re.compile(
    r"((?<![0-9a-z])(?:(?:password|passwd|pwd|(?:api|access)[ _-]?key|secret|token|otp) ?[:=] ?|bearer ))"
    r"(?:[a-z~+/._-]+\d|\d+[a-z~+/._-])[\w~+/.-]*",
    re.IGNORECASE | re.ASCII,
)
_NUMBER_SAID: Final = re.compile(
    r"((?<![0-9a-z])(?:(?:tel(?:ephone|efon)?|whatsapp|wechat|fax|sms|call|电话|手机号码?)[.:=#]? ?"
    r"|(?:(?:phone|mobile|cell|contact)(?: ?(?:no|nr|number)\.?)? ?[:=#] ?"
    r"|(?:phone|mobile|cell) (?:no|nr|number)\.? )))"
    rf"[+(]?\d(?:{_GAP}\d){{6,14}}",
    re.IGNORECASE | re.ASCII,
)
_NUMBERS: Final = (
    rf"\+[1-9](?:{_GAP}\d){{7,14}}",
    rf"00[1-9]\d{{0,2}}[ ()./-]{{1,2}}\d(?:{_GAP}\d){{5,11}}",
    r"(?:86[ -]?)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})",
    r"(?:1[ .-])?[2-9]\d\d(?:\) ?|[.-])\d{3}[.-]\d{4}",
    r"0[1-9]\d{1,3}(?:\) ?|[ /-])\d{3,4}[ -]?\d{3,5}",
    r"0[1-9](?:[ .-]\d\d){4}",
    r"[3-6]\d{3}(?:[ -]\d{4}){3}",
)
_NUMBER: Final = re.compile(rf"(?<![\w+./-])(?:{'|'.join(_NUMBERS)})(?![\w-])", re.ASCII)
"""Telephone numbers (international, Chinese mobile, North American, with an area code) and card numbers."""


def redacted_url(text: str) -> str:
    """The URL without e-mail addresses, values of parameters that identify people or are secrets, tokens in paths."""
    without_secrets = _SECRET.sub(r"\1redacted", text)
    return _EMAIL.sub("redacted", _SHAPED.sub(r"\1\2redacted", _ANNOUNCED.sub(r"\1\2redacted", without_secrets)))


@lru_cache(maxsize=100_000)
def redacted_text(text: str) -> str:
    """Text without e-mail addresses, telephone and card numbers, passwords and tokens."""
    without_tokens = _KNOWN_TOKEN.sub("redacted", _SECRET_SAID.sub(r"\1redacted", redacted_url(text)))
    return _NUMBER.sub("redacted", _NUMBER_SAID.sub(r"\1redacted", without_tokens))
