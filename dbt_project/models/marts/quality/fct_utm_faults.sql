-- What is wrong with the tags of links, as they were sent: nothing is repaired here. A link is what its
-- five parameters say; where a page sends them again and again, it is one.
with tagged_pages as (
    select * from {{ ref('int_tagged_pages_parsed') }}
),

utm_sources as (
    select * from {{ ref('utm_sources') }}
),

source_categories as (
    select * from {{ ref('source_categories') }}
),

-- What a medium says by itself.
mediums as (
    select
        medium,
        channel
    from {{ ref('int_traffic_sources_classified') }}
    where source = '' and campaign = ''
),

slugs as (
    select distinct slug from {{ ref('int_campaign_slugs') }}
    where is_registered
),

links as (
    select
        link_key,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        utm_term,
        cast(sum(page_view_count) as bigint) as page_view_count,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from tagged_pages
    group by link_key, utm_source, utm_medium, utm_campaign, utm_content, utm_term
),

-- What people search for is in their words: a term may have spaces and capitals.
tagged as (
    {% for parameter in ['source', 'medium', 'campaign', 'content'] -%}
    select
        link_key,
        'utm_{{ parameter }}' as utm_parameter,
        utm_{{ parameter }} as utm_value
    from links
    where utm_{{ parameter }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Links of one placement: what only the content tells apart.
variants as (
    select
        link_key,
        utm_content,
        lower(concat_ws('|', utm_source, coalesce(utm_medium, ''), utm_campaign)) as placement,
        {{ normalised_slug('utm_content') }} as variant
    from links
    where utm_source is not null and utm_campaign is not null
),

placements as (
    select
        placement,
        max(case when variant is not null then 1 else 0 end) = 1 as is_told_apart
    from variants
    group by placement
),

spellings as (
    select
        placement,
        variant
    from variants
    where variant is not null
    group by placement, variant
    having count(distinct utm_content) > 1
),

faults as (
    select
        link_key,
        utm_parameter,
        'not_lower_case' as fault
    from tagged
    where utm_value <> lower(utm_value)
    union all
    select
        link_key,
        utm_parameter,
        'not_hyphenated' as fault
    from tagged
    where {{ matches('utm_value', "'[ _+]'") }}
    union all
    select
        link_key,
        utm_parameter,
        'odd_hyphens' as fault
    from tagged
    where {{ matches('utm_value', "'^-|-$|--'") }}
    union all
    select
        link_key,
        utm_parameter,
        'unfilled_placeholder' as fault
    from tagged
    where {{ matches('utm_value', "'[{}]'") }}
    union all
    -- Sources and mediums have their lists, where a host stands as it is; braces are a fault of their own.
    select
        link_key,
        utm_parameter,
        'odd_characters' as fault
    from tagged
    where
        utm_parameter in ('utm_campaign', 'utm_content')
        and {{ matches('utm_value', "'[^A-Za-z0-9 _+-]'") }}
        and not {{ matches('utm_value', "'[{}]'") }}
    union all
    select
        links.link_key,
        'utm_term' as utm_parameter,
        'term_without_search' as fault
    from links
    left join source_categories on lower(links.utm_source) = source_categories.source
    where
        links.utm_term is not null
        and not (coalesce(lower(links.utm_medium), '') = 'cpc' and coalesce(source_categories.category, '') = 'search')
    union all
    select
        links.link_key,
        'utm_source' as utm_parameter,
        'unknown_source' as fault
    from links
    left join utm_sources
        on
            lower(links.utm_source) = utm_sources.utm_source
            and coalesce({{ reporting_day('links.last_seen_at') }} >= utm_sources.valid_from, true)
            and coalesce({{ reporting_day('links.last_seen_at') }} <= utm_sources.valid_to, true)
    where links.utm_source is not null and utm_sources.utm_source is null
    union all
    select
        links.link_key,
        'utm_medium' as utm_parameter,
        'unknown_medium' as fault
    from links
    inner join mediums on lower(links.utm_medium) = mediums.medium
    where mediums.channel = 'Unassigned'
    union all
    -- Beside variants that have a name, one without is told apart from nothing.
    select
        variants.link_key,
        'utm_content' as utm_parameter,
        'variant_unnamed' as fault
    from variants
    inner join placements on variants.placement = placements.placement
    where variants.utm_content is null and placements.is_told_apart
    union all
    select
        variants.link_key,
        'utm_content' as utm_parameter,
        'variant_spelt_twice' as fault
    from variants
    inner join spellings on variants.placement = spellings.placement and variants.variant = spellings.variant
    union all
    select
        links.link_key,
        'utm_campaign' as utm_parameter,
        'not_registered' as fault
    from links
    left join slugs on {{ normalised_slug('links.utm_campaign') }} = slugs.slug
    where links.utm_campaign is not null and slugs.slug is null
    union all
    select
        link_key,
        'utm_campaign' as utm_parameter,
        'missing' as fault
    from links
    where utm_campaign is null
    union all
    select
        link_key,
        'utm_source' as utm_parameter,
        'missing' as fault
    from links
    where utm_source is null
    union all
    select
        link_key,
        'utm_medium' as utm_parameter,
        'missing' as fault
    from links
    where utm_medium is null
),

final as (
    select
        {{ surrogate_key(['faults.link_key', 'faults.utm_parameter', 'faults.fault']) }} as utm_fault_id,
        links.link_key,
        faults.utm_parameter,
        faults.fault,
        {{ masked('links.utm_source') }} as utm_source,
        {{ masked('links.utm_medium') }} as utm_medium,
        {{ masked('links.utm_campaign') }} as utm_campaign,
        {{ masked('links.utm_content') }} as utm_content,
        {{ masked('links.utm_term') }} as utm_term,
        links.page_view_count,
        links.first_seen_at,
        links.last_seen_at
    from faults
    inner join links on faults.link_key = links.link_key
)

select * from final
