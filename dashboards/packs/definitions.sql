-- What marketing and sales share and have not both signed in the version that holds (S4-49).
select
    definition_kind,
    label,
    meaning,
    version,
    last_signed_version,
    marketing_signed_on,
    sales_signed_on
from meta.fct_shared_definitions
where not is_signed_off
order by definition_kind, definition_name
