"""User agents, referrers and campaign parameters by system and channel."""

from __future__ import annotations

from typing import Final

WEB_AGENTS: Final = {
    "iOS": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile Safari/604.1",
    "Android": "Mozilla/5.0 (Linux; Android 14; 23013RK75C) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36",
    "iPadOS": "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
    "Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 Safari/537.36",
    "macOS": "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
}
APP_AGENTS: Final = {"iOS": "Shopper/5.8.2 (iPhone; iOS 17.5)", "Android": "Shopper/5.8.2 (Android 14; 23013RK75C)"}
MINI_AGENT: Final = "MicroMessenger/8.0.49 MiniProgram/wx7c2"
BROWSERS: Final = {"iOS": "Safari", "Android": "Chrome", "iPadOS": "Safari", "Windows": "Chrome", "macOS": "Safari"}

SOURCES: Final[dict[str, tuple[tuple[str, str, str | None], ...]]] = {
    "paid_search": (("baidu", "cpc", "brand"), ("baidu", "cpc", "generic")),
    "paid_social": (("douyin", "paid_social", "always-on"), ("xiaohongshu", "paid_social", "notes")),
    "display": (("toutiao", "display", "prospecting"),),
    "affiliates": (("smzdm", "affiliate", None),),
    "email": (("newsletter", "email", "weekly"),),
}
REFERRERS: Final = {
    "paid_search": ("https://www.baidu.com/",),
    "organic_search": ("https://www.baidu.com/s", "https://www.google.com/", "https://cn.bing.com/search"),
    "organic_social": ("https://weibo.com/", "https://www.xiaohongshu.com/explore", "https://www.zhihu.com/question/1"),
    "referral": ("https://www.lifeathome.example/reviews", "https://blog.trailnotes.example/gear"),
}
SITE: Final = "https://shop.example"
