with amounts_left_out as (
    select * from {{ ref('int_amounts_left_out') }}
),

final as (
    select
        amount_left_out_id,
        record_type,
        source,
        ad_account_id,
        currency,
        reason,
        file_path,
        first_day,
        last_day,
        record_count,
        amount,
        settled_by
    from amounts_left_out
)

select * from final
