-- What a page's figures rest on: each record with its value, its campaign family, and the critical
-- expectation its raw row failed, if any. Pipeline is worth its amount, spend its cost; leads count
-- one each and stand in where there is no pipeline.
with opportunities as (
    select * from {{ ref('int_opportunities_priced') }}
    where is_excluded is false
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where is_excluded is false
),

credits as (
    select * from {{ ref('int_credits_settled') }}
    -- A record belongs to the family of its first touch.
    where attribution_model = 'first_touch'
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

reports as (
    select * from {{ ref('stg_google_ads__campaign_reports') }}
),

ad_campaigns as (
    select * from {{ ref('int_ad_campaigns_matched') }}
),

failed_rows as (
    select * from {{ ref('stg_ops__failed_rows') }}
    where severity = 'critical'
),

failures as (
    select
        table_schema,
        table_name,
        file_id,
        row_number,
        min(expectation) as expectation
    from failed_rows
    group by table_schema, table_name, file_id, row_number
),

records as (
    select
        'pipeline' as value_basis,
        'raw_hubspot' as table_schema,
        'deals' as table_name,
        opportunities.file_id,
        opportunities.row_number,
        credits.campaign_key,
        coalesce(credits.channel, 'Unattributed') in ('Unattributed', 'Direct') as is_coverage_unknown,
        coalesce(opportunities.amount_reporting, 0) as record_value
    from opportunities
    left join conversions
        on opportunities.opportunity_id = conversions.opportunity_id and conversions.conversion_type = 'opportunity'
    left join credits on conversions.conversion_id = credits.conversion_id
    union all
    select
        'leads' as value_basis,
        'raw_hubspot' as table_schema,
        'contacts' as table_name,
        contacts.file_id,
        contacts.row_number,
        credits.campaign_key,
        coalesce(credits.channel, 'Unattributed') in ('Unattributed', 'Direct') as is_coverage_unknown,
        cast(1 as decimal(18, 2)) as record_value
    from contacts
    left join credits on contacts.contact_key = credits.contact_key and credits.conversion_type = 'lead'
    union all
    select
        'spend' as value_basis,
        'raw_google_ads' as table_schema,
        'campaign_report' as table_name,
        reports.file_id,
        reports.row_number,
        ad_campaigns.campaign_key,
        coalesce(ad_campaigns.is_registered, false) is false as is_coverage_unknown,
        coalesce(reports.spend, 0) as record_value
    from reports
    left join ad_campaigns
        on reports.ad_campaign_name = ad_campaigns.ad_campaign_name and reports.date_day = ad_campaigns.seen_on
),

final as (
    select
        records.value_basis,
        coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
        records.record_value,
        records.is_coverage_unknown,
        failures.expectation as failed_expectation
    from records
    left join campaigns on records.campaign_key = campaigns.campaign_key
    left join failures
        on
            records.table_schema = failures.table_schema
            and records.table_name = failures.table_name
            and records.file_id = failures.file_id
            and records.row_number = failures.row_number
)

select * from final
