-- The first rule of a set that a source, medium and campaign meet, in the seed's order, names the channel.
-- Mediums of links stand for themselves as well, of no source: a source that is known would hide one that is not.
with touches as (
    select * from {{ ref('int_touches_unioned') }}
),

tagged_pages as (
    select * from {{ ref('int_tagged_pages_parsed') }}
    where utm_medium is not null
),

source_categories as (
    select * from {{ ref('source_categories') }}
),

-- An empty cell demands nothing.
channel_rules as (
    select
        rule_set,
        rule_order,
        channel,
        nullif(source_category, '') as source_category,
        nullif(source_pattern, '') as source_pattern,
        nullif(medium_pattern, '') as medium_pattern,
        nullif(campaign_pattern, '') as campaign_pattern
    from {{ ref('channel_rules') }}
),

traffic_sources as (
    select
        source,
        medium,
        coalesce(campaign, '') as campaign
    from touches
    union
    select
        '' as source,
        lower(utm_medium) as medium,
        '' as campaign
    from tagged_pages
),

categorised as (
    select
        traffic_sources.*,
        coalesce(source_categories.category, '') as category
    from traffic_sources
    left join source_categories on traffic_sources.source = source_categories.source
),

matched as (
    select
        categorised.source,
        categorised.medium,
        categorised.campaign,
        channel_rules.rule_set,
        channel_rules.channel,
        channel_rules.rule_order
    from categorised
    inner join channel_rules
        on
            (channel_rules.source_category is null or categorised.category = channel_rules.source_category)
            and (
                channel_rules.source_pattern is null
                or {{ matches('categorised.source', 'channel_rules.source_pattern', ref('channel_rules')) }}
            )
            and (
                channel_rules.medium_pattern is null
                or {{ matches('categorised.medium', 'channel_rules.medium_pattern', ref('channel_rules')) }}
            )
            and (
                channel_rules.campaign_pattern is null
                or {{ matches('categorised.campaign', 'channel_rules.campaign_pattern', ref('channel_rules')) }}
            )
    qualify row_number() over (
        partition by categorised.source, categorised.medium, categorised.campaign, channel_rules.rule_set
        order by channel_rules.rule_order
    ) = 1
),

final as (
    select
        source,
        medium,
        campaign,
        max(case when rule_set = 'throughline' then channel end) as channel,
        max(case when rule_set = 'throughline' then rule_order end) as rule_order,
        max(case when rule_set = 'ga4' then channel end) as ga4_channel_group,
        max(case when rule_set = 'ga4' then rule_order end) as ga4_rule_order
    from matched
    group by source, medium, campaign
)

select * from final
