-- Which campaigns reach the same people shortly after one another (S4-39).
with touches as (
    select * from {{ ref('int_touches_resolved') }}
    where contact_key is not null and campaign_key is not null
),

thresholds as (
    select max(threshold_value) as overlap_days
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'audience_overlap_days'
),

touch_days as (
    select distinct
        contact_key,
        campaign_key,
        {{ reporting_day('touched_at') }} as touched_on
    from touches
),

reached as (
    select
        campaign_key,
        cast(count(distinct contact_key) as bigint) as contact_count
    from touch_days
    group by campaign_key
),

met as (
    select
        one.campaign_key,
        other.campaign_key as other_campaign_key,
        one.contact_key,
        min(abs({{ days_between('one.touched_on', 'other.touched_on') }})) as days_apart
    from touch_days as one
    inner join touch_days as other
        on one.contact_key = other.contact_key and one.campaign_key < other.campaign_key
    group by one.campaign_key, other.campaign_key, one.contact_key
),

judged as (
    select
        met.campaign_key,
        met.other_campaign_key,
        met.contact_key,
        met.days_apart <= thresholds.overlap_days as is_overlapping
    from met
    cross join thresholds
),

paired as (
    select
        campaign_key,
        other_campaign_key,
        cast(count(*) as bigint) as common_contact_count,
        cast(count(case when is_overlapping then 1 end) as bigint) as overlapping_contact_count
    from judged
    group by campaign_key, other_campaign_key
),

everybody as (
    select
        cast(count(distinct touch_days.contact_key) as bigint) as touched_contact_count,
        cast(count(distinct judged.contact_key) as bigint) as any_overlapping_contact_count
    from touch_days
    left join judged on touch_days.contact_key = judged.contact_key and judged.is_overlapping
),

final as (
    select
        {{ surrogate_key(['paired.campaign_key', 'paired.other_campaign_key']) }} as campaign_pair_id,
        paired.campaign_key,
        paired.other_campaign_key,
        one.contact_count,
        other.contact_count as other_contact_count,
        paired.common_contact_count,
        paired.overlapping_contact_count,
        {{ ratio(
            'paired.overlapping_contact_count',
            'one.contact_count + other.contact_count - paired.common_contact_count'
        ) }} as overlap_rate,
        everybody.touched_contact_count,
        everybody.any_overlapping_contact_count,
        {{ ratio('everybody.any_overlapping_contact_count', 'everybody.touched_contact_count') }} as any_overlap_rate
    from paired
    cross join everybody
    inner join reached as one on paired.campaign_key = one.campaign_key
    inner join reached as other on paired.other_campaign_key = other.campaign_key
    -- Who met one campaign in spring and another in autumn was not bothered by both.
    where paired.overlapping_contact_count > 0
)

select * from final
