{#- The columns tell one row from another: no two rows share them. None of them is NULL, but for
    those named as nullable, where NULL is a value like any other. -#}
{% test primary_key(model, columns, nullable=[]) %}
select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
