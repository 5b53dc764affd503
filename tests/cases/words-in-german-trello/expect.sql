-- source: boards in other languages: 0 of 43 tasks matched and no word of it
-- why: A list whose name means nothing here is named with the row to add; so is a board that no campaign has, with its tasks.
-- on: build
-- right: true
select bool_and(contains(sample_keys, 'task,trello,blockiert,?,? | 1')) from ops.quality_results where expectation = 'every_status_is_defined';

-- on: build
-- right: true
select bool_and(contains(sample_keys, 'trello | Umzug | 2')) from ops.quality_results where expectation = 'every_project_has_its_campaign';
