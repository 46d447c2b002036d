select
    'orders' as table_name,
    (select cast(count(*) as bigint) from {{ source('raw', 'orders') }}) as rows_in,
    (select cast(count(*) as bigint) from {{ ref('int_orders') }}) as staged,
    cast(0 as bigint) as duplicates,
    cast(0 as bigint) as quarantined
