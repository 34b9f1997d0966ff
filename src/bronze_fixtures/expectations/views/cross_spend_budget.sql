-- What the suites bronze/cross_spend_budget and silver/cross_spend_budget run on.
-- It reads: marketing_campaigns, marketing_events. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_spend_budget --views --dialect postgres
WITH typed_marketing_campaigns AS (
  SELECT
    TRY_CAST(campaign_id AS VARCHAR) AS campaign_id,
    TRY_CAST(campaign_name AS VARCHAR) AS campaign_name,
    TRY_CAST(channel AS VARCHAR) AS channel,
    TRY_CAST(start_date AS DATE) AS start_date,
    TRY_CAST(end_date AS DATE) AS end_date,
    TRY_CAST(budget AS DECIMAL(12,2)) AS budget,
    TRY_CAST(target_audience AS VARCHAR) AS target_audience,
    TRY_CAST(objective AS VARCHAR) AS objective,
    TRY_CAST(status AS VARCHAR) AS status,
    TRY_CAST(owner AS VARCHAR) AS owner
  FROM marketing_campaigns
),
typed_marketing_events AS (
  SELECT
    TRY_CAST(event_id AS VARCHAR) AS event_id,
    TRY_CAST(campaign_id AS VARCHAR) AS campaign_id,
    TRY_CAST(event_date AS TIMESTAMP) AS event_date,
    TRY_CAST(event_type AS VARCHAR) AS event_type,
    TRY_CAST(user_id AS VARCHAR) AS user_id,
    TRY_CAST(cost AS DECIMAL(10,4)) AS cost,
    TRY_CAST(revenue AS DECIMAL(10,2)) AS revenue,
    TRY_CAST(device_type AS VARCHAR) AS device_type,
    TRY_CAST(browser AS VARCHAR) AS browser,
    TRY_CAST(location AS VARCHAR) AS location
  FROM marketing_events
),
spending AS (
  SELECT campaign_id, sum(cost) AS spent FROM typed_marketing_events GROUP BY campaign_id
),
prepared AS (
  SELECT
    t.*,
    spending.spent AS spent
  FROM typed_marketing_campaigns AS t
  LEFT JOIN spending ON t.campaign_id = spending.campaign_id
)
SELECT
  p.budget,
  p.campaign_id,
  p.spent,
  coalesce(p.spent <= p.budget, TRUE) AS budget__covers_spending
FROM prepared AS p
