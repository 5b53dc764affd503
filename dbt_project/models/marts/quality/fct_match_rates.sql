-- What rests on whom: how much was joined, and by what.
with contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where is_excluded is false
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

sessions as (
    select * from {{ ref('int_sessions_identified') }}
),

email_clicks as (
    select * from {{ ref('int_email_clicks_resolved') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

judged as (
    select
        'contact to account' as match_kind,
        case
            when contact_accounts.account_key is null and contact_accounts.suspected_account_key is not null
                then 'company_name'
            else contact_accounts.account_match_method
        end as match_method,
        contact_accounts.account_key is not null as is_matched
    from contacts
    inner join contact_accounts on contacts.contact_key = contact_accounts.contact_key
    union all
    select
        'session to contact' as match_kind,
        link_reason as match_method,
        contact_key is not null as is_matched
    from sessions
    union all
    select
        'e-mail click to contact' as match_kind,
        case when contact_key is null then 'unmatched' else 'email_address' end as match_method,
        contact_key is not null as is_matched
    from email_clicks
    union all
    select
        'task to campaign' as match_kind,
        coalesce(tasks_matched.match_method, 'unmatched') as match_method,
        tasks_matched.task_id is not null as is_matched
    from tasks
    left join tasks_matched on tasks.task_id = tasks_matched.task_id
),

counted as (
    select
        match_kind,
        match_method,
        is_matched,
        cast(count(*) as bigint) as record_count
    from judged
    group by match_kind, match_method, is_matched
),

final as (
    select
        {{ surrogate_key(['match_kind', 'match_method']) }} as match_rate_id,
        match_kind,
        match_method,
        is_matched,
        record_count,
        {{ ratio('record_count', 'sum(record_count) over (partition by match_kind)') }} as record_share,
        {{ ratio(
            'sum(case when is_matched then record_count else 0 end) over (partition by match_kind)',
            'sum(record_count) over (partition by match_kind)'
        ) }} as match_rate
    from counted
)

select * from final
