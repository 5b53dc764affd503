with pulse_survey as (
    select * from {{ source('current_templates', 'pulse_survey') }}
),

final as (
    select
        {{ clean_answer('response_id') }} as response_id,
        lower({{ clean_answer('question') }}) as question,
        lower({{ clean_answer('team') }}) as team,
        {{ parse_integer('score', '_decimal_mark') }} as score,
        {{ clean_answer('comment') }} as comment_text,
        {{ parse_day('survey_date', '_date_order') }} as survey_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from pulse_survey
)

select * from final
