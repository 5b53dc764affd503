-- What the data-driven model said before it heard lift tests, and what it says since.
select
    conversion_type,
    channel,
    lift_test_count,
    share_before_tests,
    share_before_tests_low,
    share_before_tests_high,
    share,
    share_low,
    share_high
from attribution.fct_attribution_intervals
where share_before_tests is not null
order by conversion_type, lift_test_count desc, channel
