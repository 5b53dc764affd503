-- One row per brief version with the campaign it plans: slugs recur, so among the campaigns of its
-- utm_campaign the one valid on the planned launch date wins, else the one that starts nearest.
with briefs as (
    select * from {{ ref('stg_templates__campaign_briefs') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

dated as (
    select
        brief_id,
        version,
        utm_campaign,
        coalesce(planned_launch_date, cast(submitted_at as date)) as planned_on
    from briefs
),

final as (
    select
        dated.brief_id,
        dated.version,
        campaigns.campaign_key
    from dated
    inner join campaigns
        on dated.utm_campaign = campaigns.utm_campaign
    qualify row_number() over (
        partition by dated.brief_id, dated.version
        order by
            case
                when
                    dated.planned_on >= campaigns.valid_from_date
                    and dated.planned_on <= coalesce(campaigns.valid_to_date, dated.planned_on)
                    then 0
                else 1
            end,
            abs({{ days_between('dated.planned_on', 'campaigns.valid_from_date') }}) nulls last,
            campaigns.campaign_key
    ) = 1
)

select * from final
