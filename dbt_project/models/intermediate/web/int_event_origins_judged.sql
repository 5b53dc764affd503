-- Patterns are held against the few hosts and browsers that occur, not against every event.
{{ config(materialized='view') }}

with events as (
    select * from {{ ref('int_web_events_unioned') }}
),

referrer_sources as (
    select * from {{ ref('referrer_sources') }}
),

traffic_exclusions as (
    select * from {{ ref('traffic_exclusions') }}
),

-- Empty stands for none, so that origins can be joined.
origins as (
    select distinct
        coalesce({{ url_host('page_location') }}, '') as page_host,
        {{ referrer_host() }} as referrer_host,
        coalesce(user_agent, '') as user_agent,
        coalesce(traffic_type, '') as traffic_type
    from events
),

judged as (
    select
        origins.*,
        referrer_sources.source as search_source,
        referrer_sources.medium as search_medium,
        regexp_replace(origins.page_host, '^www[.]', '') as own_domain,
        regexp_replace(origins.referrer_host, '^www[.]', '') as referrer_domain
    from origins
    left join referrer_sources
        on {{ matches('origins.referrer_host', 'referrer_sources.host_pattern', ref('referrer_sources')) }}
    qualify row_number() over (
        partition by origins.page_host, origins.referrer_host, origins.user_agent, origins.traffic_type
        order by referrer_sources.host_pattern
    ) = 1
),

-- One row per origin and reason that a rule names.
excluded as (
    select
        origins.page_host,
        origins.referrer_host,
        origins.user_agent,
        origins.traffic_type,
        min(
            case
                when traffic_exclusions.exclusion_reason <> 'self_referral' then traffic_exclusions.exclusion_reason
            end
        ) as exclusion_reason,
        bool_or(traffic_exclusions.exclusion_reason = 'self_referral') as is_self_referral
    from origins
    inner join traffic_exclusions
        on {{ matches("case traffic_exclusions.field
                when 'user_agent' then lower(origins.user_agent)
                when 'page_host' then origins.page_host
                when 'referrer_host' then origins.referrer_host
                when 'traffic_type' then lower(origins.traffic_type)
            end", 'traffic_exclusions.pattern', ref('traffic_exclusions')) }}
    group by origins.page_host, origins.referrer_host, origins.user_agent, origins.traffic_type
),

final as (
    select
        judged.page_host,
        judged.referrer_host,
        judged.user_agent,
        judged.traffic_type,
        judged.search_source,
        judged.search_medium,
        nullif(judged.referrer_domain, '') as referrer_domain,
        coalesce(
            excluded.is_self_referral
            or (
                judged.own_domain <> '' and judged.referrer_domain <> ''
                and (
                    judged.referrer_domain = judged.own_domain
                    or judged.referrer_domain like concat('%.', judged.own_domain)
                    or judged.own_domain like concat('%.', judged.referrer_domain)
                )
            ),
            false
        ) as is_self_referral,
        excluded.exclusion_reason
    from judged
    left join excluded
        on
            judged.page_host = excluded.page_host
            and judged.referrer_host = excluded.referrer_host
            and judged.user_agent = excluded.user_agent
            and judged.traffic_type = excluded.traffic_type
)

select * from final
