"""Google's public definition of default channel groups, row by row, and the project's additions.

The rules are those of https://support.google.com/analytics/answer/9756891 (manual traffic), in Google's order, first
match wins. Each row is the arrival of one visitor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from generated import Cases

_PAGE: Final = "https://shop.example/"


@dataclass(frozen=True)
class Arrival:
    """The tracked data of an arrival, and its expected channel."""

    channel: str
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    referrer: str | None = None
    query: str = ""
    click_id: str | None = None
    platform: str = "web"


ARRIVALS: Final = (
    # Direct: source (direct) and medium (none) or (not set).
    Arrival("direct"),
    Arrival("direct", "(direct)", "(none)"),
    Arrival("direct", "(direct)", "(not set)"),
    Arrival("direct", "(not set)", "(not set)"),
    # Cross-network: by the campaign's name.
    Arrival("cross_network", "google", "cpc", "cross-network"),
    Arrival("cross_network", "google", "organic", "eu Cross-Network max"),
    # Paid Shopping: a shopping site or campaign, and a paid medium.
    Arrival("paid_shopping", "amazon", "cpc"),
    Arrival("paid_shopping", "ebay", "ppc"),
    Arrival("paid_shopping", "taobao", "paid"),
    Arrival("paid_shopping", "google", "cpc", "summer shopping"),
    Arrival("paid_shopping", "google", "cpc", "de-shop-2024"),
    Arrival("paid_shopping", "google", "cpc", "eshop"),
    # Paid Search: a search engine and a medium with cp, or ppc, retargeting, paid.
    Arrival("paid_search", "google", "cpc"),
    Arrival("paid_search", "google", "cpc", "workshop"),
    Arrival("paid_search", "GOOGLE", "CPC"),
    Arrival("paid_search", " google ", "cpc "),
    Arrival("paid_search", "bing", "ppc"),
    Arrival("paid_search", "baidu", "cpc"),
    Arrival("paid_search", "sogou", "cpa-cpc"),
    Arrival("paid_search", "yahoo", "paidsearch"),
    Arrival("paid_search", "duckduckgo", "retargeting"),
    Arrival("paid_search", "yandex", "cpm"),
    Arrival("paid_search", "naver", "paid"),
    # Paid Social.
    Arrival("paid_social", "facebook", "cpc"),
    Arrival("paid_social", "facebook.com", "paid"),
    Arrival("paid_social", "instagram", "ppc"),
    Arrival("paid_social", "linkedin", "cpc"),
    Arrival("paid_social", "tiktok", "paid_social"),
    Arrival("paid_social", "twitter", "cpc"),
    Arrival("paid_social", "pinterest", "cpc"),
    Arrival("paid_social", "weibo", "cpc"),
    Arrival("paid_social", "xiaohongshu", "cpc"),
    # Paid Video.
    Arrival("paid_video", "youtube", "cpc"),
    Arrival("paid_video", "vimeo", "ppc"),
    Arrival("paid_video", "bilibili", "cpc"),
    # Display: before Paid Other, so cpm of an unknown source is display.
    Arrival("display", "criteo", "display"),
    Arrival("display", "criteo", "banner"),
    Arrival("display", "criteo", "expandable"),
    Arrival("display", "criteo", "interstitial"),
    Arrival("display", "criteo", "cpm"),
    # Paid Other: a paid medium of any other source.
    Arrival("paid_other", "partner", "cpc"),
    Arrival("paid_other", "partner", "paid-post"),
    Arrival("paid_other", None, "cpc"),
    # Organic Shopping: a shopping site or campaign.
    Arrival("organic_shopping", "amazon", "referral"),
    Arrival("organic_shopping", "blog.example.net", "referral", "shop of the month"),
    # Organic Social: a social site, or a social medium.
    Arrival("organic_social", "facebook", "referral"),
    Arrival("organic_social", "t.co", "referral"),
    Arrival("organic_social", "partner", "social"),
    Arrival("organic_social", "partner", "social-network"),
    Arrival("organic_social", "partner", "social-media"),
    Arrival("organic_social", "partner", "social media"),
    Arrival("organic_social", "partner", "sm"),
    # Organic Video.
    Arrival("organic_video", "youtube", "referral"),
    Arrival("organic_video", "partner", "online video"),
    # Organic Search: a search engine, or medium organic.
    Arrival("organic_search", "google", "organic"),
    Arrival("organic_search", "bing", "referral"),
    Arrival("organic_search", "partner", "organic"),
    # Referral, Email, Affiliates, Audio, SMS, Mobile Push Notifications.
    Arrival("referral", "blog.example.net", "referral"),
    Arrival("referral", "partner", "app"),
    Arrival("referral", "partner", "link"),
    Arrival("email", "newsletter", "email"),
    Arrival("email", "newsletter", "e-mail"),
    Arrival("email", "newsletter", "e_mail"),
    Arrival("email", "newsletter", "e mail"),
    Arrival("email", "email", "newsletter"),
    Arrival("affiliates", "partner", "affiliate"),
    Arrival("audio", "podcast", "audio"),
    Arrival("sms", "crm", "sms"),
    Arrival("sms", "sms", "crm"),
    Arrival("mobile_push", "crm", "push"),
    Arrival("mobile_push", "crm", "web-push"),
    Arrival("mobile_push", "crm", "mobile-alert"),
    Arrival("mobile_push", "crm", "notification"),
    Arrival("mobile_push", "firebase", "crm"),
    Arrival("unassigned", "partner", "brochure"),
    Arrival("unassigned", "partner"),
    # Without tags: click ids and referrers, as in Google's automatic tagging.
    Arrival("paid_search", query="?gclid=Cj0KCQjw"),
    Arrival("paid_search", click_id="Cj0KCQjwxyz"),
    Arrival("paid_search", query="?msclkid=0123456789abcdef0123456789abcdef"),
    Arrival("paid_social", query="?ttclid=E.C.P.abc"),
    Arrival("display", query="?dclid=CN3"),
    Arrival("organic_social", query="?fbclid=IwAR0abc"),
    Arrival("email", "newsletter", "email", query="?gclid=Cj0KCQjw"),
    # A paid click id beats tags that say nothing, never a campaign's own; unpaid links carry fbclid too.
    Arrival("paid_search", "google", "organic", query="?gclid=Cj0KCQjw"),
    Arrival("paid_search", "(direct)", "(none)", query="?gclid=Cj0KCQjw"),
    Arrival("paid_search", "(direct)", "(not set)", "(direct)", query="?wbraid=x"),
    Arrival("paid_search", "bing.com", "referral", "(referral)", query="?msclkid=0123456789abcdef0123456789abcdef"),
    Arrival("paid_social", query="?utm_source=tiktok.com&utm_medium=referral&ttclid=E.C.P.abc"),
    Arrival("display", "Direct", click_id="dclid=CN3"),
    Arrival("organic_search", "google", "organic", "business profile", query="?gclid=Cj0KCQjw"),
    Arrival("referral", "partner", "referral", query="?gclid=Cj0KCQjw"),
    Arrival("organic_search", "google", "organic", query="?fbclid=IwAR0abc"),
    Arrival("direct", "(direct)", "(none)", query="?igshid=x"),
    Arrival("paid_search", query="?utm_source=google&utm_medium=cpc&utm_source=other"),
    Arrival("paid_search", query="?utm_source=goo%2567le&utm_medium=cpc"),
    Arrival("paid_search", query="?UTM_Source=google&UTM_Medium=cpc"),
    Arrival("direct", query="?utm_source=&utm_medium="),
    Arrival("paid_social", query="?utm_source=facebook&utm_medium=paid%2520social"),
    Arrival("paid_social", query="?utm_source=Facebook&utm_source=google&utm_medium=CPC&utm_medium=email"),
    Arrival("email", "NEWSLETTER", "EMAIL", "SPRING"),
    Arrival("direct", "null", "null"),
    Arrival("direct", "undefined", "undefined", "null"),
    Arrival("organic_search", referrer="https://www.google.com/"),
    Arrival("organic_search", referrer="https://www.google.co.uk/search?q=x"),
    Arrival("organic_search", referrer="https://m.baidu.com/s?wd=x"),
    Arrival("organic_search", referrer="https://search.yahoo.com/"),
    Arrival("organic_social", referrer="https://l.facebook.com/l.php?u=x"),
    Arrival("organic_social", referrer="https://tieba.baidu.com/p/1"),
    Arrival("organic_video", referrer="https://www.youtube.com/watch?v=x"),
    Arrival("organic_shopping", referrer="https://www.amazon.de/dp/x"),
    Arrival("referral", referrer="https://blog.example.net/post"),
    Arrival("direct", referrer="https://www.alipay.com/return"),
    Arrival("direct", referrer="https://www.paypal.com/checkoutnow"),
    Arrival("direct", referrer="https://checkout.stripe.com/c/pay/cs_1"),
    Arrival("direct", referrer="HTTPS://PAY.WEIXIN.QQ.COM/index"),
    Arrival("paid_search", "google", "cpc", referrer="https://www.paypal.com/checkoutnow"),
    Arrival("direct", referrer="https://shop.example/cart"),
    Arrival("direct", referrer="https://m.shop.example/cart"),
    # AI assistants, by tag and by referrer; what they are paid for is paid.
    Arrival("ai_assistant", "chatgpt.com"),
    Arrival("ai_assistant", "chatgpt.com", "referral"),
    Arrival("ai_assistant", "copilot", "organic"),
    Arrival("ai_assistant", query="?utm_source=chatgpt.com"),
    Arrival("ai_assistant", referrer="https://www.perplexity.ai/search/x"),
    Arrival("ai_assistant", referrer="https://gemini.google.com/app"),
    Arrival("ai_assistant", referrer="https://chat.deepseek.com/"),
    Arrival("ai_assistant", referrer="https://yiyan.baidu.com/chat"),
    Arrival("paid_other", "chatgpt.com", "cpc"),
    Arrival("referral", referrer="https://www.gemini.com/"),
    # The project's additions: a platform without a source; a paid source into the app is the paid channel.
    Arrival("app", platform="ios_app"),
    Arrival("app", platform="android_app"),
    Arrival("mini_program", platform="mini_program"),
    Arrival("marketplace", platform="marketplace"),
    Arrival("paid_search", "google", "cpc", platform="ios_app"),
    Arrival("email", "newsletter", "email", platform="mini_program"),
)


def add_channel_table(cases: Cases) -> None:
    """One session per arrival, each with its own visitor; its id is `h-` and the row number."""
    for number, arrival in enumerate(ARRIVALS):
        cases.count += 1
        cases.tables["sessions"].append(
            {
                "session_id": f"h-{number}",
                "visitor_id": f"h-v{number}",
                "started_at": datetime(2024, 5, 5, 12).isoformat(),
                "platform": arrival.platform,
                "landing_page_url": _PAGE + arrival.query,
                "referrer_url": arrival.referrer,
                "utm_source": arrival.source,
                "utm_medium": arrival.medium,
                "utm_campaign": arrival.campaign,
                "click_id": arrival.click_id,
            }
        )
