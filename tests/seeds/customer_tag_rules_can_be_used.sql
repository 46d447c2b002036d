-- A tag with a misspelt trait or an inverted range would silently match no customer.
with

customer_tag_rules as (select * from {{ ref('customer_tag_rules') }}),

checked_rules as (
    select
        tag,
        trait,
        case
            when trait in ('{{ tag_attributes() | join("', '") }}')
                then
                    case
                        when measured_from is not null or measured_below is not null
                            then 'an attribute has no range'
                    end
            when trait is null or trait not in ('{{ tag_measures() | join("', '") }}') then 'no such trait'
            when trait_value is not null then 'a measure has a range, not a value'
            when measured_from is null then 'measured_from is missing'
            when measured_below <= measured_from then 'inverted range: measured_from, measured_below'
        end as what_is_wrong
    from customer_tag_rules
)

select
    tag,
    trait,
    what_is_wrong
from checked_rules
where what_is_wrong is not null
