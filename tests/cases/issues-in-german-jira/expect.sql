-- source: Jira's CSV from an interface in German: its headers, its months
-- why: The interface's language names the columns and the months; a month in another language is no January.
-- on: build
-- right: DEU-1|2026-05-12 18:26:00|NULL
-- right: DEU-2|2026-03-05 19:26:00|2026-03-14 18:26:00
select issue_key, created_at, resolved_at from staging.stg_jira__issues_csv where issue_key like 'DEU-%' order by 1;
