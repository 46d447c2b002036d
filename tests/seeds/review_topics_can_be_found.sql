-- Texts are searched in lower case, English ones word by word. A keyword in upper case or of two words would never
-- match, and its topic would seem to have no complaints.
with

review_topics as (select * from {{ ref('review_topics') }})

select
    keyword,
    language,
    'expected small letters, without spaces, in English a to z alone' as what_is_wrong
from review_topics
where
    keyword <> lower(keyword)
    or keyword like '% %'
    or (language = 'en' and not {{ matches_pattern('keyword', "'[a-z]+'") }})
    or (language = 'zh' and {{ matches_pattern('keyword', "'.*[ -~].*'") }})
