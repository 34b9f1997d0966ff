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
ids_by_shard AS (
  SELECT shard, count(*) AS shard_rows,
    max(number) - shard * 50 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(campaign_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(campaign_id, '-', 2) AS BIGINT) / 50) AS shard
    FROM typed_marketing_campaigns
  ) AS numbered
  GROUP BY shard
),
spending AS (
  SELECT campaign_id, sum(cost) AS spent FROM typed_marketing_events GROUP BY campaign_id
),
types_of_marketing_campaigns AS (
  SELECT
    coalesce(min(CASE WHEN typeof(campaign_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__campaign_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(campaign_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__campaign_id__family,
    coalesce(min(CASE WHEN typeof(budget) = 'DECIMAL(12,2)' THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__budget__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(budget), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__budget__family
  FROM marketing_campaigns
),
types_of_marketing_events AS (
  SELECT
    coalesce(min(CASE WHEN typeof(campaign_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__campaign_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(campaign_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__campaign_id__family,
    coalesce(min(CASE WHEN typeof(cost) = 'DECIMAL(10,4)' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__cost__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(cost), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__cost__family
  FROM marketing_events
),
prepared AS (
  SELECT
    t.*,
    spending.spent AS spent,
    types_of_marketing_campaigns.marketing_campaigns__campaign_id__type AS marketing_campaigns__campaign_id__type,
    types_of_marketing_campaigns.marketing_campaigns__campaign_id__family AS marketing_campaigns__campaign_id__family,
    types_of_marketing_campaigns.marketing_campaigns__budget__type AS marketing_campaigns__budget__type,
    types_of_marketing_campaigns.marketing_campaigns__budget__family AS marketing_campaigns__budget__family,
    types_of_marketing_events.marketing_events__campaign_id__type AS marketing_events__campaign_id__type,
    types_of_marketing_events.marketing_events__campaign_id__family AS marketing_events__campaign_id__family,
    types_of_marketing_events.marketing_events__cost__type AS marketing_events__cost__type,
    types_of_marketing_events.marketing_events__cost__family AS marketing_events__cost__family
  FROM typed_marketing_campaigns AS t
  LEFT JOIN spending ON t.campaign_id = spending.campaign_id
  CROSS JOIN types_of_marketing_campaigns
  CROSS JOIN types_of_marketing_events
)
SELECT
  p.budget,
  p.campaign_id,
  p.spent,
  coalesce(p.spent <= p.budget, TRUE) AS budget__covers_spending,
  p.marketing_campaigns__campaign_id__type,
  p.marketing_campaigns__campaign_id__family,
  p.marketing_campaigns__budget__type,
  p.marketing_campaigns__budget__family,
  p.marketing_events__campaign_id__type,
  p.marketing_events__campaign_id__family,
  p.marketing_events__cost__type,
  p.marketing_events__cost__family
FROM prepared AS p
