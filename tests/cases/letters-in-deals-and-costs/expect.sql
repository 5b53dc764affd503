-- why: As letters-in-money, in deals and in costs that somebody typed: a mark that is of one currency settles it, and the currency's own column goes before it (kr is of three).
-- on: release
-- right: 2411.25|BRL
-- right: 3422.75|PLN
-- right: 4433.50|SEK
select amount, currency from funnel.fct_opportunities where amount in (2411.25, 3422.75, 4433.50) order by 1;

-- on: build
-- right: 1200.50|CHF
-- right: 1250.25|EUR
select amount, currency from intermediate.int_offline_costs where cost_id like 'letters-%' order by 1;
