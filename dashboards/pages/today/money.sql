-- Amounts that no figure has, and what settles each.
select
    amount,
    currency,
    reason,
    record_count,
    settled_by,
    concat_ws(' ', replace(record_type, '_', ' '), source, ad_account_id, file_path) as what
from quality.fct_amounts_left_out
order by record_type, source, reason, amount desc, ad_account_id, currency, file_path
