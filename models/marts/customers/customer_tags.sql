with

customers as (select * from {{ ref('customers') }}),

customer_spending_levels as (select * from {{ ref('int_customer_spending_levels') }}),

customer_tag_measures as (select * from {{ ref('int_customer_tag_measures') }}),

customer_tag_rules as (select * from {{ ref('customer_tag_rules') }}),

traits as (
    {%- for attribute in tag_attributes() %}
    select
        customer_id,
        '{{ attribute }}' as trait,
        {{ attribute }} as trait_value,
        cast(null as decimal(18, 4)) as measured
    from {{ 'customer_spending_levels' if attribute == 'spending_level' else 'customers' }}
    where {{ attribute }} is not null
    union all
    {%- endfor %}
    select customer_id, measure as trait, cast(null as {{ dbt.type_string() }}) as trait_value, measured
    from customer_tag_measures
),

given_tags as (
    select
        traits.customer_id,
        customer_tag_rules.tag_group,
        customer_tag_rules.tag,
        customer_tag_rules.label,
        customer_tag_rules.label_zh,
        case when customer_tag_rules.trait_value is null then traits.trait_value end as open_value,
        traits.measured
    from traits
    inner join customer_tag_rules on customer_tag_rules.trait = traits.trait
    where
        (traits.measured is null and {{ rule_holds('traits.trait_value', '=', 'customer_tag_rules.trait_value') }})
        or (
            traits.measured >= customer_tag_rules.measured_from
            and {{ rule_holds('traits.measured', '<', 'customer_tag_rules.measured_below') }}
        )
),

composites as (
    select
        customers.customer_id,
        coalesce(customers.city, customers.region) || '-' || customers.top_category as place_and_category,
        customer_spending_levels.spending_level,
        customer_spending_levels.label,
        customer_spending_levels.label_zh
    from customers
    inner join customer_spending_levels on customer_spending_levels.customer_id = customers.customer_id
),

tags as (
    select
        customer_id,
        tag_group,
        case when open_value is null then tag else tag || ':' || open_value end as tag,
        case when open_value is null then label else label || ': ' || open_value end as label,
        case when open_value is null then label_zh else label_zh || '：' || open_value end as label_zh,
        measured
    from given_tags
    union all
    select
        customer_id,
        'composite' as tag_group,
        place_and_category || '-' || spending_level as tag,
        place_and_category || '-' || label as label,
        place_and_category || '-' || label_zh as label_zh,
        cast(null as decimal(18, 4)) as measured
    from composites
    where place_and_category is not null
)

select
    tags.customer_id,
    tags.tag_group,
    tags.tag,
    tags.label,
    tags.label_zh,
    tags.measured
from tags
inner join customers on customers.customer_id = tags.customer_id
where customers.is_known_customer
