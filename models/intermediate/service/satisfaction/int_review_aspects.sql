with

stg_reviews as (select * from {{ ref('stg_reviews') }}),

review_topics as (select * from {{ ref('review_topics') }}),

distinct_texts as (
    select distinct review_text from stg_reviews where review_text is not null
),

-- English keywords match whole words, between spaces; Chinese text has no spaces, so they match anywhere.
searched_texts as (
    select
        review_text,
        lower(review_text) as small_text,
        ' ' || {{ replaced_all('lower(review_text)', '[^a-z]+', ' ') }} || ' ' as small_words
    from distinct_texts
),

text_aspects as (
    select distinct
        searched_texts.review_text,
        review_topics.aspect
    from searched_texts
    cross join review_topics
    where
        case
            when review_topics.language = 'en'
                then position(' ' || review_topics.keyword || ' ' in searched_texts.small_words)
            else position(review_topics.keyword in searched_texts.small_text)
        end > 0
)

select
    stg_reviews.review_id,
    text_aspects.aspect
from stg_reviews
inner join text_aspects on text_aspects.review_text = stg_reviews.review_text
