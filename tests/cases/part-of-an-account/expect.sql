-- why: Search terms are a part of an account, and their file states what all of it cost: 80.00 of 100.50, which a check says. Where the campaign report came, too, it counts, and nothing is missing.
-- on: build
-- right: whole_account|1|true
select expectation, failed, sample_keys like '%Search terms report.csv%80.00%100.50%USD%' from ops.quality_results where expectation = 'whole_account' order by as_of_at desc limit 1;

-- on: release
-- right: part-account|80.00
-- right: whole-account|70.00
select campaign_name, sum(undated_spend) from attribution.fct_ad_spend_periods where campaign_name in ('part-account', 'whole-account') group by 1 order by 1;
