-- source: Jira's issue_multiselect_history by Fivetran, its changelog and its sprint field by the API
-- why: A sprint goes by its number: it is renamed, and the other board has one of the same name. Rolled over, an issue
-- has a row for each of its two sprints at one time; made in a sprint it has no change. Blocked over the border of two
-- sprints, it was blocked in two, not in the two of the other board as well.
-- on: release
-- right: jira board 771|Sprint 1|4|0|4|0
-- right: jira board 771|Sprint 2 renamed|6|4|2|0
-- right: jira board 772|Sprint 1|1|1|0|0
-- right: jira board 772|Sprint 2|1|0|1|0
select sprint_calendar, sprint_name, committed_count, delivered_count, rolled_count, added_count
from operations.fct_sprint_commitments where sprint_calendar like 'jira board 77%' order by sprint_calendar, starts_at;
-- on: release
-- right: 2|1|false
select sprint_count, unresolved_sprint_count, is_unresolved_at_sprint_end
from operations.fct_blockers where task_id = 'jira:77301';
-- on: release
-- right: 0
select count(*) from operations.fct_process_defects where sprint_calendar like 'jira%';
