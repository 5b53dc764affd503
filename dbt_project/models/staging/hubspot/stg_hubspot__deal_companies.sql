with deal_companies as (
    select * from {{ source('current_hubspot', 'deal_companies') }}
),

final as (
    select
        trim(deal_id) as crm_deal_id,
        trim(company_id) as crm_account_id,
        {{ clean_text('type_id') }} as association_type_id,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deal_companies
)

select * from final
