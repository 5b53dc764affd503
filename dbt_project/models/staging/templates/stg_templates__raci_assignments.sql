with raci_assignments as (
    select * from {{ source('current_templates', 'raci_assignments') }}
),

final as (
    select
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        lower({{ clean_answer('workflow_step') }}) as workflow_step,
        upper({{ clean_answer('raci_letter') }}) as raci_letter,
        {{ clean_answer('person') }} as person_name,
        {{ parse_boolean('is_active') }} as is_active,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from raci_assignments
)

select * from final
