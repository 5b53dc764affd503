-- source: a billing system's list of refunds and of invoices beside two CRMs that number their deals alike
-- why: A refund takes from the deal that it names, in the CRM that it says or in the only one that has its number. What names no won deal, or one of two, takes from nothing and is told, as is what does not fit its deal: more than it is worth, before the win, or taken from the CRM's amount as well. An invoice in parts is one won amount, in the month of the win.
-- on: build
-- right: -600.00|USD|hubspot 820002|won
-- right: -200.00|USD|hubspot 820004|won
-- right: -200.00|USD|hubspot 820004|won
-- right: -100.00|USD|hubspot 820001|won
-- right: -100.00|USD|hubspot 820001|won
-- right: -100.00|$|hubspot 820001|won
-- right: -50.00|USD|hubspot 820003|won
-- right: -21.00|USD|NULL|unknown
-- right: -19.00|USD|NULL|unknown
-- right: -17.00|USD|pipedrive 820077|won
-- right: -15.00|EUR|hubspot 820007|won
-- right: -13.00|USD|hubspot 820006|not_won
-- right: -11.00|USD|pipedrive 820005|won
-- right: -9.00|USD|NULL|ambiguous
select changes.amount_delta, changes.currency, deals.crm_source || ' ' || deals.crm_deal_id, changes.deal_named from intermediate.int_revenue_changes_priced as changes left join intermediate.int_crm_deals_unioned as deals using (opportunity_id) where deals.crm_deal_id like '8200%' or changes.amount_delta in (-21, -19, -9) order by 1, 2 desc;

-- on: build
-- right: warning|4|13
select distinct severity, failed, evaluated from ops.quality_results where expectation = 'every_refund_has_its_deal';

-- on: build
-- right: 820005 | ambiguous | -9.00 | USD
-- right: 820006 | not_won | -13.00 | USD
-- right: 829999 | unknown | -21.00 | USD
-- right:  | unknown | -19.00 | USD
select regexp_replace(key, ' [|] 2026-06-11 [|].*$', '') from (select distinct unnest(cast(sample_keys as json)::varchar[]) as key from ops.quality_results where expectation = 'every_refund_has_its_deal') order by left(key, 1) = ' ', 1;

-- on: build
-- right: warning|3|7
select distinct severity, failed, evaluated from ops.quality_results where expectation = 'every_refund_fits_its_deal';

-- on: build
-- right: hubspot 820002 | more than it is worth | 600.00 | 500.00 | USD
-- right: hubspot 820003 | before the win | 50.00 | 500.00 | USD
-- right: hubspot 820004 | taken twice | 200.00 | 800.00 | USD
select regexp_replace(key, ' [|] [^|]*$', '') from (select distinct unnest(cast(sample_keys as json)::varchar[]) as key from ops.quality_results where expectation = 'every_refund_fits_its_deal') order by 1;

-- on: release
-- right: crm_deal_id|(empty)|1
-- right: crm_source|820005|1
select column_name, unknown_name, line_count from quality.fct_unknown_names where template = 'invoices' order by 1;

-- on: release
-- right: EUR|no_rate|8200.07|fx_rates.csv: EUR,USD,2026-06-02,RATE
-- right: $|no_currency|8200.08|its currency as a code of three letters
select currency, reason, amount, settled_by from quality.fct_amounts_left_out where source = 'hubspot' and amount in (8200.07, 8200.08) order by 3;

-- on: build
-- right: deals|currency|1
-- right: refunds|currency|1
select distinct table_name, column_name, failed from ops.quality_results where expectation = 'is_currency' and table_schema in ('raw_hubspot', 'raw_templates') and table_name in ('deals', 'refunds') order by 1;
