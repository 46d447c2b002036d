"""Cities of the sample shop by tier, with their region."""

from __future__ import annotations

from typing import Final

CITIES: Final[dict[str, dict[str, str]]] = {
    "tier_1": {"Beijing": "North", "Shanghai": "East", "Guangzhou": "South", "Shenzhen": "South"},
    "new_tier_1": {
        "Chengdu": "Southwest", "Hangzhou": "East", "Chongqing": "Southwest", "Wuhan": "Central",
        "Suzhou": "East", "Xi'an": "Northwest", "Nanjing": "East", "Changsha": "Central",
        "Tianjin": "North", "Zhengzhou": "Central", "Qingdao": "East", "Shenyang": "Northeast",
    },
    "tier_2": {
        "Kunming": "Southwest", "Dalian": "Northeast", "Xiamen": "South", "Harbin": "Northeast",
        "Jinan": "East", "Fuzhou": "South", "Nanning": "South", "Guiyang": "Southwest",
        "Shijiazhuang": "North", "Changchun": "Northeast", "Lanzhou": "Northwest", "Nanchang": "Central",
    },
    "lower": {
        "Weifang": "East", "Luoyang": "Central", "Mianyang": "Southwest", "Zunyi": "Southwest",
        "Xiangyang": "Central", "Jilin": "Northeast", "Daqing": "Northeast", "Guilin": "South",
        "Ganzhou": "Central", "Yangzhou": "East", "Baotou": "North", "Lijiang": "Southwest",
    },
}  # fmt: skip
