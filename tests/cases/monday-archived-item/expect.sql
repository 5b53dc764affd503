-- source: monday's API, whose items_page holds archived items where it is asked for them; an approval with a title of its own
-- why: An item that was put away waits for nobody. A title that names the approval in other words is of its step.
-- on: release
-- right: mon-open
select task_name from operations.fct_blockers where task_name like 'mon-%' and is_open order by 1;

-- on: build
-- right: legal|pending
select approval_step, approval_status from intermediate.int_approvals_classified where approval_title = 'Legal sign-off: mon case';
