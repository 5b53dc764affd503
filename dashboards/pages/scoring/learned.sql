-- A model that learns, beside the rules, on the newest leads.
select distinct
    shown_score,
    rules_auc,
    learned_auc,
    training_leads,
    holdout_leads
from funnel.fct_lead_predictions
