-- A task belongs to the campaign whose work_project is the name of its project, or that goes by it, else to
-- that of the task above it, else to the one that the task above is called. Of several campaigns the one
-- valid on the task's date counts.
with api_tasks as (
    select * from {{ ref('stg_asana__tasks') }}
),

tasks_csv as (
    select * from {{ ref('stg_asana__tasks_csv') }}
),

task_relations as (
    select * from {{ ref('stg_asana__task_relations') }}
),

projects as (
    select * from {{ ref('stg_asana__projects') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
),

listed as (
    select
        task_id,
        {{ json_objects('projects') }} as project
    from api_tasks
),

placed as (
    select
        task_id,
        {{ json_objects('memberships') }} as membership
    from api_tasks
),

printed as (
    select
        task_id,
        {{ split_rows('project_names', ',') }} as project_name
    from tasks_csv
),

own as (
    select
        task_id,
        {{ json_text('project', '$.name') }} as project_name
    from listed
    union
    select
        task_id,
        {{ json_text('membership', '$.project.name') }} as project_name
    from placed
    union
    select
        task_id,
        project_name
    from printed
    union
    select
        task_relations.task_id,
        projects.project_name
    from task_relations
    inner join projects on task_relations.project_id = projects.project_id
    union
    select
        task_id,
        project_name
    from tasks
    where project_name is not null
    union
    select
        task_id,
        project_key as project_name
    from tasks
    where project_key is not null
),

-- A project CSV names the task above, in the same file.
parents as (
    select
        task_id,
        parent_task_id
    from tasks
    where parent_task_id is not null
    union
    select
        child.task_id,
        parent.task_id as parent_task_id
    from tasks_csv as child
    inner join tasks_csv as parent on child.file_id = parent.file_id and child.parent_task_name = parent.task_name
),

inherited as (
    select
        task_id,
        project_name,
        0 as distance
    from own
    union all
    select
        parents.task_id,
        own.project_name,
        1 as distance
    from parents
    inner join own on parents.parent_task_id = own.task_id
    union all
    -- An epic of a campaign is called like it.
    select
        task_id,
        parent_task_name as project_name,
        2 as distance
    from tasks
    where parent_task_name is not null
),

-- Tasks are many and names few: each name finds its campaigns once.
names as (
    select distinct project_name
    from inherited
),

found as (
    select
        names.project_name,
        campaigns.campaign_key,
        'project_name' as match_method,
        1 as match_rank,
        campaigns.valid_from_date,
        campaigns.valid_to_date
    from names
    inner join campaigns on lower(trim(names.project_name)) = lower(campaigns.work_project)
    union distinct
    select
        names.project_name,
        slugs.campaign_key,
        'slug' as match_method,
        case when slugs.is_own then 2 else 3 end as match_rank,
        slugs.valid_from_date,
        slugs.valid_to_date
    from names
    inner join slugs on {{ normalised_slug('names.project_name') }} = slugs.slug
    where slugs.is_registered
),

-- By its project's name a campaign is found before by its slug.
found_best as (
    select * from found
    qualify rank() over (partition by project_name, campaign_key order by match_rank) = 1
),

named as (
    select
        inherited.task_id,
        inherited.distance,
        found_best.campaign_key,
        found_best.match_method,
        found_best.match_rank,
        found_best.valid_from_date,
        found_best.valid_to_date
    from inherited
    inner join found_best on inherited.project_name = found_best.project_name
),

-- Nearly all tasks have one campaign to choose from: only the others are put in order.
counted as (
    select
        task_id,
        count(*) as name_count
    from named
    group by task_id
),

chosen as (
    select
        tasks.task_id,
        named.campaign_key,
        named.match_method
    from tasks
    inner join named on tasks.task_id = named.task_id
    inner join counted on tasks.task_id = counted.task_id and counted.name_count > 1
    qualify row_number() over (
        partition by tasks.task_id
        order by
            named.distance,
            named.match_rank,
            {{ campaign_distance(reporting_day('coalesce(tasks.due_at, tasks.created_at)'), 'named') }},
            named.campaign_key
    ) = 1
),

final as (
    select
        named.task_id,
        named.campaign_key,
        named.match_method
    from named
    inner join counted on named.task_id = counted.task_id and counted.name_count = 1
    inner join tasks on named.task_id = tasks.task_id
    union all
    select * from chosen
)

select * from final
