-- A ticket in no row is missing from every rate. Topics must add up to the tickets of the month.
with

support_performance as (select * from {{ ref('support_performance') }}),

stg_support_tickets as (select * from {{ ref('stg_support_tickets') }}),

months as (
    select
        month,
        sum(tickets) as tickets,
        min(month_tickets) as fewest_month_tickets,
        max(month_tickets) as most_month_tickets,
        sum(complaints) as complaints
    from support_performance
    group by month
),

opened_months as (
    select
        {{ month_of(local_date('opened_at')) }} as month,
        count(*) as tickets,
        count(*) filter (where is_complaint) as complaints
    from stg_support_tickets
    group by {{ month_of(local_date('opened_at')) }}
)

select
    coalesce(months.month, opened_months.month) as month,
    months.tickets,
    opened_months.tickets as opened_tickets,
    months.complaints,
    opened_months.complaints as opened_complaints
from months
full join opened_months on opened_months.month = months.month
where
    months.tickets is distinct from opened_months.tickets
    or months.fewest_month_tickets is distinct from opened_months.tickets
    or months.most_month_tickets is distinct from opened_months.tickets
    or coalesce(months.complaints, 0) <> coalesce(opened_months.complaints, 0)
