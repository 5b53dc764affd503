-- What was declared against what was done (S2-3). Sets differ by 1 − Jaccard, a split of money by the
-- total variation, a page is the declared one or not. Where nothing that was done tells it, it is unknown.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

campaign_goals as (
    select * from {{ ref('int_campaign_goals') }}
),

briefs as (
    select
        scored.campaign_key,
        staged.for_whom,
        staged.what_offer,
        {{ budget_of_brief('staged') }} as budget
    from {{ ref('int_campaign_briefs_scored') }} as scored
    inner join {{ ref('stg_templates__campaign_briefs') }} as staged
        on scored.brief_id = staged.brief_id and scored.version = staged.version
    where scored.is_latest_version
),

executions as (
    select * from {{ ref('int_campaign_executions') }}
    where is_executed
),

ad_spend as (
    select
        campaign_key,
        sum(spend_reporting) as spend
    from {{ ref('int_ad_spend_daily') }}
    group by campaign_key
),

parameters as (
    select {{ analysis_parameter('drift_tolerance') }}
    from {{ ref('analysis_parameters') }}
),

declared_texts as (
    select
        campaigns.campaign_key,
        'audience' as attribute,
        briefs.for_whom as declared
    from campaigns
    inner join briefs on campaigns.campaign_key = briefs.campaign_key
    union all
    select
        campaigns.campaign_key,
        'offer' as attribute,
        briefs.what_offer as declared
    from campaigns
    inner join briefs on campaigns.campaign_key = briefs.campaign_key
    union all
    select
        campaign_key,
        'channel' as attribute,
        lower(concat(utm_source, '/', utm_medium)) as declared
    from campaigns
    where utm_source is not null and utm_medium is not null
    union all
    select
        campaign_key,
        'landing_page' as attribute,
        {{ page_of_url('landing_page_url') }} as declared
    from campaigns
),

declared_parts as (
    select
        campaign_key,
        attribute,
        {{ split_rows('declared', ';') }} as part
    from declared_texts
    where attribute <> 'landing_page'
),

declared_sets as (
    select distinct
        campaign_key,
        attribute,
        case when attribute = 'channel' then trim(part) else {{ normalised_slug('part') }} end as declared_value
    from declared_parts
    where trim(part) <> ''
),

executed_sets as (
    select * from executions
    where attribute <> 'landing_page'
),

paired as (
    select
        coalesce(declared_sets.campaign_key, executed_sets.campaign_key) as campaign_key,
        coalesce(declared_sets.attribute, executed_sets.attribute) as attribute,
        declared_sets.campaign_key is not null as is_declared,
        executed_sets.campaign_key is not null as is_executed
    from declared_sets
    full outer join executed_sets
        on
            declared_sets.campaign_key = executed_sets.campaign_key
            and declared_sets.attribute = executed_sets.attribute
            and declared_sets.declared_value = executed_sets.executed_value
),

-- Of what is declared or done the share that is not both.
sets_compared as (
    select
        campaign_key,
        attribute,
        case
            when max(case when is_declared then 1 else 0 end) = 1 and max(case when is_executed then 1 else 0 end) = 1
                then
                    1 - cast(sum(case when is_declared and is_executed then 1 else 0 end) as double)
                    / cast(count(*) as double)
        end as drift
    from paired
    group by campaign_key, attribute
),

most_frequent as (
    select * from executions
    where is_most_frequent
),

pages_compared as (
    select
        declared_texts.campaign_key,
        'landing_page' as attribute,
        cast(case
            when declared_texts.declared = most_frequent.executed_value then 0
            when declared_texts.declared <> most_frequent.executed_value then 1
        end as double) as drift
    from declared_texts
    left join most_frequent
        on declared_texts.campaign_key = most_frequent.campaign_key and most_frequent.attribute = 'landing_page'
    where declared_texts.attribute = 'landing_page'
),

-- Of an objective's campaigns: how the budgets of their briefs split, and how the money did. A campaign
-- of several objectives is in the split of each, with all of its money.
budgets as (
    select
        campaign_goals.campaign_key,
        campaign_goals.goal_id,
        {{ ratio('briefs.budget', 'sum(briefs.budget) over (partition by campaign_goals.goal_id)') }} as declared_share,
        {{ ratio(
            'coalesce(ad_spend.spend, 0)', 'sum(coalesce(ad_spend.spend, 0)) over (partition by campaign_goals.goal_id)'
        ) }} as executed_share
    from campaign_goals
    inner join campaigns_live on campaign_goals.campaign_key = campaigns_live.campaign_key
    inner join briefs on campaign_goals.campaign_key = briefs.campaign_key
    left join ad_spend on campaign_goals.campaign_key = ad_spend.campaign_key
    -- Nothing was to be spent: what is spent drifts.
    where briefs.budget >= 0
),

budgets_compared as (
    select
        campaign_key,
        'budget_split' as attribute,
        goal_id,
        declared_share,
        executed_share,
        cast(
            {{ decimal_sum('abs(declared_share - executed_share)') }} over (partition by goal_id) as double
        ) / 2 as drift
    from budgets
),

attributes as (
    select
        campaign_key,
        attribute,
        cast(null as {{ dbt.type_string() }}) as goal_id,
        cast(null as double) as declared_share,
        cast(null as double) as executed_share,
        drift
    from sets_compared
    union all
    select
        campaign_key,
        attribute,
        cast(null as {{ dbt.type_string() }}) as goal_id,
        cast(null as double) as declared_share,
        cast(null as double) as executed_share,
        drift
    from pages_compared
    union all
    select
        campaign_key,
        attribute,
        goal_id,
        declared_share,
        executed_share,
        drift
    from budgets_compared
),

final as (
    select
        {{ surrogate_key(['attributes.campaign_key', 'attributes.attribute', 'attributes.goal_id']) }}
            as intent_drift_id,
        attributes.campaign_key,
        attributes.attribute,
        attributes.goal_id,
        {{ masked('declared_texts.declared') }} as declared,
        {{ masked('most_frequent.executed_value') }} as executed,
        attributes.declared_share,
        attributes.executed_share,
        round(attributes.drift, 6) as drift,
        attributes.drift is not null as is_known,
        coalesce(round(attributes.drift, 6) > parameters.drift_tolerance, false) as is_drifted
    from attributes
    inner join campaigns_live on attributes.campaign_key = campaigns_live.campaign_key
    cross join parameters
    left join declared_texts
        on attributes.campaign_key = declared_texts.campaign_key and attributes.attribute = declared_texts.attribute
    left join most_frequent
        on attributes.campaign_key = most_frequent.campaign_key and attributes.attribute = most_frequent.attribute
)

select * from final
