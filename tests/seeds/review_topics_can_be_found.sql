-- Texts are searched in small letters, English word by word: a keyword in capitals or of two words would never be
-- found, and its topic would look as if nobody complained of it.
with

review_topics as (
    select * from {{ ref('review_topics') }}
)

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
