-- One row per figure, month and part that a release shows otherwise than the one before.
create or replace table {ledger} (
    restatement_id varchar,
    release_id varchar,
    previous_release_id varchar,
    figure varchar,
    unit varchar,
    -- When it happened. booking_month is the month of the release: a refund is reported in one or
    -- the other, never in both.
    period_month date,
    -- NULL in channel and attribution_model: the figure as a whole. platform is of spend.
    channel varchar,
    attribution_model varchar,
    platform varchar,
    -- 0 where a release has no such row; counts and cents are exact, credits have six places.
    old_value decimal(24, 6),
    new_value decimal(24, 6),
    delta decimal(24, 6),
    cause varchar,
    -- Records that speak for the cause.
    evidence_count bigint,
    -- In meta.files. NULL: several can have brought it, or none.
    file_id bigint,
    -- The month was open by the earlier clock, or its platform could still restate it.
    is_provisional boolean,
    is_material boolean,
    booking_month date,
    previous_as_of_at timestamp,
    as_of_at timestamp,
    -- When readers saw it, UTC.
    restated_at timestamp
);
