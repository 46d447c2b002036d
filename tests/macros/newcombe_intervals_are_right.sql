-- The published examples of Newcombe (1998), table II, method 10, to the four places in which they are printed.
with

examples as (
    select
        56 as hits,
        70 as trials,
        48 as other_hits,
        80 as other_trials,
        524 as low,
        3339 as high
    union all
    select
        9 as hits,
        10 as trials,
        3 as other_hits,
        10 as other_trials,
        1705 as low,
        8090 as high
    union all
    select
        10 as hits,
        10 as trials,
        0 as other_hits,
        20 as other_trials,
        6791 as low,
        10000 as high
),

shares as (
    select
        low,
        high,
        {{ rounded_ratio('hits', 'trials') }} as share,
        {{ wilson_low('hits', 'trials') }} as share_low,
        {{ wilson_high('hits', 'trials') }} as share_high,
        {{ rounded_ratio('other_hits', 'other_trials') }} as other,
        {{ wilson_low('other_hits', 'other_trials') }} as other_low,
        {{ wilson_high('other_hits', 'other_trials') }} as other_high
    from examples
),

intervals as (
    select
        low,
        high,
        {{ newcombe_low('share', 'share_low', 'share_high', 'other', 'other_low', 'other_high') }} as found_low,
        {{ newcombe_high('share', 'share_low', 'share_high', 'other', 'other_low', 'other_high') }} as found_high
    from shares
)

select *
from intervals
where round(10000 * found_low) <> low or round(10000 * found_high) <> high
