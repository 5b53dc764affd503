-- source: the kind of mautic/mautic#16263, Mailchimp, which tells neither user agent nor delivery
-- why: Four links within a second of the sending are a filter; the other person's click is a touch.
-- on: release
-- right: 1|1
select count(*), count(distinct contact_key) from attribution.fct_touches where campaign = 'filter-letter';
