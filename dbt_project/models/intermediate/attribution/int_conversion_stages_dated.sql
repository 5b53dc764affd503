-- The stages on the way to each conversion that w_shaped and full_path hold on to: when its lead was
-- created and whose it was, when its opportunity was, and when it was won. A stage after the
-- conversion has not happened yet; a lead from before the lookback belongs to another journey.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

leads as (
    select
        contact_key,
        account_key,
        converted_at as lead_at,
        converted_until_at as lead_until_at
    from conversions
    where conversion_type = 'lead'
),

opportunities as (
    select
        opportunity_id,
        converted_at as opportunity_at,
        converted_until_at as opportunity_until_at
    from conversions
    where conversion_type = 'opportunity'
),

candidates as (
    select
        conversions.conversion_no,
        conversions.converted_at,
        conversions.converted_until_at,
        leads.contact_key,
        leads.lead_at,
        leads.lead_until_at
    from conversions
    inner join leads on conversions.contact_key = leads.contact_key
    where conversions.credit_scope = 'contact'
    union all
    select
        conversions.conversion_no,
        conversions.converted_at,
        conversions.converted_until_at,
        leads.contact_key,
        leads.lead_at,
        leads.lead_until_at
    from conversions
    inner join leads on conversions.account_key = leads.account_key
    where conversions.credit_scope = 'account'
),

-- The account's first contact to become a lead on this way.
conversion_leads as (
    select
        conversion_no,
        contact_key,
        lead_until_at
    from candidates
    where
        lead_at <= converted_until_at
        and {{ epoch_us('converted_at') }} - {{ epoch_us('lead_at') }}
        <= {{ var('attribution_lookback_days') }} * cast(86400000000 as bigint)
    qualify row_number() over (partition by conversion_no order by lead_at, contact_key) = 1
),

final as (
    select
        conversions.conversion_no,
        {{ person_no('conversion_leads.contact_key') }} as lead_person_no,
        conversion_leads.lead_until_at,
        case
            when opportunities.opportunity_at <= conversions.converted_until_at
                then opportunities.opportunity_until_at
        end as opportunity_until_at,
        case when conversions.conversion_type = 'closed_won' then conversions.converted_until_at end
            as closed_won_until_at
    from conversions
    left join conversion_leads on conversions.conversion_no = conversion_leads.conversion_no
    left join opportunities on conversions.opportunity_id = opportunities.opportunity_id
)

select * from final
