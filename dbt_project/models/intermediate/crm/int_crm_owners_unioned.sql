-- Who the numbers are by which exports name an owner.
select
    'hubspot' as crm_source,
    owner_id,
    owner_name
from {{ ref('stg_hubspot__owners') }}
where owner_id is not null and owner_name is not null
union all
select
    'salesforce' as crm_source,
    owner_id,
    owner_name
from {{ ref('stg_salesforce__users') }}
where owner_id is not null and owner_name is not null
