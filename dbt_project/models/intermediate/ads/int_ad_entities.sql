{%- set histories = [
    'stg_google_ads__campaigns_csv',
    'stg_linkedin_ads__campaigns',
    'stg_linkedin_ads__campaigns_csv',
    'stg_linkedin_ads__creatives',
    'stg_linkedin_ads__creatives_csv',
    'stg_meta_ads__entities_csv',
    'stg_microsoft_ads__campaigns_csv',
    'stg_tiktok_ads__entities',
    'stg_tiktok_ads__entities_csv',
] -%}

-- Names and places of what reports know by number: of every version the newest.
with versions as (
    {%- for model in histories %}
    select
        '{{ model[4:].split("__")[0] }}' as platform,
        '{{ model }}' as source_model,
        *
    from {{ ref(model) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        platform,
        entity_level,
        entity_id,
        entity_name,
        entity_type,
        ad_account_id,
        ad_campaign_id
    from versions
    where entity_id is not null
    qualify row_number() over (
        partition by platform, entity_level, entity_id
        order by updated_at desc nulls last, ingested_at desc, source_model desc, file_id desc, row_number desc
    ) = 1
)

select * from final
