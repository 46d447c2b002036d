"""The sample shop's assortment: category, then subcategory | name | list price in CNY. Brands are invented."""

from __future__ import annotations

from typing import Final

BRANDS: Final[dict[str, tuple[str, ...]]] = {
    "beauty": ("Yunshu", "Lumière", "Qingya", "Moon & Dew"),
    "clothing": ("Northloom", "Suwan", "Daylight", "Wuyue"),
    "digital": ("Kestrel", "Tianwei", "Halo", "Orbit"),
    "sports": ("Peakline", "Feiyan", "Stride", "Lanhu"),
    "home": ("Mujing", "Hearthside", "Anju", "Birchwood"),
    "daily_goods": ("Jiejie", "Softleaf", "Qingxin", "Bluecap"),
    "food": ("Shanye", "Old Alley", "Grain & Co", "Tiantian"),
    "books": ("Lantern Press", "Citic Yard", "Blue Heron", "Xinzhi"),
    "baby": ("Xiaohe", "Tender", "Bearcub", "Miaomiao"),
}

ASSORTMENT: Final[dict[str, str]] = {
    "beauty": """
        skin_care | Amino Acid Cleanser 氨基酸洁面乳 120g | 128
        skin_care | Hydrating Toner 保湿爽肤水 200ml | 98
        skin_care | Repair Serum 修护精华 30ml | 329
        skin_care | Night Cream 晚霜 50g | 269
        skin_care | Sheet Mask Box 面膜 10片 | 79
        make_up | Velvet Lipstick 丝绒口红 | 159
        make_up | Cushion Foundation 气垫 15g | 219
        make_up | Eyeshadow Palette 眼影盘 | 189
        hair_care | Camellia Shampoo 山茶洗发水 500ml | 69
        hair_care | Camellia Conditioner 山茶护发素 500ml | 65
        fragrance | Osmanthus Eau de Parfum 桂花香水 50ml | 498
        sun_care | Sunscreen SPF50 防晒霜 60ml | 118
    """,
    "clothing": """
        tops | Cotton T-Shirt 纯棉T恤 | 79
        tops | Oxford Shirt 牛津纺衬衫 | 159
        tops | Wool Sweater 羊毛衫 | 369
        dresses | Linen Dress 亚麻连衣裙 | 289
        dresses | Silk Slip Dress 真丝吊带裙 | 529
        bottoms | Straight Jeans 直筒牛仔裤 | 219
        bottoms | Pleated Skirt 百褶裙 | 179
        outerwear | Down Jacket 羽绒服 | 799
        outerwear | Trench Coat 风衣 | 459
        shoes | Canvas Shoes 帆布鞋 | 139
        accessories | Cotton Socks 棉袜 5双 | 39
        accessories | Leather Belt 皮带 | 119
    """,
    "digital": """
        audio | Wireless Earbuds 无线耳机 | 299
        audio | Noise-Cancelling Headphones 降噪耳机 | 899
        audio | Bluetooth Speaker 蓝牙音箱 | 399
        wearables | Fitness Band 智能手环 | 229
        wearables | Smart Watch 智能手表 | 1299
        computing | Mechanical Keyboard 机械键盘 | 459
        computing | Wireless Mouse 无线鼠标 | 99
        computing | 27-inch Monitor 27寸显示器 | 1499
        phones | Phone Case 手机壳 | 49
        phones | Power Bank 20000mAh 充电宝 | 139
        phones | Fast Charger 65W 快充头 | 119
        photography | Action Camera 运动相机 | 1899
    """,
    "sports": """
        running | Running Shoes 跑步鞋 | 469
        running | Running Shorts 跑步短裤 | 99
        fitness | Yoga Mat 瑜伽垫 | 129
        fitness | Adjustable Dumbbells 可调哑铃 | 599
        fitness | Resistance Bands 弹力带 | 59
        fitness | Sports Bottle 运动水壶 750ml | 79
        outdoor | Trekking Backpack 登山包 40L | 389
        outdoor | Two-Person Tent 双人帐篷 | 699
        outdoor | Camping Lantern 露营灯 | 149
        ball_sports | Basketball 篮球 7号 | 169
        ball_sports | Badminton Set 羽毛球拍 | 259
        cycling | Cycling Helmet 骑行头盔 | 219
    """,
    "home": """
        bedding | Cotton Duvet Cover 纯棉四件套 | 399
        bedding | Memory Pillow 记忆枕 | 169
        bedding | Silk Quilt 蚕丝被 | 899
        kitchen | Cast Iron Wok 铸铁炒锅 | 259
        kitchen | Knife Set 刀具套装 | 329
        kitchen | Glass Storage Box 玻璃保鲜盒 | 89
        appliances | Air Fryer 空气炸锅 | 499
        appliances | Robot Vacuum 扫地机器人 | 1699
        appliances | Humidifier 加湿器 | 229
        furniture | Folding Desk 折叠桌 | 359
        furniture | Bedside Lamp 床头灯 | 129
        storage | Fabric Storage Bin 布艺收纳箱 | 69
    """,
    "daily_goods": """
        paper | Facial Tissue 抽纸 24包 | 39.9
        paper | Toilet Roll 卷纸 27卷 | 49.9
        laundry | Laundry Liquid 洗衣液 3kg | 45.9
        laundry | Laundry Pods 洗衣凝珠 52颗 | 69.9
        oral_care | Electric Toothbrush Heads 牙刷头 4支 | 59
        oral_care | Toothpaste 牙膏 3支 | 35.9
        cleaning | Dish Soap 洗洁精 1.5kg | 19.9
        cleaning | Kitchen Cleaner 油污净 2瓶 | 29.9
        cleaning | Disinfectant 消毒液 2L | 33.9
        personal | Hand Soap 洗手液 3瓶 | 27.9
        personal | Body Wash 沐浴露 1L | 42.9
        personal | Cotton Pads 化妆棉 600片 | 22.9
    """,
    "food": """
        coffee | Ground Coffee 咖啡粉 454g | 69
        tea | Longjing Tea 龙井茶 100g | 168
        tea | Pu'er Cake 普洱茶饼 357g | 239
        snacks | Mixed Nuts 每日坚果 30包 | 99
        snacks | Egg Rolls 蛋卷礼盒 | 59
        snacks | Beef Jerky 牛肉干 500g | 109
        staples | Northeast Rice 东北大米 5kg | 46
        staples | Rapeseed Oil 菜籽油 5L | 89
        fresh | Red Fuji Apples 红富士苹果 5kg | 55
        fresh | Frozen Dumplings 速冻水饺 1kg | 32
        gifts | New Year Gift Box 年货礼盒 | 199
        drinks | Oat Milk 燕麦奶 12盒 | 79
    """,
    "books": """
        novels | The Three Rivers 三江口 | 49
        novels | Night Ferry 夜航船 | 42
        novels | Collected Stories 短篇小说集 3册 | 118
        study | Middle School Workbook 初中练习册 | 36
        study | University English 大学英语 | 45
        study | Graduate Exam Set 考研全套 | 189
        study | Dictionary 现代汉语词典 | 109
        business | Pricing in Practice 定价实务 | 68
        business | The Patient Founder 创业手记 | 59
        children | Picture Books 绘本 10册 | 128
        leisure | Trail Running 越野跑 | 56
        leisure | Home Cooking 家常菜 | 39
    """,
    "baby": """
        diapers | Diapers L 纸尿裤 L 120片 | 159
        diapers | Baby Wipes 婴儿湿巾 12包 | 69
        feeding | Infant Formula 婴儿奶粉 900g | 298
        feeding | Baby Bottle 奶瓶 | 99
        toys | Building Blocks 积木 200块 | 139
        toys | Plush Rabbit 毛绒兔 | 89
        clothes | Baby Bodysuit 连体衣 3件 | 119
        travel | Stroller 婴儿推车 | 899
        travel | Child Car Seat 安全座椅 | 1099
        care | Baby Lotion 婴儿润肤露 | 79
        care | Baby Bath 婴儿浴盆 | 129
        learning | Story Machine 故事机 | 199
    """,
}
