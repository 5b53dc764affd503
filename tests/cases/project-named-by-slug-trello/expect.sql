-- source: boards that are called like the campaign's links
-- why: No campaign says that its work is on that board, but the board is called as one's slug: the task is its task, as an ad campaign of that name is its spend.
-- on: build
-- right: Autumn slug|slug
select campaign_name, match_method from intermediate.int_tasks_matched inner join intermediate.int_tasks_unioned using (task_id) inner join intermediate.int_campaigns_registered using (campaign_key) where task_name = 'tre-slugged';
