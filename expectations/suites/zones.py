"""Where data contradict the zone that is assumed of a source.

An assumption lowers no confidence; that data do not fit it is a finding, and the check's action
names the setting.
"""

from __future__ import annotations

import duckdb

from expectations.checks import WARNING, Check, NoRows
from expectations.suites import is_built

FORMS = ("intermediate", "int_form_submissions_unioned")
CONTACTS = ("intermediate", "int_contacts_merged")
# No zones are further apart.
MOST_HOURS = 14
# So many leads of a CRM, and so large a share of them, must lie apart by the same quarter hours.
FEWEST_LEADS = 20
SHARE = 0.5

# Of each lead the form that is nearest; zones lie apart by quarter hours.
LEADS_APART = f"""
    with nearest as (
        select crm_source, contact_key,
            arg_min(minutes, (abs(minutes), minutes)) as minutes
        from (
            select contacts.crm_source, contacts.contact_key,
                date_diff('minute', forms.submitted_at, contacts.created_at) as minutes
            from {".".join(FORMS)} as forms
            inner join {".".join(CONTACTS)} as contacts on forms.contact_key = contacts.contact_key
            where not contacts.is_excluded
                and abs(date_diff('minute', forms.submitted_at, contacts.created_at))
                <= {MOST_HOURS * 60}
        )
        group by crm_source, contact_key
    ),

    counted as (
        select crm_source, cast(round(minutes / 15.0) * 15 as bigint) as minutes_apart,
            count(*) as leads, sum(count(*)) over (partition by crm_source) as all_leads
        from nearest group by crm_source, minutes_apart
    )

    select crm_source, minutes_apart, leads, all_leads from counted
    where minutes_apart <> 0 and leads >= {FEWEST_LEADS} and leads >= {SHARE} * all_leads
"""


def leads_against_forms(con: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """A CRM whose leads come whole quarter hours before or after their forms has another zone.

    Where the models before the marts are built elsewhere, as by Spark, nobody is asked.
    """
    if not (is_built(con, FORMS) and is_built(con, CONTACTS)):
        return ()
    return (
        NoRows(
            name="zone_fits_forms",
            column="first_seen_at",
            dimension="accuracy",
            severity=WARNING,
            owner="Sales operations",
            action="Say the CRM's zone in company.yml (sources: {hubspot: {time_zone: …}}, see"
            " `throughline init`): its leads are created hours before or after the forms that made"
            " them, so times without a zone are read in the wrong one.",
            query=LEADS_APART,
            evaluated="select count(distinct crm_source) from {batch}",
        ),
    )
